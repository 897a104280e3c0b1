// Says whether what you see is current: live, live but slow (the server's doorbells do not ring), catching up after a
// (re)connection, or offline, and since when.
import { useEffect, useState } from "react";

const socket = { state: "catching-up", since: null, session: "", before: "" };
const watchers = new Set();

// How long it takes from a change to the screen is told now and then, for those who run this Tandem. The two frames are
// waited for because in the first the browser has not painted yet. A page that nobody sees does not paint.
const PAINTED = 5_000;
const told = { by: null, arrived: 0, at: -PAINTED, revision: 0 };

// The socket may have connected before this file was loaded (rxconfig.py keeps it).
const listen = () => {
  const socket = window.__tandem_socket;
  if (!socket || told.by === socket) return;
  told.by = socket;
  told.arrived = 0;
  socket.onAny((name) => {
    if (name === "event") told.arrived = performance.now();
  });
};

const tellPainted = (revision) => {
  listen();
  const { arrived, by } = told;
  if (!revision || revision === told.revision || document.hidden) return;
  const isFirst = !told.revision; // The drawing with which a page begins is no change.
  told.revision = revision;
  if (isFirst || !arrived || arrived - told.at < PAINTED) return;
  told.at = arrived;
  const tell = () => by?.connected && by.emit("painted", revision, Math.floor(performance.now() - arrived));
  requestAnimationFrame(() => requestAnimationFrame(tell));
};

const change = (state) => {
  if (state === "offline" && socket.state !== "offline") socket.since = new Date();
  socket.state = state;
  watchers.forEach((watch) => watch({ ...socket }));
};

if (typeof window !== "undefined") {
  window.__reflex_otel = {
    ...window.__reflex_otel,
    onSocketConnect: () => {
      listen();
      socket.before = socket.session;
      change("catching-up");
    },
    onSocketDisconnect: () => change("offline"),
  };
  window.addEventListener("offline", () => change("offline"));
  window.addEventListener("online", () => {
    // At an address called localhost a socket outlives that: what it brought is on the screen, and nothing is drawn anew.
    if (window.__tandem_socket?.connected) change("catching-up");
    else document.dispatchEvent(new Event("visibilitychange")); // Reflex then reconnects at once.
  });
}

export function Connection({ session, isHydrated, hasErrors, worker, revision, isSlow, isWaiting, classes }) {
  const [shown, setShown] = useState({ ...socket });
  useEffect(() => {
    watchers.add(setShown);
    setShown({ ...socket });
    return () => watchers.delete(setShown);
  }, []);

  // Each connection has an id of its own, which comes with the start of its drawing; that ends with "hydrated".
  useEffect(() => {
    socket.session = session;
    if (isHydrated && session !== socket.before && socket.state === "catching-up") change("live");
  }, [session, isHydrated, shown]);
  useEffect(() => {
    if (hasErrors) change("offline");
  }, [hasErrors]);
  useEffect(() => tellPainted(revision), [revision]);

  const since = shown.since?.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const state = isWaiting && shown.state === "live" ? "catching-up" : shown.state;
  const look = isSlow && state === "live" ? "slow" : state;
  const words = {
    live: "Live",
    slow: "Live, with a delay",
    "catching-up": "Catching up",
    offline: `Offline since ${since}`,
  }[look];
  const hint = look === "slow" ? ": what others do takes up to two seconds to appear" : "";
  return (
    <span
      className={`${classes.base} ${classes[look]}`}
      data-testid="connection"
      data-state={state}
      data-delivery={isSlow ? "slow" : "quick"}
      data-worker={worker}
      role="status"
      title={`${words}${hint} (revision ${revision}, worker ${worker})`}
    >
      <span className={classes.dot} aria-hidden="true" />
      <span className={classes.words}>{words}</span>
    </span>
  );
}
