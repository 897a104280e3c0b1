"""What happens by itself, at its time: one worker of all has the lease (domain/leases.py), and does it.

Every worker has a scheduler that looks every two seconds whether it is the one. When that worker dies another takes
over within BEAT + LAPSE seconds and what a beat takes, which is well below 30. For a moment there may be two that
believe to be the one; whatever must happen once is made sure by its own row.

A loop and a row are all that this needs. Libraries for it have the clock, and leave the lease to their users.
"""

import asyncio
import logging
import os
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.db import Database
from app.domain import invites, news, proofs, pruning, sending, trash
from app.domain.errors import Busy
from app.domain.leases import BEAT, Holding
from app.domain.models import now
from app.postman import Postman
from app.pusher import Pusher
from app.reminder import remind
from app.settings import Settings

logger = logging.getLogger(__name__)

LEASE = "scheduler"
LOOK = 0.5
"""Seconds between two looks for what is due to go out."""
LEFT_OVER = timedelta(seconds=1)
"""After which nobody else tells those who watch a task what happened to it."""
KEPT = timedelta(days=30)
"""For how long invitations and links in letters are kept that have run out, and what was thrown away."""
PAUSE = 0.1
"""Seconds between two rounds of forgetting."""
MINUTE, HOUR = 60.0, 3600.0


@dataclass(frozen=True)
class Job:
    """Something that is looked after every so many seconds."""

    name: str
    seconds: float
    work: Callable[[], Awaitable[None]]


class Scheduler:
    """`clock` says what time it is, `ticks` how much of it went by."""

    def __init__(
        self,
        db: Database,
        settings: Settings,
        clock: Callable[[], datetime] = now,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.id = f"{os.getpid()}-{uuid.uuid4().hex[:12]}"
        self._db, self._now = db, clock
        self._history = timedelta(days=settings.history_days)
        self.is_the_one = False
        self._lease, self._ticks, self._seen_at = Holding(LEASE, self.id, ticks), ticks, ticks()
        self._postman = Postman(db, settings, self.id, clock)
        self._pusher = Pusher(db, settings, self.id, clock)
        self.jobs = (
            Job("news", LOOK, self._tell_left_over),
            Job("e-mail", LOOK, self._postman.round),
            Job("pushes", LOOK, self._pusher.round),
            Job("reminders", MINUTE / 6, self._remind),
            Job("forgetting", HOUR, self._forget),
            Job("history", HOUR, self._prune),
        )

    async def run(self) -> None:
        """Everything, each at its own pace, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_every(BEAT, self.beat))
            for job in self.jobs:
                tasks.create_task(_every(job.seconds, lambda job=job: self._do(job)))

    @property
    def silence(self) -> float:
        """Seconds since any scheduler, of all workers, has given a sign of life that this one has seen."""
        return self._ticks() - max(self._seen_at, self._lease.seen_at)

    async def beat(self) -> None:
        was = self.is_the_one
        try:
            async with self._db.unrecorded() as session:
                self.is_the_one = await self._lease.beat(session)
            if self.is_the_one:
                self._seen_at = self._ticks()
        except BaseException:
            self.is_the_one = False
            self._lease.lose_sight()
            raise
        if was != self.is_the_one:
            logger.info("This worker %s the scheduler", "is now" if self.is_the_one else "is no longer")

    async def end(self, patience: float) -> None:
        """Begin nothing more, give what is under way so many seconds, and let another be the one at once."""
        await asyncio.gather(self._postman.stop(patience), self._pusher.stop(patience))
        if self.is_the_one:
            self.is_the_one = False
            async with self._db.unrecorded() as session:
                await self._lease.release(session)

    async def _do(self, job: Job) -> None:
        if self.is_the_one:
            await job.work()

    async def _tell_left_over(self) -> None:
        """What a worker did not come to: it was killed, or the database was busy."""
        async with self._db.glancing() as tx:
            left_over = await news.left_over(tx, self._now() - LEFT_OVER)
        await self._db.tell_watchers(left_over)

    async def _remind(self) -> None:
        await remind(self._db, self._now())

    async def _forget(self) -> None:
        """What is over for so long that nobody asks for it any more."""
        async with self._db.unrecorded() as session:
            await sending.prune(session, self._now())
            await invites.purge(session, self._now() - KEPT)
            await proofs.purge(session, self._now() - KEPT)
        is_more = True
        while is_more:
            async with self._db.unrecorded() as session:
                is_more = await trash.forget(session, self._now() - KEPT)

    async def _prune(self) -> None:
        """History that is too old, a little at a time, so that nobody's command has to wait for it."""
        if not self._history:
            return
        before, place = self._now() - self._history, 0
        while True:
            async with self._db.unrecorded() as session:
                place = await pruning.prune_changes(session, before, place)
            if place == 0 or not self.is_the_one:
                return
            await asyncio.sleep(PAUSE)


async def _every(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    """Again and again: what fails is in the log, and tried again at its next time."""
    while True:
        try:
            await work()
        except Busy:
            pass  # troubles.py has told the log.
        except Exception:  # One job that fails must not end the others.
            logger.exception("A job stumbled; it is done again")
        await asyncio.sleep(seconds)
