"""The log: one line of JSON a record, also when there is a traceback, so that nobody's words can begin a line."""

import json
import logging
import sys
from datetime import UTC, datetime

LONGEST = 2_000
"""Characters of a message, and of the end of a traceback, which says what failed."""
OWN_HANDLERS = ("gunicorn.error", "uvicorn.error", "socketio.server", "engineio.server")
"""Loggers that bring a way to print of their own."""


class OneLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "pid": record.process,
            "message": record.getMessage()[:LONGEST],
        }
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)[-LONGEST:]
        return json.dumps(told)


def begin() -> None:
    """From here on this process, and those that it forks, write so."""
    ours = logging.StreamHandler(sys.stderr)
    ours.setFormatter(OneLine())
    logging.getLogger().handlers = [ours]
    for name in OWN_HANDLERS:
        for handler in logging.getLogger(name).handlers:
            handler.setFormatter(OneLine())
