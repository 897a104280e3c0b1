"""A drawing as tests keep it up with what happens."""

from collections.abc import Mapping
from typing import Any

from app.domain import history
from app.domain.drawings import Drawing
from tests.support.world import World


class Kept:
    """A drawing, kept up as a room does it."""

    def __init__(self, world: World, drawing: Drawing) -> None:
        self.world, self.drawing = world, drawing
        self.is_there = False
        self.revisions: Mapping[str, int] = {}

    async def open(self) -> "Kept":
        async with self.world.db.reading() as tx:
            self.is_there = await self.drawing.draw(tx)
            self.revisions = await history.revisions(tx, self.drawing.topics)
        return self

    async def follow(self) -> None:
        if not self.is_there:  # It may depend on no topic yet.
            await self.open()
            return
        async with self.world.db.glancing() as tx:
            changes = await self.drawing.missed(tx, self.revisions, 500)
            if changes and not self.drawing.needs_snapshot(changes):
                self.is_there = await self.drawing.redraw(tx, changes)
                self.revisions = await history.revisions(tx, self.drawing.topics)
                return
        async with self.world.db.reading() as tx:
            if changes := await history.changes_after(tx, self.revisions, 500):
                self.is_there = await self.drawing.redraw(tx, changes)
                self.revisions = await history.revisions(tx, self.drawing.topics)

    def sight(self) -> Any:
        """Everything that a room uses of it."""
        if not self.is_there:
            return "gone"
        return dict(self.drawing.entities()), self.drawing.viewers, set(self.drawing.topics)
