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
Verdict = Literal["pass", "drop", "close", "painted"]
LATEST = 2**53
"""What a browser can count to."""


def judge(text: str | None) -> Verdict:
    """What to do with a frame: "pass" if it is a heartbeat, a connect, or an event that has a handler; "painted" if a
    tab tells that something is on the screen, which is for us, not for Reflex.

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
    if packet != "42/_event":
        return "close"
    match content:
        case ["event", event] if command.is_reachable(event):
            return "pass"
        case ["ping"]:
            return "pass"
        case ["painted", int(revision), int(took)] if 0 < revision < LATEST and 0 <= took < 60_000:
            return "painted"
        case ["event", {"name": str(name), **rest}] if name.endswith(".handle_frontend_exception"):
            return _noted(rest.get("payload"), "info")
        case ["client_error", report]:
            return _noted(report, "message")
    return "close"


def painted(text: str) -> tuple[int, float]:
    """What a tab has drawn, of a frame that was judged so: the revision, and how many seconds it took."""
    _, revision, took = json.loads(text.partition(",")[2])
    return int(revision), took / 1000


def _noted(report: object, key: str) -> Verdict:
    """A page tells of an error of its own: the beginning of what it says goes to the log, and no further."""
    complaints.note("A page reports an error", report.get(key) if isinstance(report, dict) else None)
    return "drop"
