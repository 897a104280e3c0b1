// What is typed somewhere on a page and was not sent, kept by this tab: through a reload, and while it shows other pages.
import { useLayoutEffect, useRef } from "react";

export const isOffline = () => document.querySelector('[data-testid="connection"]')?.dataset.state === "offline";

const read = (name) => {
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch {
    return null; // A browser that keeps nothing.
  }
};

const write = (name, what) => {
  try {
    if (what) sessionStorage.setItem(name, JSON.stringify(what));
    else sessionStorage.removeItem(name);
  } catch {
    return; // As above: it stays on the screen all the same.
  }
};

// `restore` is given what `now` returned when the part that uses this, or the whole page, went away. `now` is told
// whether it was the page: then nobody will hear what becomes of that which is on its way. null is nothing to keep.
export function useUnsent(name, now, restore) {
  const latest = useRef(now);
  latest.current = now;

  useLayoutEffect(() => {
    const before = read(name);
    if (before) restore(before);
    const keep = () => write(name, latest.current(true));
    addEventListener("pagehide", keep);
    document.addEventListener("visibilitychange", keep); // All that a phone says before it ends a page in the background.
    return () => {
      write(name, latest.current(false));
      removeEventListener("pagehide", keep);
      document.removeEventListener("visibilitychange", keep);
    };
  }, [name]);
}
