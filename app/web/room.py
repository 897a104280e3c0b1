"""A room: one drawing, as this worker last sent it, and the tabs that are looking at it.

Everything happens under the room's lock: a tab that joins gets the drawing and from then on every patch, in order.
Tabs that come at once share what one of them makes the room read, and one encoding of the drawing.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from app.db import Database
from app.domain import history
from app.domain.drawings import Drawing, Happening, Overtaken
from app.domain.errors import Busy, NotFound
from app.domain.models import now
from app.domain.snapshots import Snapshot
from app.domain.transaction import Transaction
from app.figures.declared import CAUGHT_UP, DRAWN_ANEW
from app.web import deltas
from app.web.background import soon
from app.web.delays import Delays
from app.web.farewells import Parting
from app.web.feed import GAP, Feed, is_broken
from app.web.wants import Wants
from app.web.wire import Wire

KEEP_EMPTY = 20.0
"""Seconds that a room without tabs is kept, for those who come right back."""
BUSY = "Tandem is busy just now."
MISSING = "This is gone, or it is not shared with you."
ENDED = "You were signed out on this device. Sign in again to go on."
OWN = ("home:", "devices:")
"""Rooms that are one person's own: who is let go from one of them is signed out."""
NEW_ROLES = ("member.role_changed", "workspace.handed_over")

PAUSE = 0.004
"""Seconds at least between two patches to the same tabs. The first after a quiet time goes out at once."""
PAUSE_A_TAB = 0.0002
"""Seconds that each tab adds: the more there are, the more one patch should bring."""
LONGEST_PAUSE = 0.25

Evict = Callable[[Parting], None]
"""Called when a tab was let go, because its person may no longer look, or there is nothing left to look at."""
Tell = Callable[[Parting, Happening], None]
"""Called when a tab has been sent what shows that its person has another role now, by the change that gave it."""


class Room:
    def __init__(
        self, name: str, drawing: Drawing, db: Database, feed: Feed, wire: Wire, evict: Evict, tell: Tell
    ) -> None:
        self.name, self.drawing = name, drawing
        self.tabs: dict[str, int] = {}
        self.empty_since = time.monotonic()
        self.revisions: dict[str, int] = {}
        self._db, self._feed, self._wire, self._evict, self._tell = db, feed, wire, evict, tell
        self._new_roles: list[Happening] = []
        self._lock = asyncio.Lock()
        self._is_due = self._is_doubted = False
        self._drawn: dict[str, Snapshot] = {}
        self._packed: bytes | None = None
        self._wants, self.delays = Wants(), Delays()
        self._is_there = False
        self._sent_revision: int | None = None
        self._as_of = self._failed = self._next = 0.0

    async def join(self, sid: str, person_id: int) -> None:
        """Let a tab in and send it the drawing; NotFound if its person may not look at this."""
        asked_at = time.monotonic()
        async with self._lock:
            if self._failed > asked_at:
                raise Busy(BUSY)  # As those who made us read meanwhile, instead of one after the other.
            if self._as_of < asked_at or not self._is_there:
                await self._catch_up(anew=True)
            if not self._is_there or not self._is_for(sid, person_id):
                raise NotFound(ENDED if self.name.startswith(OWN) else MISSING)
            await self._wire.enter(sid, self.name)
            self.tabs[sid] = person_id
            if self._packed is None:
                self._packed = self._wire.pack(deltas.patch(self._drawn, {}, self.revision) | deltas.door(""))
            self._wire.send(sid, self._packed)
            CAUGHT_UP.add()

    async def leave(self, sid: str) -> None:
        """Let a tab go at once: it need not wait until the room has read what it is reading."""
        if self.tabs.pop(sid, None) is not None:
            await self._wire.leave(sid, self.name)
        if self._wants.forget(sid):
            soon(self._widen())
        if not self.tabs:
            self.empty_since = time.monotonic()

    async def refresh(self, *, anew: bool = False) -> None:
        """Read what changed since the last drawing, as far as was heard or to its end, and send it as one patch.

        Of those who wait for their turn to do so, the first does it for all.
        """
        self._is_doubted |= anew
        if self._is_due:
            return
        self._is_due = True
        try:
            await self._lock.acquire()
        finally:
            self._is_due = False
        try:
            if self.tabs:
                anew, self._is_doubted = self._is_doubted, False
                await self._catch_up(anew=anew)
                self._next = time.monotonic() + min(PAUSE + PAUSE_A_TAB * len(self.tabs), LONGEST_PAUSE)
        finally:
            self._lock.release()

    async def redraw(self) -> None:
        """Read everything again: it is newer than the revisions tell."""
        async with self._lock:
            if self.tabs:
                await self._draw_again()

    async def _draw_again(self) -> None:
        self._is_there, self.revisions = False, dict.fromkeys(self.revisions, 0)
        await self._catch_up(anew=True)

    async def watch(self, sid: str, ids: Collection[int]) -> None:
        """Have these people drawn too, for as long as this tab is here and wants no others."""
        if sid in self.tabs:
            self._wants.only(sid, ids)
            await self._widen()

    async def widen(self, sid: str, lane_id: int, wanted: int) -> None:
        """Show more tasks of a lane, for as long as this tab is here."""
        if sid in self.tabs and f"l{lane_id}" in self._drawn:
            self._wants.more(sid, lane_id, wanted)
            await self._widen()

    async def _widen(self) -> None:
        """Show as much as the one wants who wants most."""
        async with self._lock:
            if self._is_there and self.drawing.widen(self._wants.most()):
                self._send_what_changed()
            elif self._is_there:
                await self._draw_again()

    @property
    def is_abandoned(self) -> bool:
        return not self.tabs and time.monotonic() - self.empty_since > KEEP_EMPTY

    @property
    def is_out_of_date(self) -> bool:
        """Whether time alone has made it untrue, which rings no doorbell: a sign-in has run out, a snooze is over."""
        return self.drawing.holds_until <= now()

    def is_behind(self, newest: Mapping[str, int]) -> bool:
        return any(newest.get(topic, 0) > seen for topic, seen in self.revisions.items())

    @property
    def pause(self) -> float:
        """Seconds until the next patch may go out."""
        return max(0.0, self._next - time.monotonic())

    @property
    def revision(self) -> int | None:
        """That of the board that is on show; rooms of other kinds have none, so that a tab counts in one way only."""
        return self.revisions.get(self.name) if self.name.startswith("board:") else None

    async def _catch_up(self, *, anew: bool) -> None:
        as_of, self._new_roles = time.monotonic(), []
        self.delays.read([])
        try:
            seen = await self._glance(anew) if self._is_there else await self._draw_anew()
        except Overtaken:
            seen = await self._draw_anew()
        except Busy:
            self._failed = time.monotonic()
            raise
        self._as_of = as_of
        if seen == self.revisions:
            return
        self.revisions = {topic: seen[topic] for topic in self.drawing.topics if topic in seen}
        for sid in [sid for sid, person_id in self.tabs.items() if not self._is_for(sid, person_id)]:
            parting = self._parting(sid)
            del self.tabs[sid]
            self._wants.forget(sid)
            await self._wire.leave(sid, self.name)
            self._evict(parting)
        self._send_what_changed()
        for change in self._new_roles:
            for sid in [sid for sid, person_id in self.tabs.items() if person_id == change.entity_id]:
                self._tell(self._parting(sid), change)

    def _parting(self, sid: str) -> Parting:
        return Parting(sid, self.tabs[sid], self.name, self.drawing.topics, self._sent_revision, self._is_there)

    def _is_for(self, sid: str, person_id: int) -> bool:
        viewers = self.drawing.viewers
        return person_id in viewers or self._wire.session_of(sid) in viewers

    async def _glance(self, anew: bool) -> dict[str, int]:
        """Draw what changed since the last time; the revisions of what the drawing depends on.

        Most changes are to tasks alone, and need no snapshot.
        """
        async with self._db.glancing() as tx:
            changes = await self._feed.after(tx, self.revisions, self.drawing.missed, anew=anew)
            if not changes:
                return self.revisions
            is_too_much = len(changes) > GAP or is_broken(self.revisions, changes)
            if not is_too_much and not self.drawing.needs_snapshot(changes):
                return await self._redraw(tx, changes)
        if is_too_much:
            return await self._draw_anew()
        async with self._db.reading() as tx:
            return await self._redraw(tx, await history.changes_after(tx, self.revisions, GAP + 1))

    async def _redraw(self, tx: Transaction, changes: Sequence[Happening]) -> dict[str, int]:
        with self._beginning_anew_after_failures():
            self._is_there = await self.drawing.redraw(tx, changes)
            self.delays.read(change.at for change in changes)
            self._new_roles = [change for change in changes if change.kind in NEW_ROLES]
            seen = self.revisions | {change.topic: change.revision for change in changes}
            missing = set(self.drawing.topics) - seen.keys()
            return seen | await history.revisions(tx, missing) if missing else seen

    async def _draw_anew(self) -> dict[str, int]:
        DRAWN_ANEW.add()
        with self._beginning_anew_after_failures():
            async with self._db.reading() as tx:
                self._is_there = await self.drawing.draw(tx)
                return await history.revisions(tx, self.drawing.topics)

    @contextlib.contextmanager
    def _beginning_anew_after_failures(self) -> Iterator[None]:
        """What fails half-way may have left the drawing half-way: the next time it is drawn whole."""
        try:
            yield
        except BaseException:
            self._is_there, self.revisions = False, dict.fromkeys(self.revisions, 0)
            raise

    def _send_what_changed(self) -> None:
        entities = dict(self.drawing.entities()) if self._is_there else {}
        before, self._drawn, self._packed = self._drawn, entities, None
        changed = {key: new for key, new in entities.items() if (old := before.get(key)) is not new and old != new}
        gone = {key: old for key, old in before.items() if key not in entities}
        before_revision, self._sent_revision = self._sent_revision, self.revision
        if (changed or gone or before_revision != self.revision) and self.tabs:
            with self.delays.sending(self.revision):
                self._wire.send_room(self.name, deltas.patch(changed, gone, self.revision))
