"""Who is writing a comment, as those are told who have its task open. It is kept for seconds, and in no database."""

import asyncio
import time

from app.bus import Bus
from app.presence import Here, Presence
from app.web import deltas
from app.web.background import soon
from app.web.nearby import RING
from app.web.wire import Wire

LIFE = 3.0
"""Seconds from the last sign of writing until it is over."""


class Writing:
    """A place is the name of a task's room; `worker` makes the tabs of this worker unlike those of all others."""

    def __init__(self, wire: Wire, bus: Bus, people: Presence, worker: str) -> None:
        self._wire, self._bus, self._presence, self._worker = wire, bus, people, worker
        self._shown: dict[str, list[int]] = {}

    async def note(self, sid: str, person_id: int, task_id: int, is_writing: bool) -> None:
        place = f"task:{task_id}"
        here = Here(f"{self._worker}-{sid}", person_id, 0.0)
        await self._presence.keep({place: {here: LIFE if is_writing else 0}})
        self._bus.publish({RING + place: 0})

    async def greet(self, sid: str, place: str) -> None:
        """Tell a tab that has just come, and may hold what was so when it was here last."""
        people, _ = (await self._presence.people(place))[place]
        self._wire.send(sid, deltas.writers(_task(place), people))

    async def show(self, place: str) -> None:
        """Tell the tabs of this worker, if it is news; and look again when it may be over."""
        people, ends = (await self._presence.people(place))[place]
        if people != self._shown.get(place, []):
            self._wire.send_room(place, deltas.writers(_task(place), people))
        self._shown[place] = people
        if ends is None:
            del self._shown[place]
        else:
            wait = max(ends - time.time(), 0) + 0.01
            asyncio.get_running_loop().call_later(wait, lambda: soon(self.show(place)))


def _task(place: str) -> int:
    return int(place.partition(":")[2])
