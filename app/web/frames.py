"""What may come in over a socket: the frames of a page of ours, and no others."""

import json
from typing import Literal

from app.web import command, complaints

LONGEST = 128 * 1024
"""Bytes of one frame from a browser: a text of 20,000 characters can have 80,000 bytes."""
HEARTBEATS = ("2", "3", "1", "41", "41/_event,")
"""Engine.IO's ping, pong and close, Socket.IO's goodbye."""
GREETING = "40/_event,"
"""How a tab begins to speak."""
Verdict = Literal["pass", "drop", "close"]


def judge(text: str | None) -> Verdict:
    """What to do with a frame: "pass" if it is a heartbeat, a connect, or an event that has a handler.

    A page that tells of an error of its own is noted in the log, and no more; anything else closes the connection.
    """
    if text is None or len(text) > LONGEST or len(text.encode("utf-8", "surrogatepass")) > LONGEST:
        return "close"
    if text in HEARTBEATS:
        return "pass"
    packet, _, body = text.partition(",")
    try:
        content = json.loads(body) if body else None
    except (ValueError, RecursionError):
        return "close"
    if packet == "40/_event":
        boot = content.get("event") if isinstance(content, dict) else None
        return "pass" if boot is None or command.is_reachable(boot) else "close"
    if packet != "42/_event" or not isinstance(content, list) or not 1 <= len(content) <= 2:
        return "close"
    if content[0] == "event" and len(content) == 2:
        if command.is_reachable(content[1]):
            return "pass"
        return "drop" if _is_report(content[1]) else "close"
    return "pass" if content[0] in ("ping", "client_error") else "close"


def _is_report(event: object) -> bool:
    """Whether a page tells of an error of its own; the beginning of what it says goes to the log."""
    if not isinstance(event, dict) or not str(event.get("name", "")).endswith(".handle_frontend_exception"):
        return False
    payload = event.get("payload")
    complaints.note("A page reports an error", payload.get("info") if isinstance(payload, dict) else None)
    return True
