// What stands under a comment that is being written or edited: what is to be said about it, and what can be done with it.
export function Hints({ strangers, note, testId, classes }) {
  return (
    <>
      {strangers.length > 0 && (
        <p role="status" className={classes.hint} data-testid={`${testId}-strangers`}>
          {`Nobody who can see this board is called ${strangers.map((name) => `“${name}”`).join(" or ")}, so nobody is told.`}
        </p>
      )}
      {note && <p role="status" className={classes.hint}>{note}</p>}
    </>
  );
}

export function Foot({ whyNot, isEdit, classes, onDiscard, onCancel, onSend }) {
  if (whyNot) return (
    <div className={classes.foot}>
      <p role="status" className={classes.hint}>{whyNot} Your text is kept here.</p>
      <button type="button" className={classes.plain} onClick={onDiscard}>Discard it</button>
    </div>
  );
  return (
    <div className={classes.foot}>
      <span className={classes.hint}>Markdown works. Ctrl + Enter {isEdit ? "saves" : "sends"}.</span>
      {isEdit && <button type="button" className={classes.plain} onClick={onCancel}>Cancel</button>}
      <button type="button" className={classes.button} onClick={onSend} data-testid={isEdit ? "save-comment" : "send-comment"}>
        {isEdit ? "Save" : "Comment"}
      </button>
    </div>
  );
}
