"""The commands that a worker is carrying out, so that it can stop without cutting one off."""

import asyncio
import contextlib
from collections.abc import Iterator

from app.domain.errors import Busy

RESTARTING = "Tandem is just being restarted, so this was not saved. Please try again in a few seconds."

_count = 0
_is_ending = False
_none = asyncio.Event()


@contextlib.contextmanager
def command() -> Iterator[None]:
    """Around a command; Busy when the worker is about to stop."""
    global _count
    if _is_ending:
        raise Busy(RESTARTING)
    _count += 1
    try:
        yield
    finally:
        _count -= 1
        if _is_ending and not _count:
            _none.set()


def count() -> int:
    """How many there are now."""
    return _count


async def end(patience: float) -> None:
    """Refuse every new command, and wait for those that run, `patience` seconds at most."""
    global _is_ending
    _is_ending = True
    if _count:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(_none.wait(), patience)
