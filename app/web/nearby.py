"""Who has a board open now, as its tabs are told: arrivals and departures of this worker out, everybody's in."""

import time
from collections.abc import Awaitable

from app.bus import Bus
from app.presence import Here, Presence
from app.web import store
from app.web.wire import Wire

RING = "here:"
"""The doorbell of who is at a place: `here:board:12`."""


class Nearby:
    """A place is the name of a room; `worker` makes the tabs of this worker unlike those of all others."""

    def __init__(self, wire: Wire, bus: Bus, people: Presence, worker: str) -> None:
        self._wire, self._bus, self._presence, self._worker = wire, bus, people, worker
        self._tabs: dict[str, dict[str, Here]] = {}
        self._next_end: dict[str, float] = {}
        self._shown: dict[str, list[int]] = {}

    def arrive(self, sid: str, person_id: int, place: str) -> Awaitable[None]:
        """Note that a tab is at a place, at once; what comes back tells the others."""
        here = Here(f"{self._worker}-{sid}", person_id, time.time())
        self._tabs.setdefault(place, {})[sid] = here
        return self._announce(sid, here, place)

    async def leave(self, sid: str, place: str, lingers: float) -> None:
        """Let a tab go after `lingers` seconds, unless its person comes back (presence.py)."""
        tabs = self._tabs.get(place, {})
        here = tabs.pop(sid, None)
        if not tabs:
            for kept in (self._tabs, self._next_end, self._shown):
                kept.pop(place, None)
        if here:
            await self._presence.leave(place, here, lingers)
            self._bus.publish({RING + place: 0})

    async def surplus(self, place: str, most: int) -> list[str]:
        """The tabs of this worker that are not among the `most` newest ones at a place."""
        older = set((await self._presence.tabs(place))[:-most])
        return [sid for sid, here in self._tabs.get(place, {}).items() if here in older]

    async def show(self, *places: str) -> None:
        """Tell the tabs of this worker who is at these places, where that is news; and remember when to look again."""
        for place, (people, ends) in (await self._presence.people(*places)).items():
            if place not in self._tabs:
                continue
            if ends is not None:
                self._next_end[place] = ends
            if place.startswith("board:") and self._shown.get(place) != people:
                self._shown[place] = people
                self._wire.send_room(place, store.nearby(people))

    async def renew(self) -> None:
        """Say that the tabs of this worker are still there, and look whether anybody was missed."""
        forgotten = await self._presence.renew({place: list(tabs.values()) for place, tabs in self._tabs.items()})
        self._bus.publish(dict.fromkeys((RING + place for place in forgotten), 0))
        await self.show(*(place for place in self._tabs if place.startswith("board:")))

    async def notice_departures(self) -> None:
        """Look again at the places where an entry has run out."""
        now = time.time()
        if over := [place for place, ends in self._next_end.items() if ends <= now]:
            for place in over:
                del self._next_end[place]
            await self.show(*over)

    async def _announce(self, sid: str, here: Here, place: str) -> None:
        if place.startswith("board:"):
            self._wire.send(sid, store.nearby(self._shown.get(place, [here.person_id])))
        await self._presence.arrive(place, here)
        if self._tabs.get(place, {}).get(sid) is not here:  # It left in the meantime.
            await self._presence.leave(place, here, 0)
        self._bus.publish({RING + place: 0})
