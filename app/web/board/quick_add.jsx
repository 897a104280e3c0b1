// The input at the foot of a lane. Enter adds and stays for the next. Lines that are not added wait above it, apart from
// what is being typed: several that were pasted, to become a task each, and whatever was refused. Enter in the empty
// input adds them all.
import { useEffect, useRef, useState } from "react";
import { newKey } from "./drafts.jsx";
import { isOffline, useUnsent } from "./unsent.jsx";
import { MOST_LINES, Waiting } from "./waiting.jsx";

const MOST_SHOWN = 500; // Tasks of a lane that adding one may bring onto the screen.
const MOST_BYTES = 100_000; // The gate takes no larger message.
const size = (titles) => new TextEncoder().encode(titles.join("")).length;

export function QuickAdd({
  laneId, count, shown, connection, label, testId, unsentName, refused, receipt, onAdd, onShowAll,
  inputClass, offerClass, linesClass, lineClass, buttonClass,
}) {
  const input = useRef(null);
  const seen = useRef(refused.number);
  const hasAdded = useRef(false);
  const sent = useRef([]); // Additions without an answer yet: each a key, by which the server knows it, and titles.
  const typed = useRef(""); // What stood in the input before lines were pasted into it, and is in the first of them.
  const drawnOn = useRef("");
  const [lines, setLines] = useState([]);
  const [arePasted, setArePasted] = useState(false); // All of them: then Escape gives them up, as nothing is lost by it.
  const [note, setNote] = useState("");

  const answered = ({ command, arguments: { key } }) => {
    if (command === "add_tasks") sent.current = sent.current.filter((addition) => addition.key !== key);
  };

  const wait = (titles, pasted = false) => {
    setLines((before) => [...before, ...titles]);
    setArePasted(pasted && (arePasted || !lines.length));
  };

  useEffect(() => {
    if (refused.number === seen.current) return;
    seen.current = refused.number;
    const { lane_id, titles } = refused.arguments;
    answered(refused);
    if (refused.command === "add_tasks" && lane_id === laneId) wait(titles);
  }, [refused, laneId]);

  // What was sent on a connection that broke may not have arrived: it is sent again, and added once.
  useEffect(() => {
    if (!connection || connection === drawnOn.current) return;
    drawnOn.current = connection;
    setNote("");
    sent.current.forEach(({ titles, key }) => onAdd(titles, key));
  }, [connection]);

  useEffect(() => answered(receipt), [receipt]);

  const unsent = (pageGoes) => {
    const onTheWay = pageGoes || isOffline() ? sent.current : [];
    const text = input.current.value;
    return text || lines.length || onTheWay.length ? { text, lines, arePasted, onTheWay } : null;
  };

  useUnsent(unsentName, unsent, (before) => {
    input.current.value ||= before.text;
    setLines(before.lines);
    setArePasted(before.arePasted);
    sent.current = before.onTheWay; // They go once the connection is there.
  });

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

  const keepTyped = () => {
    if (input.current.value.trim()) wait([input.current.value]);
    input.current.value = "";
  };

  const add = (titles, remove) => {
    if (isOffline()) {
      keepTyped();
      return setNote("You are offline. It stays here: add it when you are back.");
    }
    if (size(titles) > MOST_BYTES) return setNote("This is too much at once. Add it in smaller parts.");
    hasAdded.current = true;
    const key = newKey();
    sent.current.push({ titles, key });
    onAdd(titles, key);
    setNote("");
    remove();
    input.current.focus();
  };

  const addTyped = () => add([input.current.value], () => (input.current.value = ""));
  const keep = (rest) => {
    typed.current = "";
    setLines(rest);
  };
  const addTogether = () => add([lines.join(" ")], () => keep([]));
  const addLines = () => add(lines.slice(0, MOST_LINES), () => keep(lines.slice(MOST_LINES)));
  const giveUp = () => {
    input.current.value ||= typed.current;
    input.current.focus();
    keep([]);
  };

  // Into the input with this one; what is being typed there takes its place.
  const edit = (place) => {
    const now = input.current.value.trim();
    input.current.value = lines[place];
    input.current.focus();
    keep(lines.flatMap((line, at) => (at !== place ? [line] : now ? [now] : [])));
    if (now) setArePasted(false);
  };

  const onKeyDown = (event) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (input.current.value.trim()) addTyped();
      else if (lines.length) addLines();
    } else if (event.key === "Escape") {
      if (lines.length && arePasted) giveUp();
      else input.current.blur();
    }
  };

  const onPaste = (event) => {
    const pasted = event.clipboardData.getData("text").split(/\r?\n/);
    const titles = pasted.map((line) => line.trim()).filter(Boolean);
    if (titles.length > 1) {
      event.preventDefault();
      typed.current = input.current.value;
      input.current.value = "";
      wait([`${typed.current} ${titles[0]}`.trim(), ...titles.slice(1)], true);
    }
  };

  return (
    <div>
      {lines.length > 0 && (
        <Waiting
          lines={lines}
          arePasted={arePasted}
          testId={laneId}
          onEdit={edit}
          onAdd={addLines}
          onAddTogether={addTogether}
          onGiveUp={giveUp}
          {...{ offerClass, linesClass, lineClass, buttonClass }}
        />
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
