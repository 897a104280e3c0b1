// Shows what is found on the way between this browser and Tandem (self_test_looks.jsx), to be sent to an admin.
import { useEffect, useRef, useState } from "react";
import { look } from "./self_test_looks.jsx";

const report = (lines) =>
  [
    `Tandem's self-test at ${window.location.origin}, ${new Date().toISOString()}`,
    ...lines.map(({ title, outcome, words }) => `${{ right: "ok", wrong: "WRONG", unsure: "?" }[outcome]}: ${title}. ${words.replace(/\s+/g, " ")}`),
    navigator.userAgent,
  ].join("\n");

export function SelfTest({ classes }) {
  const [lines, setLines] = useState([]);
  const [isDone, setDone] = useState(false);
  const [copied, setCopied] = useState(false);
  const field = useRef(null);

  const run = async () => {
    setDone(false);
    setCopied(false);
    setLines([]);
    await look(setLines);
    setDone(true);
  };
  useEffect(() => {
    run();
  }, []);
  const copy = async () => {
    field.current.select();
    try {
      if (navigator.clipboard) await navigator.clipboard.writeText(field.current.value);
      else if (!document.execCommand("copy")) return;
      setCopied(true);
    } catch {
      setCopied(false); // Not allowed: the text is selected, ready for the keyboard.
    }
  };
  const faults = lines.filter(({ outcome }) => outcome === "wrong").length;
  const verdict = !isDone ? "Looking …" : !faults ? "All is well." : faults === 1 ? "One thing is wrong." : `${faults} things are wrong.`;

  return (
    <>
      <p role="status" data-testid="verdict" data-done={isDone} data-faults={faults} className={classes.verdict}>
        {verdict}
      </p>
      <ol className={classes.list}>
        {lines.map(({ title, outcome, words }) => (
          <li key={title} data-outcome={outcome} className={classes.line}>
            <span aria-hidden="true" className={classes[outcome]}>
              {{ right: "✓", wrong: "✕", unsure: "?" }[outcome]}
            </span>
            <div className={classes.words}>
              <p className={classes.title}>
                {title}
                <span className={classes.spoken}>{{ right: ": yes", wrong: ": no", unsure: ": perhaps not" }[outcome]}</span>
              </p>
              <p className={classes.hint}>{words}</p>
            </div>
          </li>
        ))}
      </ol>
      {isDone && (
        <>
          <textarea
            ref={field}
            readOnly
            rows={6}
            value={report(lines)}
            aria-label="What was found, to send to an admin"
            data-testid="report"
            className={classes.report}
          />
          <div className={classes.buttons}>
            <button type="button" onClick={copy} className={classes.primary} aria-live="polite" data-testid="copy-report">
              {copied ? "Copied" : "Copy for an admin"}
            </button>
            <button type="button" onClick={run} className={classes.plain} data-testid="look-again">
              Look again
            </button>
          </div>
        </>
      )}
    </>
  );
}
