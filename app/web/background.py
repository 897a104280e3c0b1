"""What goes on beside the requests of people: a failure is logged, and never ends anything but itself."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from app.domain.errors import Busy

logger = logging.getLogger(__name__)

AGAIN = (1.0, 5.0, 20.0, 60.0, 300.0, 900.0)
"""Seconds before each further try of what somebody was told will happen."""

_tasks: set[asyncio.Task[None]] = set()
"""The loop itself remembers tasks only weakly."""


def soon(work: Awaitable[None]) -> None:
    """Do this beside everything else."""
    task = asyncio.ensure_future(logged(work))
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


async def insistently(work: Callable[[], Awaitable[None]]) -> None:
    """Do it, and again while the database is busy or full: for what somebody was told will happen."""
    for pause in AGAIN:
        try:
            return await work()
        except Busy:
            await asyncio.sleep(pause)
    return await work()


async def every(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    """Do it again and again, until cancelled."""
    while True:
        await asyncio.sleep(seconds)
        await logged(work())


async def logged(work: Awaitable[None]) -> None:
    try:
        await work
    except Busy:
        pass  # db.py has told the log; the safety query makes up for it.
    except Exception:  # Whatever it was, it is in the log, and must not end what else goes on.
        logger.exception("Something in the background stumbled; the rest goes on")
