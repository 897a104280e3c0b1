// A text field that many people share. What somebody is typing is never touched: a change made elsewhere shows beside
// it, and what is typed is saved when the field is left, together with the version that the typing was based on.
import { useEffect, useLayoutEffect, useRef, useState } from "react";

export function LiveField({
  value, version, clash, name, label, testId, placeholder, multiline, readOnly,
  fieldClass, noteClass, buttonClass, onSave, onSettle,
}) {
  const field = useRef(null);
  const base = useRef({ value, version });
  const sent = useRef(null);
  const latest = useRef(null);
  const [theirs, setTheirs] = useState(null);
  const isClash = clash.field === name;

  const isDirty = () => field.current.value !== base.current.value;
  const isBusy = () => document.activeElement === field.current;

  const take = (text, textVersion) => {
    base.current = { value: text, version: textVersion };
    if (field.current.value !== text) field.current.value = text;
    sent.current = null;
    setTheirs(null);
    grow();
  };

  const grow = () => {
    if (!field.current) return;
    field.current.style.height = "auto";
    field.current.style.height = `${field.current.scrollHeight + 2}px`;
  };

  const save = () => {
    if (readOnly || !isDirty() || sent.current === field.current.value) return;
    sent.current = field.current.value;
    onSave(field.current.value, base.current.version);
  };
  latest.current = save;

  useLayoutEffect(() => {
    if (version === base.current.version && value === base.current.value) return grow();
    if (value === field.current.value) return take(value, version);
    const isMine = sent.current !== null && sent.current === field.current.value;
    if ((isMine || !isDirty()) && !isBusy()) return take(value, version);
    if (isMine) base.current = { value, version };
    else setTheirs(value);
  }, [value, version]);

  // A refused save leaves the text where it is, and leaving the field again tries again.
  useEffect(() => {
    if (isClash) sent.current = null;
  }, [isClash]);

  // Closing the dialog around a field is leaving it. (A layout effect, as the element is still there then.)
  useLayoutEffect(() => () => latest.current(), []);

  const onBlur = () => {
    if (isDirty()) save();
    else if (theirs !== null) take(value, version);
  };

  const onKeyDown = (event) => {
    if (event.nativeEvent.isComposing) return;
    const isDone = event.key === "Enter" && (!multiline || event.ctrlKey || event.metaKey);
    if (isDone || (event.key === "Escape" && isDirty())) {
      event.preventDefault();
      event.stopPropagation();
      field.current.blur();
    }
  };

  const settle = (text) => {
    field.current.value = text;
    base.current = { value: clash.theirs, version: clash.version };
    onSettle();
    setTheirs(null);
    grow();
    save();
  };

  return (
    <div>
      <textarea
        ref={field}
        defaultValue={value}
        className={fieldClass}
        aria-label={label}
        placeholder={placeholder}
        data-testid={testId}
        readOnly={readOnly}
        rows={multiline ? 5 : 1}
        onBlur={onBlur}
        onInput={grow}
        onKeyDown={onKeyDown}
      />
      {isClash && (
        <div className={noteClass} role="alert" data-testid={`${testId}-clash`}>
          <p>Somebody else changed this while you were typing. Theirs:</p>
          <blockquote>{clash.theirs || "(empty)"}</blockquote>
          <div style={{ display: "flex", flexWrap: "wrap", gap: "0.5rem" }}>
            <button type="button" className={buttonClass} onClick={() => settle(field.current.value)}>Keep mine</button>
            <button type="button" className={buttonClass} onClick={() => settle(clash.theirs)}>Use theirs</button>
            {multiline && (
              <button type="button" className={buttonClass} onClick={() => settle(`${clash.theirs}\n\n${field.current.value}`)}>
                Keep both
              </button>
            )}
          </div>
        </div>
      )}
      {!isClash && theirs !== null && (
        <div className={noteClass} role="status" data-testid={`${testId}-changed`}>
          <p>Changed by somebody else meanwhile:</p>
          <blockquote>{theirs || "(empty)"}</blockquote>
        </div>
      )}
    </div>
  );
}
