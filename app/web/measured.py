"""Around a command: it is counted by what became of it, timed, and named in what the log says meanwhile."""

import contextlib
import logging
import secrets
import time
from collections.abc import Iterator

from app import log
from app.domain.errors import Busy, Conflict, Invalid, NotAllowed, NotFound
from app.figures.declared import COMMAND_SECONDS, COMMANDS
from app.web import rate
from app.web.session import NotSignedIn

logger = logging.getLogger(__name__)

OUTCOMES: dict[type[Exception], str] = {
    NotSignedIn: "signed-out",
    NotFound: "not-found",
    NotAllowed: "not-allowed",
    Invalid: "invalid",
    Conflict: "conflict",
    Busy: "busy",
}


@contextlib.contextmanager
def measured(name: str) -> Iterator[None]:
    """`name` is that of the handler."""
    log.about(command=secrets.token_hex(4), handler=name)
    started, outcome = time.perf_counter(), "done"
    try:
        yield
    except BaseException as error:
        outcome = _outcome(error)
        raise
    finally:
        took = time.perf_counter() - started
        COMMANDS.add(outcome)
        COMMAND_SECONDS.observe(took)
        logger.debug("%s after %.1f ms", outcome, took * 1000)


def _outcome(error: BaseException) -> str:
    if isinstance(error, Busy) and error.sentence == rate.TOO_FAST:
        return "too-fast"
    return next((outcome for kind, outcome in OUTCOMES.items() if isinstance(error, kind)), "failed")
