"""Who has a board open now, and which task, as its tabs are told: this worker's comings and goings out, everybody's in.

Of who wants not to be seen, or is in a workspace that shows nobody, nothing goes out, and what was there is taken back.
When many come or go at once, as after a restart, that is one message to Redis and one ring a place.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from app import presence
from app.bus import Bus
from app.domain.receipts import Sighting
from app.presence import Entries, Here, Presence, by_arrival
from app.web import deltas
from app.web.background import soon
from app.web.farewells import tab_id
from app.web.wire import Wire

RING = "here:"
"""The doorbell of who is at a place: `here:board:12`."""
GATHER, GATHER_EACH, GATHER_MOST = 0.02, 0.002, 0.3
"""Seconds for which comings and goings are gathered: at least, for each of them, at most."""
PATIENCE = 0.2
"""Seconds that a command, which has to know who is there, waits for Redis."""


class Nearby:
    """A place is the name of a room; `worker` makes the tabs of this worker unlike those of all others."""

    def __init__(self, wire: Wire, bus: Bus, people: Presence, worker: str) -> None:
        self._wire, self._bus, self._presence, self._worker = wire, bus, people, worker
        self._tabs: dict[str, dict[str, Here]] = {}
        self._next_end: dict[str, float] = {}
        self._shown: dict[str, list[int]] = {}
        self._open: dict[str, dict[str, list[int]]] = {}
        """By place, who has which task open, as was told."""
        self._unseen: dict[str, frozenset[int]] = {}
        self.unseen: Callable[[str], frozenset[int]] = lambda place: frozenset()
        """Asked with a place for the people there who are not to be seen."""
        self._news: dict[str, dict[Here, float]] = defaultdict(dict)

    def arrive(self, sid: str, person_id: int, place: str) -> None:
        """A tab is at a place from now on."""
        here = Here(f"{self._worker}-{sid}", person_id, time.time())
        self._tabs.setdefault(place, {})[sid] = here
        self._unseen.setdefault(place, self.unseen(place))
        is_seen = person_id not in self.unseen(place)
        if place.startswith("board:"):
            people = self._shown.get(place, [person_id] if is_seen else [])
            self._wire.send(sid, deltas.nearby(people, self._open.get(place, {})))
        if is_seen:
            self._tell(place, here, presence.LIFE)

    def look_at(self, sid: str, place: str, task_id: int) -> None:
        """A tab that is at a place shows this task from now on, or none (0)."""
        before = self._tabs.get(place, {}).get(sid)
        if before is None or before.task_id == task_id:
            return
        here = self._tabs[place][sid] = replace(before, task_id=task_id)
        if here.person_id not in self.unseen(place):
            self._tell(place, before, 0)
            self._tell(place, here, presence.LIFE)

    def heed(self, place: str) -> None:
        """Take back what was told of people who are not to be seen any more, and tell of those who are again."""
        before, now = self._unseen.get(place), self.unseen(place)
        if place not in self._tabs or before == now:
            return
        self._unseen[place] = now
        for here in self._tabs[place].values():
            if (here.person_id in now) != (here.person_id in (before or ())):
                self._tell(place, here, 0 if here.person_id in now else presence.LIFE)

    def leave(self, sid: str, place: str, lingers: float) -> None:
        """Let a tab go after `lingers` seconds, unless its person comes back (presence.py)."""
        tabs = self._tabs.get(place, {})
        here = tabs.pop(sid, None)
        if not tabs:
            for kept in (self._tabs, self._next_end, self._shown, self._open, self._unseen):
                kept.pop(place, None)
        if here and here.person_id not in self.unseen(place):
            self._tell(place, here, lingers)

    async def people_at(self, *places: str) -> dict[str, list[int]]:
        """Who is at each place now, on any worker; those of this worker alone when Redis does not say so at once."""
        try:
            async with asyncio.timeout(PATIENCE):
                return {place: people for place, (people, _) in (await self._presence.people(*places)).items()}
        except TimeoutError:
            return {place: by_arrival(self._tabs.get(place, {}).values()) for place in places}

    async def surplus(self, places: Collection[str], most: int) -> list[str]:
        """The tabs of this worker that are not among the `most` newest ones at a place."""
        surplus = list[str]()
        for place, present in (await self._presence.entries(*places)).items():
            if len(present) > most:
                older = set(sorted(present, key=lambda here: here.since)[:-most])
                surplus += [sid for sid, here in self._tabs.get(place, {}).items() if here in older]
        return surplus

    async def sighting(self, person_id: int, places: list[str], *, others: bool = False) -> Sighting:
        """The tabs that somebody has at these places, on this worker and, as far as can be known, on others.

        With `others` those of everybody but them.
        """

        def is_meant(id: int) -> bool:
            return (id == person_id) != others

        is_complete, found = self._presence.hears_everyone, await self._presence.entries(*places)
        is_complete = is_complete and not any(is_meant(id) for place in places for id in self.unseen(place))
        leaves_before = time.time() + presence.AFTER_LOSING  # An entry that ends by then is one that lingers.
        theirs = {
            here.tab
            for entries in found.values()
            for here, ends in entries.items()
            if is_meant(here.person_id) and ends > leaves_before
        }
        return Sighting(tuple(sorted(map(tab_id, theirs))), is_complete and self._presence.hears_everyone)

    async def show(self, *places: str) -> None:
        """Tell the tabs of this worker who is at these places, where that is news; and remember when to look again."""
        for place, present in (await self._presence.entries(*places)).items():
            if place not in self._tabs:
                continue
            if present:
                self._next_end[place] = min(present.values())
            if place.startswith("board:"):
                self._show(place, present)

    def _show(self, place: str, present: Entries) -> None:
        unseen = self.unseen(place)
        here = [here for here in present if here.person_id not in unseen]
        people, tasks = by_arrival(here), _open_tasks(here)
        if (people, tasks) != (self._shown.get(place), self._open.get(place)):
            self._shown[place], self._open[place] = people, tasks
            self._wire.send_room(place, deltas.nearby(people, tasks))

    async def renew(self) -> None:
        """Say that the tabs of this worker are still there, and look whether anybody was missed."""
        for place in self._tabs:
            self.heed(place)
        seen = {
            place: [here for here in tabs.values() if here.person_id not in self.unseen(place)]
            for place, tabs in self._tabs.items()
        }
        forgotten = await self._presence.renew(seen)
        self._bus.publish(dict.fromkeys((RING + place for place in forgotten), 0))
        await self.show(*(place for place in self._tabs if place.startswith("board:")))

    async def notice_departures(self) -> None:
        """Look again at the places where an entry has run out."""
        now = time.time()
        if over := [place for place, ends in self._next_end.items() if ends <= now]:
            for place in over:
                del self._next_end[place]
            await self.show(*over)

    def _tell(self, place: str, here: Here, life: float) -> None:
        if not self._news:
            soon(self._gather())
        self._news[place][here] = life

    async def _gather(self) -> None:
        await asyncio.sleep(GATHER)
        many = sum(map(len, self._news.values()))
        await asyncio.sleep(min(GATHER_EACH * many, GATHER_MOST))
        news, self._news = self._news, defaultdict(dict)
        await self._presence.keep(news)
        self._bus.publish({RING + place: 0 for place, lives in news.items() if _rings(place, lives)})


def _open_tasks(present: list[Here]) -> dict[str, list[int]]:
    """By the id of a task, the people who have it open."""
    at: dict[int, list[Here]] = defaultdict(list)
    for here in present:
        if here.task_id:
            at[here.task_id].append(here)
    return {str(task_id): by_arrival(at[task_id]) for task_id in sorted(at)}


def _rings(place: str, lives: Mapping[Here, float]) -> bool:
    """A person's own list of tabs matters only when one more is there."""
    return not place.startswith("home:") or presence.LIFE in lives.values()
