"""What one worker shows to whom, and who is shown the door.

Doorbells go in, patches go out (rooms.py) to the tabs that are there (tabs.py). Every two seconds one query asks for
the newest revisions of all topics on show, so that a lost doorbell, or a Redis that is away, costs two seconds and
nothing else.
"""

import asyncio
import os
import uuid
from collections.abc import Callable, Collection

from app import presence, settings
from app.bus import Bus
from app.db import Database
from app.domain import receipts
from app.domain.drawings import Happening
from app.domain.errors import NotFound
from app.domain.receipts import Sighting
from app.domain.transaction import Transaction
from app.figures.boards import Boards
from app.figures.declared import PAINTED_SECONDS
from app.presence import Presence
from app.web import deltas, seen
from app.web.background import every, logged, soon
from app.web.farewells import Farewells, Parting
from app.web.nearby import Nearby
from app.web.room import ENDED, MISSING, OWN
from app.web.rooms import Rooms
from app.web.seen import Seen
from app.web.sight import Sight
from app.web.tabs import Tabs
from app.web.wire import Wire
from app.web.wishes import Wish
from app.web.writing import Writing

SAFETY = 2.0
"""Seconds between looks at the revisions of everything on show."""
ASIDE = ("task:", "talk:", "whole-talk:", "watch:", "inbox:", "invites:", "receipts:", "board_receipts:", "private:")
"""Rooms beside the one that a page is about: being let go from one of them is not being shown the door."""
GATHER_HOMES = 0.1
"""Seconds for which people are gathered who may have too many tabs: after a restart that is everybody."""
RESTING = "Tandem is open in too many tabs, so this one is resting."


class Live:
    """What one worker process shows to whom."""

    def __init__(self, wire: Wire, db: Database, bus: Bus, people: Presence) -> None:
        self.id, self.db = f"{os.getpid()}-{uuid.uuid4().hex[:8]}", db
        self._bus, self._wire = bus, wire
        self._nearby, self._writing = Nearby(wire, bus, people, self.id), Writing(wire, bus, people, self.id)
        self.sight, self.boards = Sight(self._nearby), Boards()
        self._rooms = Rooms(db, bus, wire, self._evict, self._tell)
        self._rooms.rang, self._rooms.caught_up = self._rang, self._nearby.heed
        self._rooms.tabs_at = people.tabs_at
        self.tabs = Tabs(wire, bus, self._rooms, self._nearby, self._writing, self.sight)
        self._farewells, self.seen = Farewells(db, self.id), Seen(db, bus, wire)
        self._fuller: set[str] = set()
        """Homes of people of whom one more tab has come, which may be one too many."""
        self.doubt: Callable[[int], None] = lambda person_id: None
        """Called with whoever something has changed about, such as which of their sign-ins have ended."""
        db.announce, db.follow, bus.on_ring = bus.publish, self._follow, self._hear
        bus.on_change = lambda is_up: soon(self._redis_changed(is_up))

    async def widen(self, sid: str, board_id: int, lane_id: int, wanted: int) -> None:
        """Show at least `wanted` tasks of a lane to those who look at the board, of whom this tab must be one."""
        if room := self.tabs.room_of(sid, f"board:{board_id}"):
            await room.widen(sid, lane_id, wanted)

    async def write(self, sid: str, task_id: int, is_writing: bool) -> None:
        """Tell those who have a task open that this tab's person is writing a comment on it, or has stopped."""
        if board := self.tabs.board_of(sid, task_id):
            person_id = board.tabs[sid]
            if person_id not in self.tabs.unseen(board.name):
                await self._writing.note(sid, person_id, task_id, is_writing)

    async def sighting(self, tx: Transaction, workspace_id: int, person_id: int) -> Sighting:
        """The tabs with which somebody looks at a workspace now, as far as this worker knows."""
        return await self._nearby.sighting(person_id, await receipts.places(tx, workspace_id))

    async def sighting_on(self, board_id: int, person_id: int) -> Sighting:
        """The same of a board."""
        return await self._nearby.sighting(person_id, [f"board:{board_id}"])

    async def sighting_of_others(self, board_id: int, person_id: int) -> Sighting:
        """The tabs with which anybody else looks at a board now."""
        return await self._nearby.sighting(person_id, [f"board:{board_id}"], others=True)

    def see(self, sid: str, person_id: int, task_id: int) -> None:
        """A tab that has this task open shows it on the screen."""
        if self.tabs.room_of(sid, f"task:{task_id}"):
            self.sight.see(sid, person_id, task_id)

    @property
    def room_count(self) -> int:
        return self._rooms.count

    def painted(self, place: str, since: float, revision: int, drawing: float) -> None:
        """A tab has drawn this revision of the board that it shows since then, in so many seconds."""
        room = self._rooms.get(place)
        seconds = room.delays.painting.seconds(revision, drawing, since) if room else None
        if seconds is not None:
            PAINTED_SECONDS.observe(seconds)
            self.boards.observe(int(place.removeprefix("board:")), seconds)

    def hears(self, topic: str) -> bool:
        return topic in self._bus.topics

    async def watch(self, sid: str, name: str, ids: Collection[int]) -> None:
        """Draw these people too in a room that a tab is in, and, while it is there, what becomes of them."""
        if (room := self.tabs.room_of(sid, name)) is None:
            raise NotFound(MISSING)
        await room.watch(sid, ids)

    def address_of(self, sid: str) -> str:
        """Where a tab's connection comes from."""
        return self._wire.address_of(sid)

    def try_again(self, sid: str) -> None:
        """Have a tab open its page again in a moment: the database is away or busy."""
        self._wire.send(sid, deltas.opened(is_slow=not self._bus.is_up, is_waiting=True))
        asyncio.get_running_loop().call_later(SAFETY, self._wire.open_again, sid)

    async def run(self) -> None:
        """Everything that goes on in the background, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(every(SAFETY, self._look))
            tasks.create_task(every(seen.PERIOD, lambda: self.seen.note_tabs(list(self.tabs.places))))
            tasks.create_task(every(presence.RENEWAL, self._nearby.renew))
            tasks.create_task(every(0.5, self._nearby.notice_departures))
            while True:
                await logged(self._bus.run())
                await asyncio.sleep(SAFETY)

    def _hear(self, topic: str, revision: int) -> None:
        if topic.startswith("person:"):
            self.doubt(int(topic.removeprefix("person:")))
        self._rooms.ring(topic, revision)

    async def _follow(self, task_ids: Collection[int]) -> None:
        """Nobody who changes tasks waits until all who watch them are told."""
        soon(self.db.tell_watchers(task_ids))

    async def _look(self) -> None:
        """Every two seconds: complete what was broken off, and see what no doorbell told."""
        self.tabs.complete()
        await self._rooms.look()

    async def _redis_changed(self, is_up: bool) -> None:
        """Say so on every tab; when it is back, make up for what did not ring."""
        for name in self._rooms.names("home:"):
            self._wire.send_room(name, deltas.delivery(is_slow=not is_up))
        if is_up:
            await self._nearby.renew()
            await self._look()

    async def _rang(self, place: str) -> None:
        """Somebody came or went there: those who are there are told."""
        if place.startswith("home:"):
            if not self._fuller:
                soon(self._put_to_rest())
            self._fuller.add(place)
        elif place.startswith("task:"):
            await self._writing.show(place)
        elif not place.startswith(seen.LISTS):
            await self._nearby.show(place)
        elif room := self._rooms.get(place):
            await room.redraw()

    async def _put_to_rest(self) -> None:
        """Of people of whom one more tab came lately the newest ones stay; the others of this worker are told so."""
        await asyncio.sleep(GATHER_HOMES)
        homes, self._fuller = self._fuller, set()
        for sid in await self._nearby.surplus(homes, settings.get().max_connections_per_user):
            await self.tabs.gone(sid, closed=True)
            self._wire.send(sid, deltas.door(RESTING, is_resting=True))

    async def _see_off(self, sid: str) -> None:
        """A tab's sign-in has ended: it is told nothing more of anything."""
        await self.tabs.gone(sid, closed=True)
        self._wire.send(sid, deltas.door(ENDED))

    def _evict(self, parting: Parting) -> None:
        """A room let go of a tab, because its person may no longer look at it, or because there is nothing left."""
        if parting.room.startswith(OWN):
            self.doubt(int(parting.room.partition(":")[2]))
            soon(self._see_off(parting.sid))
        elif parting.room.startswith(ASIDE):
            self.tabs.lose_aside(parting.sid, parting.room)
        else:
            soon(self._see_out(parting, self.tabs.wishes.of(parting.sid)))

    async def _see_out(self, parting: Parting, wish: Wish | None) -> None:
        sentence = await self._farewells.sentence(parting)
        newest = self.tabs.wishes.of(parting.sid)
        if (newest and newest.names) == (wish and wish.names):  # Or it has gone elsewhere by itself.
            await self.tabs.show_door(parting.sid, sentence)

    def _tell(self, parting: Parting, change: Happening) -> None:
        """A tab was sent what shows its person's new role: it may have rooms aside to enter."""
        is_looking = parting.room.startswith(("board:", "workspace:"))
        if is_looking and receipts.takes_something_away(change.kind, change.details):
            self._farewells.note(parting, change.topic, change.revision)
        if parting.room.startswith("workspace:"):
            self._wire.open_again(parting.sid)


_current: Live | None = None


def current() -> Live:
    """That of this worker."""
    assert _current is not None, "The worker has not started."
    return _current


def begin(live: Live) -> None:
    """Make it that of this worker."""
    global _current
    _current = live
