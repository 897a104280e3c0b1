// A button that copies an address of this program.
import { useEffect, useState } from "react";

export function CopyLink({ path, label, testId, className }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    const link = new URL(path, window.location.origin).href;
    try {
      // Browsers have a clipboard on https and localhost only; elsewhere the person copies it from a question.
      if (navigator.clipboard) await navigator.clipboard.writeText(link);
      else window.prompt(label, link);
      setCopied(true);
    } catch {
      window.prompt(label, link); // Not allowed.
    }
  };

  return (
    <button type="button" onClick={copy} title={label} aria-label={label} data-testid={testId} className={className}>
      <span aria-live="polite">{copied ? "Copied" : "Link"}</span>
    </button>
  );
}
