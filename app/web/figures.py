"""A worker's figures: what it notes about itself, shares with the others, and knows of all of them."""

import asyncio
import os
import time
from pathlib import Path

from redis.asyncio import Redis
from redis.asyncio.cluster import RedisCluster

from app.bus import Bus
from app.domain.drawings import outgoing
from app.domain.errors import Busy
from app.figures import declared, history, shared
from app.figures.declared import key, memory
from app.figures.history import History
from app.figures.shared import Shared, View
from app.web import health, running
from app.web.background import every
from app.web.live import Live

BEAT = 1.0
"""Seconds between two signs of life."""
HEALTH = 10.0
"""Seconds between two looks at all parts for the log."""
PAGE = os.sysconf("SC_PAGE_SIZE")


class Figures:
    def __init__(self, redis: Redis | RedisCluster | None, bus: Bus, live: Live) -> None:
        self._bus, self._live = bus, live
        self._shared = Shared(redis, lambda: bus.is_up, live.tabs.people, live.boards)
        self.history = History(redis, lambda: bus.is_up, self.look)

    async def run(self) -> None:
        """Everything that goes on in the background, until cancelled."""
        memory.beat()
        declared.STARTED.set(time.time())
        declared.MEMORY_AT_START.set(_resident())
        await self.history.begin()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(every(BEAT, self._beat))
            tasks.create_task(every(shared.EVERY, self._share))
            tasks.create_task(every(history.EVERY, self.history.sample))
            tasks.create_task(every(HEALTH, self._look_around))

    async def look(self) -> View:
        """All that all workers have counted, as it is now."""
        self._note()
        return await self._shared.look()

    async def as_a_whole(self, view: View) -> dict[str, float]:
        """The figures that no worker counts, by series."""
        found: dict[str, float] = {
            declared.PEOPLE.name: len(view.people),
            declared.WORKERS.name: len(view.workers),
            declared.INSTANCES.name: len({worker.instance for worker in view.workers}),
            declared.WHOLE.name: float(view.is_whole),
        }
        found |= {key(declared.PART_UP.name, part.name): part.is_well for part in await health.current().parts()}
        try:
            async with self._live.db.reading() as tx:
                waiting, given_up = await outgoing.counts(tx)
        except Busy:
            return found  # A figure that cannot be had is left out.
        return found | {key(declared.OUTBOX.name, "waiting"): waiting, key(declared.OUTBOX.name, "given-up"): given_up}

    async def _beat(self) -> None:
        memory.beat()

    async def _share(self) -> None:
        self._note()
        await self._shared.share()

    async def _look_around(self) -> None:
        await health.current().parts()

    def _note(self) -> None:
        """What nobody counts as it happens."""
        declared.MEMORY.set(_resident())
        declared.TABS.set(self._live.tabs.count)
        declared.ROOMS.set(self._live.room_count)
        declared.RUNNING.set(running.count())
        declared.WAITING_TO_READ.set(self._live.db.waiting)
        declared.BUS_UP.set(float(self._bus.is_up))


def _resident() -> int:
    """Bytes of memory that this process has; 0 where the system does not tell."""
    told = Path("/proc/self/statm")
    return int(told.read_text().split()[1]) * PAGE if told.exists() else 0


_figures: Figures | None = None


def begin(figures: Figures) -> None:
    """Make them those of this worker."""
    global _figures
    _figures = figures


def current() -> Figures:
    """Those of this worker."""
    assert _figures is not None, "The worker has not started."
    return _figures
