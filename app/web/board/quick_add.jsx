// The input at the foot of a lane. Enter adds and stays for the next; several pasted lines are offered as a task each.
import { useEffect, useRef, useState } from "react";

export function QuickAdd({ laneId, label, testId, refused, onAdd, inputClass, offerClass, buttonClass }) {
  const input = useRef(null);
  const seen = useRef(refused.number);
  const [pasted, setPasted] = useState(null);

  // A refused addition comes back into the input, unless the next one is being typed already.
  useEffect(() => {
    if (refused.number === seen.current) return;
    seen.current = refused.number;
    const { lane_id, titles } = refused.arguments;
    if (refused.command === "add_tasks" && lane_id === laneId && !input.current.value) {
      if (titles.length > 1) setPasted(titles);
      else input.current.value = titles[0];
    }
  }, [refused, laneId]);

  const add = (titles) => {
    onAdd(titles);
    setPasted(null);
    input.current.value = "";
    input.current.focus();
  };

  const onKeyDown = (event) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (pasted) add(pasted);
      else if (input.current.value.trim()) add([input.current.value]);
    } else if (event.key === "Escape") {
      if (pasted) setPasted(null);
      else input.current.blur();
    }
  };

  const onPaste = (event) => {
    const lines = event.clipboardData.getData("text").split(/\r?\n/);
    const titles = lines.map((line) => line.trim()).filter(Boolean);
    if (titles.length > 1) {
      event.preventDefault();
      const before = input.current.value.trim();
      setPasted(before ? [`${before} ${titles[0]}`, ...titles.slice(1)] : titles);
    }
  };

  return (
    <div>
      {pasted && (
        <div className={offerClass} role="group" aria-label="Pasted lines">
          <button type="button" className={buttonClass} onClick={() => add(pasted)} data-testid={`add-lines-${laneId}`}>
            Add {pasted.length} tasks, one a line
          </button>
          <button type="button" className={buttonClass} onClick={() => add([pasted.join(" ")])}>
            Add one task
          </button>
          <button type="button" className={buttonClass} onClick={() => setPasted(null)}>
            Cancel
          </button>
        </div>
      )}
      <input
        ref={input}
        className={inputClass}
        aria-label={label}
        placeholder="Add a task"
        data-testid={testId}
        autoComplete="off"
        enterKeyHint="done"
        onKeyDown={onKeyDown}
        onPaste={onPaste}
      />
    </div>
  );
}
