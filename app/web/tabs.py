"""Where each tab of this worker is: the rooms that it is in, its way there, and how it leaves.

A page says which rooms it is about and which it would show beside them; a wish (wishes.py) is kept until it is
fulfilled, so that what broke off on the way is made up for.
"""

from collections import defaultdict
from collections.abc import Sequence

from app import presence
from app.bus import Bus
from app.domain.drawings.board import BoardDrawing
from app.domain.drawings.workspace import WorkspaceDrawing
from app.domain.errors import NotFound
from app.web import deltas
from app.web.background import soon
from app.web.nearby import Nearby
from app.web.room import Room
from app.web.rooms import Rooms
from app.web.sight import Sight
from app.web.wire import Wire
from app.web.wishes import Wish, Wishes
from app.web.writing import Writing


class Tabs:
    """`places` are the names of the rooms that each tab is in, by the id of its connection."""

    def __init__(self, wire: Wire, bus: Bus, rooms: Rooms, nearby: Nearby, writing: Writing, sight: Sight) -> None:
        self._wire, self._bus, self._rooms = wire, bus, rooms
        self._nearby, self._writing, self._sight = nearby, writing, sight
        self.places: dict[str, set[str]] = defaultdict(set)
        self.wishes, self._entering, self._shown_out = Wishes(), set[str](), set[str]()
        nearby.unseen = self.unseen
        wire.on_gone(lambda sid, closed: soon(self.gone(sid, closed)))

    async def enter(self, sid: str, person_id: int, *names: str, aside: Sequence[str] = ()) -> list[str]:
        """Let a tab into these rooms and out of all others.

        NotFound for one of `names` that its person may not look at; those of `aside` are returned.
        """
        self.wishes.want(sid, Wish(person_id, names, tuple(aside)))
        return await self._fulfil(sid)

    async def look_aside(self, sid: str, name: str) -> None:
        """Let a tab, which stays where it is, into one more room, if its person may look at that."""
        self.wishes.add(sid, name)
        await self._fulfil(sid)

    async def look_back(self, sid: str, kind: str) -> None:
        """Let it out of the rooms of a kind again into which it has looked aside."""
        wish = self.wishes.of(sid)
        if names := [name for name in (wish.aside if wish else ()) if name.startswith(f"{kind}:")]:
            self.wishes.give_up(sid, names)
            await self._fulfil(sid)

    def complete(self) -> None:
        """Bring those to where they want to be who are not there: their way broke off."""
        for sid in self.wishes.unfulfilled(self.places):
            soon(self._complete(sid))

    async def show_door(self, sid: str, sentence: str) -> None:
        """Take a tab out of what it was looking at, and say why; its person's own list of places stays."""
        self._shown_out.add(sid)
        self.wishes.forget(sid)
        for name in [name for name in self.places[sid] if not name.startswith("home:")]:
            await self._leave(sid, name, presence.AFTER_CLOSING)
        self._wire.send(sid, deltas.door(sentence))
        if not self._wire.is_connected(sid):
            await self.gone(sid, closed=False)

    def lose_aside(self, sid: str, name: str) -> None:
        """A room beside what a tab is about has let go of it."""
        self.places[sid].discard(name)
        self._look_at(sid)
        self.wishes.give_up(sid, [name])

    async def gone(self, sid: str, closed: bool) -> None:
        self._shown_out.discard(sid)
        self.wishes.forget(sid)
        self._sight.lose(sid)
        for name in self.places.pop(sid, set()):
            await self._leave(sid, name, presence.AFTER_CLOSING if closed else presence.AFTER_LOSING)

    @property
    def count(self) -> int:
        """Those that show something."""
        return sum(map(bool, self.places.values()))

    def people(self) -> set[int]:
        """Whose they are."""
        homes = (name for names in self.places.values() for name in names if name.startswith("home:"))
        return {int(name.removeprefix("home:")) for name in homes}

    def room_of(self, sid: str, name: str) -> Room | None:
        """The room of this name, if the tab is in it."""
        return self._rooms.get(name) if name in self.places.get(sid, ()) else None

    def board_of(self, sid: str, task_id: int) -> Room | None:
        """The room of the board that a tab shows, if it shows this task of it as well."""
        task = self._rooms.get(f"task:{task_id}")
        if task is None or sid not in task.tabs:
            return None
        boards = (self._rooms.get(topic) for topic in task.drawing.topics if topic.startswith("board:"))
        return next((board for board in boards if board and sid in board.tabs), None)

    def unseen(self, place: str) -> frozenset[int]:
        """The people of whom nothing is kept or shown there: on a board or page, or before a task (sight.py)."""
        if place.startswith("sight:"):
            task = self._rooms.get(place.replace("sight:", "task:"))
            place = next((topic for topic in task.drawing.topics if topic.startswith("board:")), "") if task else ""
        drawing = room.drawing if (room := self._rooms.get(place)) else None
        return drawing.unseen if isinstance(drawing, (BoardDrawing, WorkspaceDrawing)) else frozenset()

    async def _fulfil(self, sid: str) -> list[str]:
        """Bring a tab to where it wants to be; the rooms aside that its person may not look at, which it gives up."""
        wish, refused = self.wishes.of(sid), []
        if wish is None:
            return refused
        self._entering.add(sid)
        try:
            for name in self.places[sid] - wish.all:
                await self._leave(sid, name, presence.AFTER_CLOSING)
            if sid in self._shown_out:
                self._shown_out.discard(sid)
                self._wire.send(sid, deltas.door(""))
            for name in (*wish.names, *wish.aside):
                try:
                    await self._join(sid, wish.person_id, name)
                except NotFound:
                    if name in wish.names:
                        self.wishes.forget(sid)
                        raise
                    refused.append(name)
            self._look_at(sid)
            self._wire.send(sid, deltas.opened(is_slow=not self._bus.is_up, is_waiting=False))
            self.wishes.give_up(sid, refused)
        finally:
            self._entering.discard(sid)
        if not self._wire.is_connected(sid):  # It went away while it was let in.
            await self.gone(sid, closed=False)
        return refused

    async def _complete(self, sid: str) -> None:
        """Go on where opening a page was broken off: by a database that was away, by the next page."""
        if sid not in self._entering:
            try:
                await self._fulfil(sid)
            except NotFound as refusal:
                await self.show_door(sid, refusal.sentence)

    async def _join(self, sid: str, person_id: int, name: str) -> None:
        if name in self.places[sid]:
            return
        await self._rooms.join(sid, person_id, name)
        self.places[sid].add(name)
        if name.startswith("board:"):
            self._wire.shows(sid, name)
        if name.startswith(("board:", "home:", "workspace:")):
            self._nearby.arrive(sid, person_id, name)
        elif name.startswith("task:"):
            soon(self._writing.greet(sid, name))

    def _look_at(self, sid: str) -> None:
        """Tell which task a tab shows, if it is one of the board beneath."""
        for name in self.places[sid]:
            if name.startswith("board:"):
                ids = [int(aside[5:]) for aside in self.places[sid] if aside.startswith("task:")]
                self._nearby.look_at(sid, name, next((id for id in ids if self.board_of(sid, id)), 0))

    async def _leave(self, sid: str, name: str, lingers: float) -> None:
        if name.startswith("board:"):
            self._wire.shows(sid, "")
        if sid in self.places:
            self.places[sid].discard(name)
        if room := self._rooms.get(name):
            await room.leave(sid)
        self._nearby.leave(sid, name, 0 if name.startswith("home:") else lingers)
