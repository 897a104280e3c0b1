// A text of a form that many people may change. What somebody is typing is never touched: what another makes of it
// meanwhile shows beside the field, and what its writer has seen goes along with the form.
import { useLayoutEffect, useRef, useState } from "react";

const sameWords = (one, other) => one.trim().split(/\s+/).join(" ") === other.trim().split(/\s+/).join(" ");

export function SharedText({ name, value: known, label, multiline, testId, fieldClass, noteClass, buttonClass }) {
  const isGone = known === undefined || known === null; // With what it is the name of.
  const value = known ?? "";
  const field = useRef(null);
  const [base, setBase] = useState(value); // What the typing is based on.

  const take = () => {
    field.current.value = value;
    setBase(value);
  };

  useLayoutEffect(() => {
    const typed = field.current.value;
    const isUntouched = typed === base || sameWords(typed, value); // Or what has just been saved.
    if (!isGone && value !== base && isUntouched) take();
  }, [value]);

  const takeTheirs = () => {
    take();
    field.current.focus();
  };

  const Field = multiline ? "textarea" : "input";
  return (
    <>
      <label className="flex flex-col gap-1.5">
        <span className="text-sm font-medium">{label}</span>
        <Field
          ref={field}
          name={name}
          defaultValue={value}
          required={!multiline}
          rows={multiline ? 3 : undefined}
          className={fieldClass}
          data-testid={testId}
        />
      </label>
      <input type="hidden" name="seen" value={value} readOnly />
      {isGone && <div className={noteClass} role="status">Somebody else has deleted this meanwhile.</div>}
      {!isGone && value !== base && (
        <div className={noteClass} role="status" data-testid={`${testId}-changed`}>
          <p>Changed by somebody else meanwhile. Saving puts yours in its place:</p>
          <blockquote>{value || "(empty)"}</blockquote>
          <button type="button" className={buttonClass} onClick={takeTheirs}>Use theirs</button>
        </div>
      )}
    </>
  );
}
