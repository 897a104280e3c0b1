"""What goes on beside the requests of people: a failure is logged, and never ends anything but itself."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from app.domain.errors import Busy

logger = logging.getLogger(__name__)

_tasks: set[asyncio.Task[None]] = set()
"""The loop itself remembers tasks only weakly."""


def soon(work: Awaitable[None]) -> None:
    """Do this beside everything else."""
    task = asyncio.ensure_future(logged(work))
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


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
