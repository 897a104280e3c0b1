// A text that is seen here and nowhere else: it comes over HTTP, and is no part of the page's state. `gone` is said when
// there is nothing to see.
import { useEffect, useState } from "react";

const asked = {}; // By address: it can be had once, and this may be drawn again while the page is open.

export function Fetched({ url, gone, label, testId, textClass, buttonClass }) {
  const [text, setText] = useState("");
  const [isThere, setIsThere] = useState(false);
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    let isGone = false;
    asked[url] ??= fetch(url, { cache: "no-store" }).then(async (answer) =>
      answer.status === 204 ? [false, gone] : [answer.ok, await answer.text()]);
    asked[url]
      .catch(() => [false, "This could not be loaded. Load the page again."])
      .then(([ok, words]) => {
        if (isGone) return;
        setText(words);
        setIsThere(ok);
      });
    return () => {
      isGone = true;
    };
  }, [url]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      setCopied(false); // Not allowed: the text can be selected.
    }
  };

  return (
    <div className="flex flex-col gap-2">
      <pre aria-label={label} data-testid={testId} className={textClass} tabIndex={0}>
        {text}
      </pre>
      {isThere && navigator.clipboard && (
        <button type="button" onClick={copy} className={buttonClass} aria-live="polite">
          {copied ? "Copied" : "Copy"}
        </button>
      )}
    </div>
  );
}
