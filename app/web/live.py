"""What one worker shows to whom: which tab is in which rooms, and who is shown the door.

Doorbells go in, patches go out (rooms.py). Every two seconds one query asks for the newest revisions of all topics on
show, so that a lost doorbell, or a Redis that is away, costs two seconds and nothing else.
"""

import asyncio
import os
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence

from app import presence, settings
from app.bus import Bus
from app.db import Database
from app.domain import receipts
from app.domain.drawings import Happening
from app.domain.drawings.board import BoardDrawing
from app.domain.drawings.workspace import WorkspaceDrawing
from app.domain.errors import NotFound
from app.domain.receipts import Sighting
from app.domain.transaction import Transaction
from app.presence import Presence
from app.web import seen, store
from app.web.background import every, logged, soon
from app.web.farewells import Farewells, Parting
from app.web.nearby import Nearby
from app.web.room import ENDED, MISSING, OWN, Room
from app.web.rooms import Rooms
from app.web.seen import Seen
from app.web.sight import Sight
from app.web.wire import Wire
from app.web.wishes import Wish, Wishes
from app.web.writing import Writing

SAFETY = 2.0
"""Seconds between looks at the revisions of everything on show."""
ASIDE = ("task:", "talk:", "whole-talk:", "watch:", "inbox:", "invites:", "receipts:", "board_receipts:", "private:")
"""Rooms beside the one that a page is about: being let go from one of them is not being shown the door."""
RESTING = "Tandem is open in too many tabs, so this one is resting."


class Live:
    """What one worker process shows to whom."""

    def __init__(self, wire: Wire, db: Database, bus: Bus, people: Presence) -> None:
        self.id, self.db = f"{os.getpid()}-{uuid.uuid4().hex[:8]}", db
        self._bus, self._wire = bus, wire
        self._nearby, self._writing = Nearby(wire, bus, people, self.id), Writing(wire, bus, people, self.id)
        self.sight = Sight(self._nearby)
        self._rooms = Rooms(db, bus, wire, self._evict, self._tell)
        self._rooms.rang, self._rooms.caught_up = self._rang, self._nearby.heed
        self._nearby.unseen = self._unseen
        self._farewells, self.seen = Farewells(db, self.id), Seen(db, bus, wire)
        self._places: dict[str, set[str]] = defaultdict(set)
        self._wishes, self._entering, self._shown_out = Wishes(), set[str](), set[str]()
        self.doubt: Callable[[int], None] = lambda person_id: None
        """Called with whoever something has changed about, such as which of their sign-ins have ended."""
        db.announce, db.follow, bus.on_ring = bus.publish, self._follow, self._hear
        bus.on_change = lambda is_up: soon(self._redis_changed(is_up))
        wire.on_gone(lambda sid, closed: soon(self._gone(sid, closed)))

    async def enter(self, sid: str, person_id: int, *names: str, aside: Sequence[str] = ()) -> list[str]:
        """Let a tab into these rooms and out of all others.

        NotFound for one of `names` that its person may not look at; those of `aside` are returned.
        """
        self._wishes.want(sid, Wish(person_id, names, tuple(aside)))
        return await self._fulfil(sid)

    async def look_aside(self, sid: str, name: str) -> None:
        """Let a tab, which stays where it is, into one more room, if its person may look at that."""
        self._wishes.add(sid, name)
        await self._fulfil(sid)

    async def look_back(self, sid: str, kind: str) -> None:
        """Let it out of the rooms of a kind again into which it has looked aside."""
        wish = self._wishes.of(sid)
        if names := [name for name in (wish.aside if wish else ()) if name.startswith(f"{kind}:")]:
            self._wishes.give_up(sid, names)
            await self._fulfil(sid)

    async def widen(self, sid: str, board_id: int, lane_id: int, wanted: int) -> None:
        """Show at least `wanted` tasks of a lane to those who look at the board, of whom this tab must be one."""
        name = f"board:{board_id}"
        if name in self._places.get(sid, ()) and (room := self._rooms.get(name)):
            await room.widen(sid, lane_id, wanted)

    async def write(self, sid: str, task_id: int, is_writing: bool) -> None:
        """Tell those who have a task open that this tab's person is writing a comment on it, or has stopped."""
        if board := self._board_of(sid, task_id):
            person_id = board.tabs[sid]
            if person_id not in self._unseen(board.name):
                await self._writing.note(sid, person_id, task_id, is_writing)

    async def sighting(self, tx: Transaction, workspace_id: int, person_id: int) -> Sighting:
        """The tabs with which somebody looks at a workspace now, as far as this worker knows."""
        return await self._nearby.sighting(person_id, await receipts.places(tx, workspace_id))

    async def sighting_on(self, board_id: int, person_id: int) -> Sighting:
        """The same of a board."""
        return await self._nearby.sighting(person_id, [f"board:{board_id}"])

    async def show_door(self, sid: str, sentence: str) -> None:
        """Take a tab out of what it was looking at, and say why; its person's own list of places stays."""
        self._shown_out.add(sid)
        self._wishes.forget(sid)
        for name in [name for name in self._places[sid] if not name.startswith("home:")]:
            await self._leave(sid, name, presence.AFTER_CLOSING)
        self._wire.send(sid, store.door(sentence))
        if not self._wire.is_connected(sid):
            await self._gone(sid, closed=False)

    def see(self, sid: str, person_id: int, task_id: int) -> None:
        """A tab that has this task open shows it on the screen."""
        if f"task:{task_id}" in self._places.get(sid, ()):
            self.sight.see(sid, person_id, task_id)

    def hears(self, topic: str) -> bool:
        return topic in self._bus.topics

    async def watch(self, sid: str, name: str, ids: Collection[int]) -> None:
        """Draw these people too in a room that a tab is in, and, while it is there, what becomes of them."""
        if name not in self._places.get(sid, ()) or (room := self._rooms.get(name)) is None:
            raise NotFound(MISSING)
        await room.watch(sid, ids)

    def address_of(self, sid: str) -> str:
        """Where a tab's connection comes from."""
        return self._wire.address_of(sid)

    def try_again(self, sid: str) -> None:
        """Have a tab open its page again in a moment: the database is away or busy."""
        self._wire.send(sid, store.opened(is_slow=not self._bus.is_up, is_waiting=True))
        asyncio.get_running_loop().call_later(SAFETY, self._wire.open_again, sid)

    async def run(self) -> None:
        """Everything that goes on in the background, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(every(SAFETY, self._look))
            tasks.create_task(every(seen.PERIOD, lambda: self.seen.note_tabs(list(self._places))))
            tasks.create_task(every(presence.RENEWAL, self._nearby.renew))
            tasks.create_task(every(0.5, self._nearby.notice_departures))
            while True:
                await logged(self._bus.run())
                await asyncio.sleep(SAFETY)

    async def _fulfil(self, sid: str) -> list[str]:
        """Bring a tab to where it wants to be; the rooms aside that its person may not look at, which it gives up."""
        wish, refused = self._wishes.of(sid), []
        if wish is None:
            return refused
        self._entering.add(sid)
        try:
            for name in self._places[sid] - wish.all:
                await self._leave(sid, name, presence.AFTER_CLOSING)
            if sid in self._shown_out:
                self._shown_out.discard(sid)
                self._wire.send(sid, store.door(""))
            for name in (*wish.names, *wish.aside):
                try:
                    await self._join(sid, wish.person_id, name)
                except NotFound:
                    if name in wish.names:
                        self._wishes.forget(sid)
                        raise
                    refused.append(name)
            self._look_at(sid)
            self._wire.send(sid, store.opened(is_slow=not self._bus.is_up, is_waiting=False))
            self._wishes.give_up(sid, refused)
        finally:
            self._entering.discard(sid)
        if not self._wire.is_connected(sid):  # It went away while it was let in.
            await self._gone(sid, closed=False)
        return refused

    async def _complete(self, sid: str) -> None:
        """Go on where opening a page was broken off: by a database that was away, by the next page."""
        if sid not in self._entering:
            try:
                await self._fulfil(sid)
            except NotFound as refusal:
                await self.show_door(sid, refusal.sentence)

    async def _join(self, sid: str, person_id: int, name: str) -> None:
        if name in self._places[sid]:
            return
        await self._rooms.join(sid, person_id, name)
        self._places[sid].add(name)
        if name.startswith(("board:", "home:", "workspace:")):
            self._nearby.arrive(sid, person_id, name)
        elif name.startswith("task:"):
            soon(self._writing.greet(sid, name))

    def _look_at(self, sid: str) -> None:
        """Tell which task a tab shows, if it is one of the board beneath."""
        for name in self._places[sid]:
            if name.startswith("board:"):
                ids = [int(aside[5:]) for aside in self._places[sid] if aside.startswith("task:")]
                self._nearby.look_at(sid, name, next((id for id in ids if self._board_of(sid, id)), 0))

    def _board_of(self, sid: str, task_id: int) -> Room | None:
        """The room of the board that a tab shows, if it shows this task of it as well."""
        task = self._rooms.get(f"task:{task_id}")
        if task is None or sid not in task.tabs:
            return None
        boards = (self._rooms.get(topic) for topic in task.drawing.topics if topic.startswith("board:"))
        return next((board for board in boards if board and sid in board.tabs), None)

    def _unseen(self, place: str) -> frozenset[int]:
        """The people of whom nothing is kept or shown there: on a board or page, or before a task (sight.py)."""
        if place.startswith("sight:"):
            task = self._rooms.get(place.replace("sight:", "task:"))
            place = next((topic for topic in task.drawing.topics if topic.startswith("board:")), "") if task else ""
        drawing = room.drawing if (room := self._rooms.get(place)) else None
        return drawing.unseen if isinstance(drawing, (BoardDrawing, WorkspaceDrawing)) else frozenset()

    def _hear(self, topic: str, revision: int) -> None:
        if topic.startswith("person:"):
            self.doubt(int(topic.removeprefix("person:")))
        self._rooms.ring(topic, revision)

    async def _follow(self, task_id: int) -> None:
        """Nobody who changes a task waits until all who watch it are told."""
        soon(self.db.tell_watchers(task_id))

    async def _look(self) -> None:
        """Every two seconds: complete what was broken off, and see what no doorbell told."""
        for sid in self._wishes.unfulfilled(self._places):
            soon(self._complete(sid))
        await self._rooms.look()

    async def _redis_changed(self, is_up: bool) -> None:
        """Say so on every tab; when it is back, make up for what did not ring."""
        for name in self._rooms.names("home:"):
            self._wire.send_room(name, store.delivery(is_slow=not is_up))
        if is_up:
            await self._nearby.renew()
            await self._look()

    async def _gone(self, sid: str, closed: bool) -> None:
        self._shown_out.discard(sid)
        self._wishes.forget(sid)
        self.sight.lose(sid)
        for name in self._places.pop(sid, set()):
            await self._leave(sid, name, presence.AFTER_CLOSING if closed else presence.AFTER_LOSING)

    async def _leave(self, sid: str, name: str, lingers: float) -> None:
        if sid in self._places:
            self._places[sid].discard(name)
        if room := self._rooms.get(name):
            await room.leave(sid)
        self._nearby.leave(sid, name, 0 if name.startswith("home:") else lingers)

    async def _rang(self, place: str) -> None:
        """Somebody came or went there: those who are there are told."""
        if place.startswith("home:"):
            await self._put_to_rest(place)
        elif place.startswith("task:"):
            await self._writing.show(place)
        elif not place.startswith(seen.LISTS):
            await self._nearby.show(place)
        elif room := self._rooms.get(place):
            await room.redraw()

    async def _put_to_rest(self, place: str) -> None:
        """Of a person's tabs, everywhere, the newest stay; the older ones of this worker are told so."""
        for sid in await self._nearby.surplus(place, settings.get().max_connections_per_user):
            await self._gone(sid, closed=True)
            self._wire.send(sid, store.door(RESTING, is_resting=True))

    async def _see_off(self, sid: str) -> None:
        """A tab's sign-in has ended: it is told nothing more of anything."""
        await self._gone(sid, closed=True)
        self._wire.send(sid, store.door(ENDED))

    def _evict(self, parting: Parting) -> None:
        """A room let go of a tab, because its person may no longer look at it, or because there is nothing left."""
        if parting.room.startswith(OWN):
            self.doubt(int(parting.room.partition(":")[2]))
            soon(self._see_off(parting.sid))
        elif parting.room.startswith(ASIDE):
            self._places[parting.sid].discard(parting.room)
            self._look_at(parting.sid)
            self._wishes.give_up(parting.sid, [parting.room])
        else:
            soon(self._see_out(parting, self._wishes.of(parting.sid)))

    async def _see_out(self, parting: Parting, wish: Wish | None) -> None:
        sentence = await self._farewells.sentence(parting)
        newest = self._wishes.of(parting.sid)
        if (newest and newest.names) == (wish and wish.names):  # Or it has gone elsewhere by itself.
            await self.show_door(parting.sid, sentence)

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
