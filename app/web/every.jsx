// Does something every so many seconds, as long as somebody looks at the page, and once when they look again.
import { useEffect, useRef } from "react";

export function Every({ seconds, onBeat }) {
  const newest = useRef(onBeat);
  newest.current = onBeat;
  useEffect(() => {
    const beat = () => document.hidden || newest.current?.();
    const timer = setInterval(beat, seconds * 1000);
    document.addEventListener("visibilitychange", beat);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", beat);
    };
  }, [seconds]);
  return null;
}
