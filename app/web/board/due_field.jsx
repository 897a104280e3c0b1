// A day that is saved once it is one. Whoever types a year passes by the years 2, 20 and 202, and whoever changes a day by
// keyboard by days that are none: until the field is left these are not sent, and nothing is put back meanwhile.
import { useEffect, useRef, useState } from "react";

const LAST = "2199-12-31"; // Which also keeps a year from having more than four digits.

export function DueField({ value, disabled, testId, fieldClass, noteClass, onSave }) {
  const field = useRef(null);
  const sent = useRef(value);
  const [isPart, setPart] = useState(false);

  useEffect(() => {
    const isTyped = document.activeElement === field.current && field.current.value !== sent.current;
    if (isTyped) return;
    sent.current = value;
    if (field.current.value !== value) field.current.value = value;
    setPart(false);
  }, [value]);

  const save = () => {
    const day = field.current.value;
    if (day === sent.current) return;
    sent.current = day;
    onSave(day);
  };

  const onInput = () => {
    const day = field.current.value;
    setPart(false);
    if (day ? day >= "1000" : !field.current.validity.badInput) save();
  };

  const onBlur = () => {
    setPart(field.current.validity.badInput);
    if (!field.current.validity.badInput) save();
  };

  return (
    <>
      <input
        ref={field}
        type="date"
        max={LAST}
        defaultValue={value}
        disabled={disabled}
        className={fieldClass}
        data-testid={testId}
        onInput={onInput}
        onBlur={onBlur}
      />
      {isPart && <span role="alert" className={noteClass}>This is not a whole day, and so it is not saved yet.</span>}
    </>
  );
}
