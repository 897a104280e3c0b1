// A button that says that its work is on the way: from the click until a refusal, or another connection, or another page.
import { useState } from "react";

export function WorkingButton({ words, wordsAtWork, connection, refusals, testId, className, onClick }) {
  const state = `${connection} ${refusals}`;
  const [clickedIn, setClickedIn] = useState(null);
  const isAtWork = clickedIn === state;

  const click = () => {
    if (isAtWork) return; // Not disabled, which would take the focus away.
    setClickedIn(state);
    onClick();
  };

  return (
    <button
      type="button"
      onClick={click}
      aria-disabled={isAtWork}
      aria-busy={isAtWork}
      data-testid={testId}
      className={className}
    >
      {isAtWork ? wordsAtWork : words}
    </button>
  );
}
