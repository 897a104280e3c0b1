"""The rooms of a worker, and when each of them catches up.

A doorbell says that a topic has a newer revision; the rooms that depend on it catch up from the database, at once or
when their pause since the last patch is over. The safety query asks for the newest revisions of all topics on show.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable

from app.bus import Bus
from app.db import Database
from app.domain import history
from app.domain.drawings import Drawing
from app.domain.drawings.board import BoardDrawing
from app.domain.drawings.devices import DevicesDrawing
from app.domain.drawings.home import HomeDrawing
from app.domain.drawings.inbox import InboxDrawing
from app.domain.drawings.instance import InstanceDrawing
from app.domain.drawings.oversight import BoardReceiptsDrawing, PrivateBoardsDrawing, ReceiptsDrawing
from app.domain.drawings.preferences import PreferencesDrawing
from app.domain.drawings.talk import TalkDrawing, WholeTalkDrawing
from app.domain.drawings.task import TaskDrawing
from app.domain.drawings.watching import WatchDrawing
from app.domain.drawings.workspace import InvitesDrawing, WorkspaceDrawing
from app.figures.declared import SAFETY
from app.web import seen
from app.web.background import soon
from app.web.feed import Feed
from app.web.nearby import RING
from app.web.room import Evict, Room, Tell
from app.web.wire import Wire

KINDS: dict[str, Callable[..., Drawing]] = {
    "board": BoardDrawing,
    "task": TaskDrawing,
    "talk": TalkDrawing,
    "whole-talk": WholeTalkDrawing,
    "workspace": WorkspaceDrawing,
    "invites": InvitesDrawing,
    "receipts": ReceiptsDrawing,
    "board_receipts": BoardReceiptsDrawing,
    "private": PrivateBoardsDrawing,
    "home": HomeDrawing,
    "devices": DevicesDrawing,
    "instance": InstanceDrawing,
    "inbox": InboxDrawing,
    "watch": WatchDrawing,
    "preferences": PreferencesDrawing,
}
"""What there are rooms of: a room's name is a kind and an id, `board:12`, or several, `watch:7:17`."""

GATHER_PEOPLE, GATHER_A_TAB, GATHER_MOST = 0.05, 0.001, 1.0
"""Seconds that a room waits for more people who come and go: at least, for each tab there on any worker, at most."""

GATHER_SEEN = 1.0
"""Seconds that it may take until a list says when somebody was last seen: on a large Tandem many are at once."""


class Rooms:
    """`rang` is called with a room's name some moments after people came or went there."""

    def __init__(self, db: Database, bus: Bus, wire: Wire, evict: Evict, tell: Tell) -> None:
        self._db, self._bus, self._wire, self._evict, self._tell = db, bus, wire, evict, tell
        self.rang: Callable[[str], Awaitable[None]]
        self.caught_up: Callable[[str], None] = lambda name: None
        """Called with a room's name after it has read what changed."""
        self.tabs_at: Callable[[str], int] = lambda name: 0
        """Asked how many tabs are at a room's place, on all workers."""
        self._feed = Feed()
        self._rooms: dict[str, Room] = {}
        self._dependents: dict[str, set[Room]] = defaultdict(set)
        self._ringing: set[str] = set()

    def get(self, name: str) -> Room | None:
        return self._rooms.get(name)

    @property
    def count(self) -> int:
        return len(self._rooms)

    def names(self, prefix: str) -> list[str]:
        return [name for name in self._rooms if name.startswith(prefix)]

    async def join(self, sid: str, person_id: int, name: str) -> None:
        """Let a tab into a room, which then listens to what it depends on; NotFound if the room is not for it."""
        if (room := self._rooms.get(name)) is None:
            kind, *ids = name.split(":")
            drawing = KINDS[kind](*map(int, ids))
            room = self._rooms[name] = Room(name, drawing, self._db, self._feed, self._wire, self._evict, self._tell)
        room.empty_since = time.monotonic()  # It is kept until the tab is in.
        await room.join(sid, person_id)
        if await self._follow(room):
            soon(room.refresh(anew=True))  # What rang between the drawing and the subscription.

    def ring(self, topic: str, revision: int) -> None:
        """A doorbell, or the safety query, says that a topic is at this revision; or that people come and go."""
        if topic.startswith(RING):
            if topic not in self._ringing:
                self._ringing.add(topic)
                soon(self._look_around(topic))
            return
        self._feed.hear(topic, revision)
        for room in self._dependents.get(topic, ()):
            if room.is_behind({topic: revision}) and room.name not in self._ringing:
                self._ringing.add(room.name)
                soon(self._refresh(room))

    async def look(self) -> None:
        """The safety query; also lets go of rooms that nobody came back to, and of whom a room is not for any more."""
        for room in [room for room in self._rooms.values() if room.is_out_of_date]:
            soon(room.redraw())
        for room in [room for room in self._rooms.values() if room.is_abandoned]:
            del self._rooms[room.name]
        self._dependents.clear()
        for room in self._rooms.values():
            for topic in room.drawing.topics:
                self._dependents[topic].add(room)
        topics = self._dependents.keys()
        self._feed.keep(topics)
        await self._bus.unsubscribe(*(self._bus.topics - topics - {RING + name for name in self._rooms}))
        if not topics:
            return
        async with self._db.reading() as tx:
            newest = await history.revisions(tx, list(topics))
        for topic, revision in newest.items():
            if any(room.is_behind({topic: revision}) for room in self._dependents.get(topic, ())):
                SAFETY.add()
            self.ring(topic, revision)

    async def _refresh(self, room: Room) -> None:
        if pause := room.pause:
            await asyncio.sleep(pause)
        self._ringing.discard(room.name)
        await room.refresh()
        self.caught_up(room.name)
        await self._follow(room)

    async def _follow(self, room: Room) -> bool:
        """Subscribe to what the room depends on now; whether some of it is new."""
        for topic in room.drawing.topics:
            self._dependents[topic].add(room)
        return await self._bus.subscribe(*room.drawing.topics, RING + room.name)

    async def _look_around(self, ring: str) -> None:
        """Somebody came or went at a place: gather who else does."""
        place = ring.removeprefix(RING)
        a_while = min(GATHER_PEOPLE + GATHER_A_TAB * self.tabs_at(place), GATHER_MOST)
        await asyncio.sleep(GATHER_SEEN if place.startswith(seen.LISTS) else a_while)
        self._ringing.discard(ring)
        await self.rang(place)
