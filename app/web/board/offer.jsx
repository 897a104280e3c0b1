// People who may be meant by the @ before the caret, offered to be chosen by arrows and Enter, or with the pointer.
import { useState } from "react";
import { NOBODY, completed } from "./mentions.jsx";

export const useOffer = (field, known, take) => {
  const [offer, setOffer] = useState(NOBODY);
  const { people, chosen, from } = offer;
  const close = () => setOffer(NOBODY);
  const look = () => setOffer(completed(field.current.value, field.current.selectionStart, known));
  const pick = (person) => {
    close();
    take(person, from);
  };

  const onKeyDown = (event) => {
    const count = people.length;
    if (!count) return;
    if (["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      setOffer({ ...offer, chosen: (chosen + (event.key === "ArrowDown" ? 1 : count - 1)) % count });
    } else if (["Enter", "Tab"].includes(event.key)) {
      event.preventDefault();
      pick(people[chosen]);
    } else if (event.key === "Escape") {
      close();
    }
  };

  return { people, chosen, isOpen: people.length > 0, look, close, pick, onKeyDown };
};

export function Offered({ people, chosen, pick, id, classes }) {
  return (
    <ul
      ref={(offered) => offered?.scrollIntoView({ block: "nearest" })} // What Enter chooses is in sight.
      id={id}
      role="listbox"
      aria-label="People"
      className={classes.list}
      data-testid={id}
    >
      {people.map((person, place) => (
        <li
          key={person.id}
          id={`${id}-${place}`}
          role="option"
          aria-selected={place === chosen}
          className={`${classes.option} ${place === chosen ? classes.chosen : ""}`}
          data-testid={`mention-${person.id}`}
          onPointerDown={(event) => { event.preventDefault(); pick(person); }}
        >
          {person.name}
        </li>
      ))}
    </ul>
  );
}
