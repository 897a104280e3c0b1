// A text field that many people share. What somebody is typing is never touched: a change made elsewhere shows beside
// it, and what is typed is saved when the field is left, together with the version that the typing was based on.
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { FieldNotes } from "./field_notes.jsx";
import { isOffline, useUnsent } from "./unsent.jsx";

const UNTIL_DRAWN = 1500; // Milliseconds in which a field that is shown has what is newest.
const MOST_BYTES = 100_000; // More than any text that may be kept; the gate takes no larger message.

export function LiveField({
  value, version, unsaved, unsentName, connection, label, testId, placeholder, multiline, readOnly,
  fieldClass, noteClass, buttonClass, onSave, onGiveUp,
}) {
  const field = useRef(null);
  const base = useRef({ value, version });
  const sent = useRef(null);
  const drawnOn = useRef("");
  const latest = useRef(null);
  const uncertain = useRef(null); // A text that was on its way, and may have arrived.
  const [theirs, setTheirs] = useState(null);
  const [isTooLong, setTooLong] = useState(false);
  const [isOld, setOld] = useState(false); // Typed before this page was here.
  const isClash = Boolean(unsaved?.is_clash);

  const isDirty = () => field.current.value !== base.current.value;
  const isBusy = () => document.activeElement === field.current;

  const take = (text, textVersion) => {
    base.current = { value: text, version: textVersion };
    if (field.current.value !== text) field.current.value = text;
    sent.current = null;
    setTheirs(null);
    setOld(false);
    grow();
  };

  const grow = () => {
    if (!field.current) return;
    field.current.style.height = "auto";
    field.current.style.height = `${field.current.scrollHeight + 2}px`;
  };

  const save = () => {
    const text = field.current.value;
    if (readOnly || !isDirty() || sent.current === text) return;
    const tooLong = new TextEncoder().encode(text).length > MOST_BYTES;
    setTooLong(tooLong);
    if (tooLong) return;
    sent.current = text;
    onSave(text, base.current.version);
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

  // What comes to stand beside a field leaves it less room, and then it needs more lines.
  useEffect(() => {
    let width = field.current.clientWidth;
    const watch = new ResizeObserver(() => {
      if (field.current?.clientWidth === width) return;
      width = field.current?.clientWidth;
      requestAnimationFrame(grow);
    });
    watch.observe(field.current);
    return () => watch.disconnect();
  }, []);

  // A refused save leaves the text where it is, and leaving the field again tries again.
  useEffect(() => {
    if (unsaved) sent.current = null;
  }, [unsaved]);

  // What was sent on a connection that broke may not have arrived. If it did, the new drawing has it and nothing is dirty;
  // if somebody else was first meanwhile, the version tells.
  useEffect(() => {
    if (!connection || connection === drawnOn.current) return;
    drawnOn.current = connection;
    if (sent.current === null) return;
    sent.current = null;
    latest.current();
  }, [connection]);

  // Closing the dialog around a field is leaving it. (A layout effect, as the element is still there then.)
  useLayoutEffect(() => () => latest.current(), []);

  const unsent = (pageGoes) => {
    const text = field.current.value;
    if (!isDirty()) return uncertain.current;
    return { text, base: base.current, mayArrive: sent.current === text && !pageGoes && !isOffline() };
  };

  const bringBack = (before) => {
    const now = base.current;
    if (field.current.readOnly || before.text === now.value) return;
    base.current = before.base;
    field.current.value = before.text;
    if (before.base.value !== now.value) setTheirs(now.value);
    setOld(true);
    grow();
  };

  // Of a text that was on its way when its field went, a later version tells that it arrived, or was refused for that.
  useUnsent(unsentName, unsent, (before) => {
    if (!before.mayArrive) return bringBack(before);
    uncertain.current = before;
    setTimeout(() => {
      uncertain.current = null;
      const isUntouched = field.current && !isDirty() && !isBusy();
      if (isUntouched && base.current.version === before.base.version) bringBack(before);
    }, UNTIL_DRAWN);
  });

  const onBlur = () => {
    if (isClash) return; // The person is asked which text it shall be.
    if (isDirty()) save();
    else if (theirs !== null) take(value, version);
  };

  const onKeyDown = (event) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && (!multiline || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      field.current.blur();
    }
  };

  const settle = (text) => {
    field.current.value = text;
    base.current = { value: unsaved.theirs, version: unsaved.version };
    sent.current = null;
    setTheirs(null);
    grow();
    if (isDirty()) save();
    else onGiveUp();
  };

  const isShutOut = readOnly && field.current !== null && isDirty();

  const saveNow = () => {
    sent.current = null;
    save();
  };

  const giveUp = () => {
    take(value, version);
    if (unsaved) onGiveUp();
  };

  return (
    <div>
      <textarea
        ref={field}
        defaultValue={unsaved?.mine ?? value}
        className={fieldClass}
        aria-label={label}
        placeholder={placeholder}
        data-testid={testId}
        readOnly={readOnly}
        rows={multiline ? 3 : 1}
        onBlur={onBlur}
        onInput={grow}
        onKeyDown={onKeyDown}
      />
      <FieldNotes
        canKeepBoth={multiline}
        onSettle={(choose) => settle(choose(field.current.value, unsaved.theirs))}
        onSave={saveNow}
        onGiveUp={giveUp}
        {...{ isTooLong, isClash, isShutOut, isOld, unsaved, theirs, testId, noteClass, buttonClass }}
      />
    </div>
  );
}
