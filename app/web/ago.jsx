// How long ago something was, in words that stay true while one looks; the exact time when pointed at.
import { useEffect, useState } from "react";

const STEPS = [["day", 86_400], ["hour", 3_600], ["minute", 60]];
const watchers = new Set();

if (typeof window !== "undefined") setInterval(() => watchers.forEach((watch) => watch((count) => count + 1)), 20_000);

const words = (moment) => {
  const seconds = (moment - Date.now()) / 1000;
  if (Math.abs(seconds) > 7 * 86_400) return moment.toLocaleDateString([], { dateStyle: "medium" });
  const step = STEPS.find(([, length]) => Math.abs(seconds) >= length);
  const format = new Intl.RelativeTimeFormat([], { numeric: "auto" });
  return step ? format.format(Math.trunc(seconds / step[1]), step[0]) : format.format(0, "second");
};

export function Ago({ at }) {
  const [, redraw] = useState(0);
  useEffect(() => {
    watchers.add(redraw);
    return () => watchers.delete(redraw);
  }, []);
  const moment = new Date(at);
  const exact = moment.toLocaleString([], { dateStyle: "medium", timeStyle: "medium" }); // As in dates.py.
  return <time dateTime={at} title={exact}>{words(moment)}</time>;
}
