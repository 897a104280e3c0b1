// Says whether what you see is current: live, catching up after a (re)connection, or offline, and since when.
import { useEffect, useState } from "react";

const socket = { state: "catching-up", since: null, isConnected: false, sawReset: false };
const watchers = new Set();

const change = (state) => {
  if (state === "offline" && socket.state !== "offline") socket.since = new Date();
  socket.state = state;
  watchers.forEach((watch) => watch({ ...socket }));
};

if (typeof window !== "undefined") {
  window.__reflex_otel = {
    ...window.__reflex_otel,
    onSocketConnect: () => {
      socket.sawReset = false;
      socket.isConnected = true;
      change("catching-up");
    },
    onSocketDisconnect: () => {
      socket.isConnected = false;
      change("offline");
    },
  };
  window.addEventListener("offline", () => change("offline"));
  window.addEventListener("online", () => socket.isConnected && change("live"));
}

export function Connection({ isHydrated, hasErrors, worker, revision, classes }) {
  const [shown, setShown] = useState({ ...socket });
  useEffect(() => {
    watchers.add(setShown);
    return () => watchers.delete(setShown);
  }, []);

  // A connection starts by resetting the page to "not hydrated"; when that ends, everything has been drawn again.
  useEffect(() => {
    if (!isHydrated) socket.sawReset = true;
    else if (socket.sawReset && socket.state === "catching-up") change("live");
  }, [isHydrated, shown]);
  useEffect(() => {
    if (hasErrors) change("offline");
  }, [hasErrors]);

  const since = shown.since?.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const words = { live: "Live", "catching-up": "Catching up", offline: `Offline since ${since}` }[shown.state];
  return (
    <span
      className={`${classes.base} ${classes[shown.state]}`}
      data-testid="connection"
      data-state={shown.state}
      data-worker={worker}
      role="status"
      title={`${words} (revision ${revision}, worker ${worker})`}
    >
      <span className={classes.dot} aria-hidden="true" />
      <span className={classes.words}>{words}</span>
    </span>
  );
}
