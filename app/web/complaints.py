"""Lines in the log that strangers can cause: short, one line each, and so few that they hide nothing else."""

import logging

from app.web.bucket import Bucket

logger = logging.getLogger(__name__)

A_MINUTE = 30
"""Lines a minute that a worker writes; what is more is counted."""
LONGEST = 300
"""Characters of what a stranger said."""

OTHERS = ("uvicorn.error", "reflex.app")
"""Who else writes a line whenever a stranger sends what cannot be read, or leaves in the middle of something."""

_room = Bucket(A_MINUTE, A_MINUTE / 60)
_left_out = 0


def note(sentence: str, said: object = "") -> None:
    """Write down what was refused, and the beginning of what somebody said, in quotes."""
    global _left_out
    if not _room.take():
        _left_out += 1
        return
    words = f": {str(said)[:LONGEST]!a}" if said else ""
    more = f" ({_left_out} more like this were left out)" if _left_out else ""
    _left_out = 0
    logger.warning("%s%s%s", sentence, words, more)


class Sparing(logging.Filter):
    """Lets a warning through as long as there is room; a failure always."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno > logging.WARNING or _room.take()


def begin() -> None:
    """Have the warnings of others counted too."""
    for name in OTHERS:
        logging.getLogger(name).addFilter(Sparing())
