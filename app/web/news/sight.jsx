// Tells the server which task is before somebody's eyes: open, in a tab that is on the screen. Again when there is
// more news, so that what comes while they look does not stay unread, and on every connection.
import { useEffect, useState } from "react";

const isOnScreen = () => typeof document !== "undefined" && document.visibilityState === "visible";

export function Sight({ taskId, session, unread, onSee, onLookAway }) {
  const [isVisible, setVisible] = useState(isOnScreen);
  useEffect(() => {
    const look = () => setVisible(isOnScreen());
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  const isSeen = isVisible && taskId > 0 && session !== "";
  useEffect(() => {
    if (isSeen) onSee(taskId);
  }, [isSeen, taskId, session, unread]);
  useEffect(() => {
    if (!isSeen) return undefined;
    return () => onLookAway();
  }, [isSeen, taskId, session]);
  return null;
}
