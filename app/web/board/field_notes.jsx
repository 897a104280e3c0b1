// What is said beside a text field that many people share, and what can be done about it.
const ANSWERS = {
  "Keep mine": (mine) => mine,
  "Use theirs": (_, theirs) => theirs,
  "Keep both": (mine, theirs) => `${theirs}\n\n${mine}`,
};

export function FieldNotes({
  isTooLong, isClash, isShutOut, isOld, unsaved, theirs, canKeepBoth, testId, noteClass, buttonClass,
  onSettle, onSave, onGiveUp,
}) {
  const note = (name, role, words) => (
    <div className={noteClass} role={role} data-testid={`${testId}-${name}`}>{words}</div>
  );
  const button = (words, onClick) => (
    <button key={words} type="button" className={buttonClass} onClick={onClick}>{words}</button>
  );
  const answers = Object.entries(ANSWERS).filter(([words]) => canKeepBoth || words !== "Keep both");
  return (
    <>
      {isTooLong && note("too-long", "alert", <p>This is too long to be saved. Shorten it, then leave the field again.</p>)}
      {isClash && note("clash", "alert", <>
        <p>Somebody else changed this while you were typing. Theirs:</p>
        <blockquote>{unsaved.theirs || "(empty)"}</blockquote>
        <div className="flex flex-wrap gap-2">
          {answers.map(([words, choose]) => button(words, () => onSettle(choose)))}
        </div>
      </>)}
      {isShutOut && note("shut-out", "status",
        <p>You can no longer change this. What you typed is not saved; it stays here for the time when you can.</p>)}
      {(unsaved || isOld) && !isClash && !isShutOut && note("unsaved", "status", <>
        <p>
          {unsaved
            ? "Your text is not saved yet."
            : "You typed this before, and it is not saved yet. It will be when you close the task."}
        </p>
        <div className="flex flex-wrap gap-2">
          {button("Save it now", onSave)}
          {button("Discard it", onGiveUp)}
        </div>
      </>)}
      {!isClash && theirs !== null && note("changed", "status", <>
        <p>Changed by somebody else meanwhile:</p>
        <blockquote>{theirs || "(empty)"}</blockquote>
      </>)}
    </>
  );
}
