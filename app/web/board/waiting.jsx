// Lines at the foot of a lane that are not added yet, each to be edited by a click; what can be done with all of them.
export const MOST_LINES = 200; // As limits.TASKS_AT_ONCE has it.

const wordsFor = (count) =>
  count > MOST_LINES ? `Add the first ${MOST_LINES} of ${count} tasks, one a line`
    : count > 1 ? `Add ${count} tasks, one a line` : "Add this task";

export function Waiting({
  lines, arePasted, testId, onEdit, onAdd, onAddTogether, onGiveUp, offerClass, linesClass, lineClass, buttonClass,
}) {
  return (
    <div className={offerClass} role="group" aria-label="Not added yet" data-testid={`waiting-${testId}`}>
      <p className="px-2 text-xs text-muted">Not added yet</p>
      <ul className={linesClass}>
        {lines.map((title, place) => (
          <li key={place}>
            <button
              type="button"
              className={lineClass}
              aria-label={`Edit ${title}`}
              title={title}
              onClick={() => onEdit(place)}
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
        onClick={onAdd}
        data-testid={`add-lines-${testId}`}
      >
        {wordsFor(lines.length)}
      </button>
      {arePasted && lines.length > 1 && (
        <button type="button" className={buttonClass} onClick={onAddTogether}>
          Add one task
        </button>
      )}
      <button type="button" className={buttonClass} onClick={onGiveUp}>
        {arePasted ? "Cancel" : "Discard"}
      </button>
    </div>
  );
}
