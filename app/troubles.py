"""What a database does when it is busy, away or out of room, in a sentence; anything else is ours to mend."""

import contextlib
import logging
import time
from collections.abc import AsyncIterator

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.domain.errors import Busy, Full
from app.figures.declared import DATABASE_BUSY, memory

logger = logging.getLogger(__name__)

TRY_AGAIN = "That could not be saved just now. Please try again in a moment."
MET = "Somebody else did the same thing at this moment. Please try again."
NO_ROOM = "That could not be saved, as this Tandem's disk is full. Try again when whoever looks after it has made room."

PASSING = ("08", "40", "53", "55", "57")
"""Classes of PostgreSQL's codes for which waiting helps: connections, deadlocks, resources, locks, its operator."""
SIGNS = (
    *("locked", "connection", "timeout", "server closed"),
    *("disk i/o error", "unable to open", "readonly database"),  # The disk under a SQLite file: it may come back.
)
"""What drivers say without a code."""
FULL = ("53100", "SQLITE_FULL", "SQLITE_IOERR_SHMSIZE")
"""The disk has no room: in PostgreSQL's words and in SQLite's, of which the last is about what lies beside its file."""


@contextlib.asynccontextmanager
async def in_sentences() -> AsyncIterator[None]:
    """Busy or Full for what passes, or what somebody else can mend."""
    try:
        yield
    except IntegrityError as error:
        logger.warning("Two writers met: %s", type(error.orig).__name__)
        raise Busy(MET) from error
    except (PoolTimeout, DBAPIError) as error:
        if isinstance(error, DBAPIError):
            if is_full(error):
                memory.refuse()
                tell(f"its disk is full; make room on it: {_line(error)}")
                raise Full(NO_ROOM) from error
            if not is_passing(error):
                raise
        tell(_line(error))
        raise Busy(TRY_AGAIN) from error


def tell(reason: str) -> None:
    """Note it in the log, once a second: when a database is away, everything that anybody does finds out."""
    global _told_at
    DATABASE_BUSY.add()
    if time.monotonic() - _told_at > 1.0:
        _told_at = time.monotonic()
        logger.warning("Database busy or away: %s", reason)


_told_at = 0.0


def is_passing(error: DBAPIError) -> bool:
    """Whether waiting helps: a lock, a deadlock, a lost or refused connection, a disk that cannot be used."""
    state = getattr(error.orig, "sqlstate", None)
    if error.connection_invalidated or (state is not None and state[:2] in PASSING):
        return True
    words = str(error.orig).lower()
    return state is None and any(sign in words for sign in SIGNS)


def is_full(error: DBAPIError) -> bool:
    """Whether there was no room on the disk; then nothing was saved."""
    said = (getattr(error.orig, "sqlstate", None), getattr(error.orig, "sqlite_errorname", None))
    return any(code in FULL for code in said)


def _line(error: Exception) -> str:
    return str(error).splitlines()[0][:200]
