// Two texts for one field: the one of somebody who was first, and what can be done about it.
const ANSWERS = {
  "Keep mine": (mine) => mine,
  "Use theirs": (_, theirs) => theirs,
  "Keep both": (mine, theirs) => `${theirs}\n\n${mine}`,
};

export function Clash({ theirs, canKeepBoth, testId, noteClass, buttonClass, onSettle }) {
  const answers = Object.entries(ANSWERS).filter(([words]) => canKeepBoth || words !== "Keep both");
  return (
    <div className={noteClass} role="alert" data-testid={`${testId}-clash`}>
      <p>Somebody else changed this while you were typing. Theirs:</p>
      <blockquote>{theirs || "(empty)"}</blockquote>
      <div style={{ display: "flex", flexWrap: "wrap", gap: "0.5rem" }}>
        {answers.map(([words, choose]) => (
          <button key={words} type="button" className={buttonClass} onClick={() => onSettle(choose)}>{words}</button>
        ))}
      </div>
    </div>
  );
}
