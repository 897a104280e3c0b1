"""A room: one drawing, as this worker last sent it, and the tabs that are looking at it.

Everything happens under the room's lock: a tab that joins gets the drawing and from then on every patch, in order.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping

from app.db import Database
from app.domain import history
from app.domain.drawings import Drawing
from app.domain.drawings.board import BoardDrawing
from app.domain.drawings.home import HomeDrawing
from app.domain.drawings.task import TaskDrawing
from app.domain.drawings.workspace import InvitesDrawing, WorkspaceDrawing
from app.domain.errors import NotFound
from app.domain.snapshots import Snapshot
from app.web import store
from app.web.wire import Wire

logger = logging.getLogger(__name__)

KINDS: dict[str, Callable[[int], Drawing]] = {
    "board": BoardDrawing,
    "task": TaskDrawing,
    "workspace": WorkspaceDrawing,
    "invites": InvitesDrawing,
    "home": HomeDrawing,
}
"""What there are rooms of: a room's name is a kind and an id, `board:12`."""

GAP = 500
"""Missed changes from which on a fresh drawing is cheaper than following them."""
MISSING = "This is gone, or it is not shared with you."

Evict = Callable[[str, str, bool], None]


class Room:
    def __init__(self, name: str, db: Database, wire: Wire, evict: Evict) -> None:
        kind, _, id = name.partition(":")
        self.name = name
        self.drawing = KINDS[kind](int(id))
        self.tabs: dict[str, int] = {}
        self.empty_since = time.monotonic()
        self.revisions: dict[str, int] = {}
        self._db, self._wire, self._evict = db, wire, evict
        self._lock = asyncio.Lock()
        self._drawn: dict[str, Snapshot] = {}
        self._is_there = False

    async def join(self, sid: str, person_id: int) -> None:
        """Let a tab in and send it the drawing; NotFound if its person may not look at this."""
        async with self._lock:
            await self._catch_up()
            if not self._is_there or person_id not in self.drawing.viewers:
                raise NotFound(MISSING)
            await self._wire.enter(sid, self.name)
            self.tabs[sid] = person_id
            await self._wire.send(sid, store.patch(self._drawn, {}, self.revision) | store.door(""))

    async def leave(self, sid: str) -> None:
        async with self._lock:
            if self.tabs.pop(sid, None) is not None:
                await self._wire.leave(sid, self.name)
            if not self.tabs:
                self.empty_since = time.monotonic()

    async def refresh(self) -> None:
        """Read what changed since the last drawing and send it as one patch."""
        async with self._lock:
            if self.tabs:
                await self._catch_up()

    async def widen(self, lane_id: int, wanted: int) -> None:
        """Show more tasks of a lane of a board."""
        async with self._lock:
            if isinstance(self.drawing, BoardDrawing) and self._is_there:
                self.drawing.widen(lane_id, wanted)
                await self._send_what_changed()

    def is_behind(self, newest: Mapping[str, int]) -> bool:
        return any(newest.get(topic, 0) > seen for topic, seen in self.revisions.items())

    @property
    def revision(self) -> int | None:
        """That of the board that is on show; rooms of other kinds have none, so that a tab counts in one way only."""
        return self.revisions.get(self.name) if isinstance(self.drawing, BoardDrawing) else None

    async def _catch_up(self) -> None:
        async with self._db.reading() as tx:
            changes = await history.changes_after(tx, self.revisions, GAP + 1) if self.revisions else None
            if changes == []:
                return
            if changes is None or len(changes) > GAP or not self._is_there:
                self._is_there = await self.drawing.draw(tx)
                seen = await history.revisions(tx, self.drawing.topics)
            else:
                self._is_there = await self.drawing.redraw(tx, changes)
                seen = self.revisions | {change.topic: change.revision for change in changes}
            missing = set(self.drawing.topics) - seen.keys()
            if missing:
                seen |= await history.revisions(tx, missing)
        self.revisions = {topic: seen[topic] for topic in self.drawing.topics if topic in seen}
        for sid in [sid for sid, person_id in self.tabs.items() if person_id not in self.drawing.viewers]:
            del self.tabs[sid]
            await self._wire.leave(sid, self.name)
            self._evict(sid, self.name, self._is_there)
        await self._send_what_changed()

    async def _send_what_changed(self) -> None:
        entities = dict(self.drawing.entities()) if self._is_there else {}
        before, self._drawn = self._drawn, entities
        changed = {key: new for key, new in entities.items() if before.get(key) != new}
        gone = {key: old for key, old in before.items() if key not in entities}
        if (changed or gone) and self.tabs:
            await self._wire.send_room(self.name, store.patch(changed, gone, self.revision))
