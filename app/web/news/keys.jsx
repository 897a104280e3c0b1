// The keys of an inbox: j and k go down and up, e is done, u marks as read or unread; Enter opens, as everywhere.
import { useEffect } from "react";

const EDITABLE = "input, textarea, select, [contenteditable], [role=menu]";

export function Keys() {
  useEffect(() => {
    const press = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(EDITABLE)) return;
      const inbox = [...document.querySelectorAll("[data-inbox]")].pop(); // The panel stands over the page.
      const rows = [...(inbox?.querySelectorAll("[data-news]") ?? [])];
      const place = rows.findIndex((row) => row.contains(document.activeElement));
      const go = (to) => rows[to]?.querySelector("[data-open]").focus();
      const press = (what) => rows[place]?.querySelector(what)?.click();
      const keys = {
        j: () => go(Math.min(place + 1, rows.length - 1)),
        k: () => go(Math.max(place - 1, 0)),
        e: () => {
          press("[data-done]");
          go(place + 1 < rows.length ? place + 1 : place - 1);
        },
        u: () => press("[data-toggle]"),
      };
      if (!rows.length || !keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
  return null;
}

// Tells when it is there and when it is not any more; anew on every connection, as the server forgets with each.
export function Looking({ session, onLook }) {
  useEffect(() => {
    if (!session) return undefined;
    onLook(true);
    return () => onLook(false);
  }, [session]);
  return null;
}
