"""The log: one line of JSON a record, also when there is a traceback, so that nobody's words can begin a line.

On a terminal the same stands there for people to read. A record says which request or command it belongs to, and whose
that is, by ids alone.

Of what failed it tells the kind, the place and the first line, in which only names are quoted: what follows, and what
stands in longer quotes, are often somebody's words (a database tells the row that it did not take).
"""

import json
import logging
import re
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

LONGEST = 2_000
"""Characters of a message, and of the end of a traceback."""
OWN_HANDLERS = ("gunicorn.error", "uvicorn.error", "socketio.server", "engineio.server")
"""Loggers that bring a way to print of their own."""
LEFT = "Attempting to send delta to disconnected client"
"""What Reflex warns of when a tab has left while its handler was at work: nothing is wrong then."""
HEAD = "Traceback (most recent call last):"
LEVELS = ("debug", "info", "warning", "error")
_about: ContextVar[dict[str, str | int]] = ContextVar("about", default={})  # noqa: B039 - replaced, never changed
_QUOTED = re.compile(r"""(["'])(?!\w{1,63}\1).*?(\1|$)""")


def about(**ids: str | int) -> None:
    """From here on, in this task and in those that it begins, each record says that it belongs to these."""
    _about.set(_about.get() | ids)


class OneLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(_record(record))


class ForPeople(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        told = _record(record)
        at, level, source, pid, message = (str(told.pop(key)) for key in ("at", "level", "from", "pid", "message"))
        trace = str(told.pop("trace", ""))
        ids = " ".join(f"{key}={value}" for key, value in told.items())
        # What cannot be printed is spelled out, so that nobody's words begin a line or move the cursor.
        line = f"{at[11:23]} {level:7} {pid} {source}: {message}" + (f" [{ids}]" if ids else "")
        return _printable(line) + "".join(f"\n    {_printable(part)}" for part in trace.splitlines())


def _record(record: logging.LogRecord) -> dict[str, str | int]:
    message, error = record.getMessage(), record.exc_info and record.exc_info[1]
    told: dict[str, str | int] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "from": record.name,
        "pid": record.process or 0,
        "message": (message.partition("\n")[0] if error else message)[:LONGEST],
        **_about.get(),
    }
    if error:
        trace = "\n".join(_told(error))
        told["trace"] = trace if len(trace) <= LONGEST else f"{HEAD}\n{trace[-LONGEST:]}"
    return told


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


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


def begin(level: str = "info") -> None:
    """From here on this process, and those that it forks, write so. Of libraries only what they warn of."""
    ours = logging.StreamHandler(sys.stdout)
    ours.setFormatter(ForPeople() if sys.stdout.isatty() else OneLine())
    logging.getLogger().handlers = [ours]
    logging.getLogger("app").setLevel(level.upper())
    logging.getLogger("reflex.app").addFilter(lambda record: LEFT not in record.getMessage())
    for name in OWN_HANDLERS:
        logging.getLogger(name).handlers = [ours]
        logging.getLogger(name).propagate = False
