"""Readers: what a page shows, read from the database, whole or just what changed.

A drawing is the only way from a row to a screen. Opening a page, catching up and being patched all come through
here: `draw` reads everything, `redraw` reads again what the changes touched, `entities` is the result, by key.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

from app.domain.history import Happening, changes_after
from app.domain.snapshots import Snapshot
from app.domain.transaction import Transaction

NEVER = datetime.max.replace(tzinfo=UTC)


class Overtaken(Exception):
    """What was read without a snapshot is newer than the rest of the drawing: read it again in one."""


class Drawing(Protocol):
    """`topics` are the streams that it depends on; time alone makes it untrue at `holds_until`."""

    topics: tuple[str, ...]
    holds_until: datetime

    @property
    def viewers(self) -> frozenset[int] | frozenset[str]:
        """Who may look, as last read: people by id; or where something is one person's own, their sign-ins by id."""
        ...

    async def draw(self, tx: Transaction) -> bool:
        """Read everything; False if the thing does not exist any more."""
        ...

    async def missed(self, tx: Transaction, revisions: Mapping[str, int], most: int) -> Sequence[Happening]:
        """As `history.changes_after`; what it reads along, a redraw in the same transaction need not."""
        ...

    async def redraw(self, tx: Transaction, changes: Sequence[Happening]) -> bool:
        """Read again what these changes touched; False if the thing does not exist any more."""
        ...

    def needs_snapshot(self, changes: Sequence[Happening]) -> bool:
        """Whether a redraw of these reads more than one statement, which must agree."""
        ...

    def widen(self, wanted: Mapping[int, int]) -> bool:
        """Show more, and no more, than it shows everybody: so many tasks of these lanes, these people.

        False if it must be drawn anew for that.
        """
        ...

    def entities(self) -> Mapping[str, Snapshot]:
        """What is on show, by key: `t17` a task, `l3` a lane, `h` the header, `p7` a person."""
        ...


class Usual:
    """What most drawings answer where few have more to say: time changes nothing, and everybody is shown all of it."""

    holds_until: datetime = NEVER

    async def missed(self, tx: Transaction, revisions: Mapping[str, int], most: int) -> Sequence[Happening]:
        return await changes_after(tx, revisions, most)

    def widen(self, wanted: Mapping[int, int]) -> bool:
        return True


def touched_tasks(changes: Sequence[Happening]) -> set[int]:
    """The ids of the tasks that the changes are about."""
    touched = {change.entity_id for change in changes if change.entity == "task"}
    for change in changes:
        touched.update(change.details.get("task_ids", ()))
    return touched
