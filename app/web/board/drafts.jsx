// What is typed and not sent yet, kept in this browser and shown in all its tabs. A draft has a key, by which the server
// knows a text that it gets twice.
import { useEffect, useRef } from "react";

export const newKey = () => "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
  (+digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (+digit / 4)))).toString(16));

const read = (written) => {
  try {
    return JSON.parse(written());
  } catch {
    return null; // Nothing that we can read, or a browser that keeps nothing.
  }
};

export const drafts = {
  get: (name) => read(() => localStorage.getItem(name)),
  set: (name, draft) => {
    try {
      if (draft?.text) localStorage.setItem(name, JSON.stringify(draft));
      else localStorage.removeItem(name);
    } catch {
      return; // A browser that keeps nothing: the text stays on the screen all the same.
    }
  },
};

// Calls `take` with the draft, or null, that another tab has written, unless the field has something else than the draft
// before, or than `start()` if there was none. What is taken is not written again: the other tab may be ahead of it.
export function useDraftElsewhere(name, field, start, take) {
  const latest = useRef({});
  latest.current = { start, take };
  useEffect(() => {
    const listen = ({ key, oldValue, newValue }) => {
      if (key !== name || field.current.value !== (read(() => oldValue)?.text ?? latest.current.start())) return;
      latest.current.take(read(() => newValue));
    };
    addEventListener("storage", listen);
    return () => removeEventListener("storage", listen);
  }, [name]);
}
