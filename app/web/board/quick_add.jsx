// The input at the foot of a lane. Enter adds and stays for the next; several pasted lines are offered as a task each.
import { useEffect, useRef, useState } from "react";

const MOST_LINES = 200; // As limits.TASKS_AT_ONCE has it.
const MOST_SHOWN = 500; // Tasks of a lane that adding one may bring onto the screen.
const MOST_BYTES = 100_000; // The gate takes no larger message.
const size = (titles) => new TextEncoder().encode(titles.join("")).length;

export function QuickAdd({
  laneId, count, shown, connection, label, testId, refused, receipt, onAdd, onShowAll, inputClass, offerClass, buttonClass,
}) {
  const input = useRef(null);
  const seen = useRef(refused.number);
  const hasAdded = useRef(false);
  const sent = useRef([]); // Additions without an answer yet.
  const typed = useRef(""); // What stood in the input before lines were pasted into it, and is in the first of them.
  const drawnOn = useRef("");
  const [pasted, setPasted] = useState(null);
  const [note, setNote] = useState("");

  const answered = ({ command, arguments: { lane_id, titles } }) => {
    if (command !== "add_tasks" || lane_id !== laneId) return;
    const place = sent.current.findIndex((addition) => size(addition) === size(titles) && addition[0] === titles[0]);
    if (place >= 0) sent.current.splice(place, 1);
  };

  // What was not added comes back: into the input, or above it when the next one is being typed there already.
  const giveBack = (titles) => {
    if (input.current.value || titles.length > 1) setPasted((before) => [...(before ?? []), ...titles]);
    else input.current.value = titles[0];
  };

  useEffect(() => {
    if (refused.number === seen.current) return;
    seen.current = refused.number;
    const { lane_id, titles } = refused.arguments;
    answered(refused);
    if (refused.command === "add_tasks" && lane_id === laneId) giveBack(titles);
  }, [refused, laneId]);

  // What was sent on a connection that broke may not have arrived: it comes back, for the person to look.
  useEffect(() => {
    if (!connection || connection === drawnOn.current) return;
    drawnOn.current = connection;
    if (!sent.current.length) return;
    const titles = sent.current.flat();
    sent.current = [];
    giveBack(titles);
    setNote("The connection broke while this was being added. Add it again if it is not in the lane.");
  }, [connection]);

  useEffect(() => answered(receipt), [receipt]);

  // What I add goes to the end of the lane: show it, and what stands before it, if that is not too much.
  useEffect(() => {
    if (!hasAdded.current) return;
    if (count > shown && count <= MOST_SHOWN) {
      onShowAll(); // Comes back here once they are shown.
      return;
    }
    hasAdded.current = false;
    const list = input.current.closest("section").querySelector("[data-list]");
    list.scrollTop = list.scrollHeight;
  }, [count, shown]);

  const add = (titles, remove) => {
    const isOffline = document.querySelector('[data-testid="connection"]')?.dataset.state === "offline";
    if (isOffline) return setNote("You are offline. It stays here: add it when you are back.");
    if (size(titles) > MOST_BYTES) return setNote("This is too much at once. Add it in smaller parts.");
    hasAdded.current = true;
    sent.current.push(titles);
    onAdd(titles);
    setNote("");
    remove();
    input.current.focus();
  };

  const addTyped = () => add([input.current.value], () => (input.current.value = ""));
  const keep = (rest) => {
    typed.current = "";
    setPasted(rest.length ? rest : null);
  };
  const addTogether = () => add([pasted.join(" ")], () => keep([]));
  const addPasted = () => add(pasted.slice(0, MOST_LINES), () => keep(pasted.slice(MOST_LINES)));
  const cancel = () => {
    input.current.value ||= typed.current;
    keep([]);
  };

  const onKeyDown = (event) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (input.current.value.trim()) addTyped();
      else if (pasted) addPasted();
    } else if (event.key === "Escape") {
      if (pasted) cancel();
      else input.current.blur();
    }
  };

  const onPaste = (event) => {
    const lines = event.clipboardData.getData("text").split(/\r?\n/);
    const titles = lines.map((line) => line.trim()).filter(Boolean);
    if (titles.length > 1) {
      event.preventDefault();
      typed.current = input.current.value;
      input.current.value = "";
      giveBack([`${typed.current} ${titles[0]}`.trim(), ...titles.slice(1)]);
    }
  };

  return (
    <div>
      {pasted && (
        <div className={offerClass} role="group" aria-label="Not added yet">
          <button type="button" className={buttonClass} onClick={addPasted} data-testid={`add-lines-${laneId}`}>
            {pasted.length > MOST_LINES
              ? `Add the first ${MOST_LINES} of ${pasted.length} tasks, one a line`
              : `Add ${pasted.length} ${pasted.length === 1 ? "task" : "tasks"}, one a line`}
          </button>
          <button type="button" className={buttonClass} onClick={addTogether}>
            Add one task
          </button>
          <button type="button" className={buttonClass} onClick={cancel}>
            Cancel
          </button>
        </div>
      )}
      {note && (
        <p role="alert" className={offerClass}>
          {note}
        </p>
      )}
      <input
        ref={input}
        className={inputClass}
        aria-label={label}
        placeholder="Add a task"
        data-testid={testId}
        autoComplete="off"
        enterKeyHint="done"
        onInput={() => note && setNote("")}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
      />
    </div>
  );
}
