// The input at the foot of a lane. Enter adds and stays for the next. Lines that are not added wait above it, apart from
// what is being typed: several that were pasted, to become a task each, and whatever was refused. Enter in the empty
// input adds them all.
import { useEffect, useRef, useState } from "react";
import { isOffline, useUnsent } from "./unsent.jsx";

const MOST_LINES = 200; // As limits.TASKS_AT_ONCE has it.
const MOST_SHOWN = 500; // Tasks of a lane that adding one may bring onto the screen.
const MOST_BYTES = 100_000; // The gate takes no larger message.
const size = (titles) => new TextEncoder().encode(titles.join("")).length;
const wordsFor = (count) =>
  count > MOST_LINES ? `Add the first ${MOST_LINES} of ${count} tasks, one a line`
    : count > 1 ? `Add ${count} tasks, one a line` : "Add this task";

export function QuickAdd({
  laneId, count, shown, connection, label, testId, unsentName, refused, receipt, onAdd, onShowAll,
  inputClass, offerClass, linesClass, lineClass, buttonClass,
}) {
  const input = useRef(null);
  const seen = useRef(refused.number);
  const hasAdded = useRef(false);
  const sent = useRef([]); // Additions without an answer yet.
  const typed = useRef(""); // What stood in the input before lines were pasted into it, and is in the first of them.
  const drawnOn = useRef("");
  const [lines, setLines] = useState([]);
  const [arePasted, setArePasted] = useState(false); // All of them: then Escape gives them up, as nothing is lost by it.
  const [note, setNote] = useState("");

  const answered = ({ command, arguments: { lane_id, titles } }) => {
    if (command !== "add_tasks" || lane_id !== laneId) return;
    const place = sent.current.findIndex((addition) => size(addition) === size(titles) && addition[0] === titles[0]);
    if (place >= 0) sent.current.splice(place, 1);
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

  // What was sent on a connection that broke may not have arrived: it comes back, for the person to look.
  useEffect(() => {
    if (!connection || connection === drawnOn.current) return;
    drawnOn.current = connection;
    if (!sent.current.length) return;
    const titles = sent.current.flat();
    sent.current = [];
    wait(titles);
    setNote("The connection broke while this was being added. Add it again if it is not in the lane.");
  }, [connection]);

  useEffect(() => answered(receipt), [receipt]);

  const unsent = (pageGoes) => {
    const onTheWay = pageGoes || isOffline() ? sent.current.flat() : [];
    const text = input.current.value;
    return text || lines.length || onTheWay.length ? { text, lines, arePasted, onTheWay } : null;
  };

  useUnsent(unsentName, unsent, (before) => {
    input.current.value ||= before.text;
    setLines([...before.lines, ...before.onTheWay]);
    setArePasted(before.arePasted && !before.onTheWay.length);
    if (before.onTheWay.length) setNote("You left while this was being added. Add it again if it is not in the lane.");
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

  const add = (titles, remove) => {
    if (isOffline()) return setNote("You are offline. It stays here: add it when you are back.");
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
        <div className={offerClass} role="group" aria-label="Not added yet" data-testid={`waiting-${laneId}`}>
          <p className="px-2 text-xs text-muted">Not added yet</p>
          <ul className={linesClass}>
            {lines.map((title, place) => (
              <li key={place}>
                <button
                  type="button"
                  className={lineClass}
                  aria-label={`Edit ${title}`}
                  title={title}
                  onClick={() => edit(place)}
                >
                  {title}
                </button>
              </li>
            ))}
          </ul>
          <button
            type="button"
            className={buttonClass}
            title="Enter in the empty field does this, too"
            onClick={addLines}
            data-testid={`add-lines-${laneId}`}
          >
            {wordsFor(lines.length)}
          </button>
          {arePasted && lines.length > 1 && (
            <button type="button" className={buttonClass} onClick={addTogether}>
              Add one task
            </button>
          )}
          <button type="button" className={buttonClass} onClick={giveUp}>
            {arePasted ? "Cancel" : "Discard"}
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
