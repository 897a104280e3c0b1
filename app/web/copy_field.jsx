// A text to take along, and a button that copies it. (Reflex's own set_clipboard evaluates script, which we forbid.)
import { useRef, useState } from "react";

export function CopyField({ value, label, testId, fieldClass, buttonClass }) {
  const field = useRef(null);
  const [copied, setCopied] = useState("");

  const copy = async () => {
    field.current.select();
    try {
      // Browsers have a clipboard on https and localhost only; elsewhere the selection is copied the old way.
      if (navigator.clipboard) await navigator.clipboard.writeText(value);
      else if (!document.execCommand("copy")) return;
      setCopied(value);
    } catch {
      setCopied(""); // Not allowed: the text is selected, ready for the keyboard.
    }
  };

  return (
    <div className="flex gap-2">
      <input ref={field} readOnly value={value} aria-label={label} data-testid={testId} className={fieldClass} />
      <button type="button" onClick={copy} className={buttonClass} aria-live="polite">
        {copied === value ? "Copied" : "Copy"}
      </button>
    </div>
  );
}
