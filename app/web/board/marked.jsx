// Brings what an address points at into view, once it is there.
import { useEffect, useRef } from "react";

export function Marked({ name }) {
  const spot = useRef(null);
  useEffect(() => {
    spot.current.parentElement.scrollIntoView({ block: "center" });
  }, [name]);
  return <span ref={spot} hidden data-testid="marked" />;
}
