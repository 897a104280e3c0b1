"""The log: one line of JSON a record, also when there is a traceback, so that nobody's words can begin a line.

Of what failed it tells the kind, the place and the first line, in which only names are quoted: what follows, and what
stands in longer quotes, are often somebody's words (a database tells the row that it did not take).
"""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime

LONGEST = 2_000
"""Characters of a message, and of the end of a traceback."""
OWN_HANDLERS = ("gunicorn.error", "uvicorn.error", "socketio.server", "engineio.server")
"""Loggers that bring a way to print of their own."""
HEAD = "Traceback (most recent call last):"
_QUOTED = re.compile(r"""(["'])(?!\w{1,63}\1).*?(\1|$)""")


class OneLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        message, error = record.getMessage(), record.exc_info and record.exc_info[1]
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "pid": record.process,
            "message": (message.partition("\n")[0] if error else message)[:LONGEST],
        }
        if error:
            trace = "\n".join(_told(error))
            told["trace"] = trace if len(trace) <= LONGEST else f"{HEAD}\n{trace[-LONGEST:]}"
        return json.dumps(told)


def _told(error: BaseException) -> list[str]:
    """What failed and where, after what that came from."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    first = str(error).partition("\n")[0]
    place = [frame.rstrip() for frame in traceback.format_tb(error.__traceback__)]
    return [
        *([*_told(before), "During handling of this, another exception occurred:"] if before else []),
        HEAD,
        *place,
        f"{type(error).__name__}: {_QUOTED.sub('…', first)}",
    ]


def begin() -> None:
    """From here on this process, and those that it forks, write so."""
    ours = logging.StreamHandler(sys.stderr)
    ours.setFormatter(OneLine())
    logging.getLogger().handlers = [ours]
    for name in OWN_HANDLERS:
        for handler in logging.getLogger(name).handlers:
            handler.setFormatter(OneLine())
