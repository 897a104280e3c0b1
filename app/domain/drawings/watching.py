"""How a person stands to a task that they have open: whether they watch it, and why; or by what it is muted."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlmodel import col

from app.domain import audience
from app.domain.access import Actor, looking_at_task
from app.domain.drawings import Happening, Usual, touched_tasks
from app.domain.errors import NotFound
from app.domain.kinds import REASONS
from app.domain.models import Assignment, Watch
from app.domain.snapshots import Snapshot, WatchView
from app.domain.streams import topic
from app.domain.transaction import Transaction


class WatchDrawing(Usual):
    def __init__(self, person_id: int, task_id: int) -> None:
        self.person_id, self.task_id = person_id, task_id
        self.topics: tuple[str, ...] = (topic("inbox", person_id),)
        self.viewers: frozenset[int] = frozenset()
        self._view: WatchView | None = None

    async def draw(self, tx: Transaction) -> bool:
        self.viewers, self._view = frozenset(), None
        try:
            task, board, _ = await looking_at_task(tx, Actor(self.person_id, ""), self.task_id)
        except NotFound:
            return False
        self.viewers = frozenset({self.person_id})
        inbox = topic("inbox", self.person_id)
        self.topics = (inbox, topic("board", board.id), topic("workspace", board.workspace_id))
        here = audience.about(self.task_id, task.lane_id, board.id, board.workspace_id)
        query = select(col(Watch.noun), col(Watch.level), col(Watch.reason)).where(
            col(Watch.person_id) == self.person_id, here
        )
        rows = (await tx.session.execute(query)).all()
        is_on = await tx.session.get(Assignment, (self.task_id, self.person_id), populate_existing=True) is not None
        own = next((row for row in rows if row.noun == "task"), None)
        reasons = [row.reason or _place(row.noun) for row in rows if row.level == "watching"]
        if own is None or own.level != "stopped":
            reasons += ["assigned"] * is_on + ["created"] * (task.created_by == self.person_id and not task.author)
        elif own.level == "stopped":
            reasons = []
        self._view = WatchView(
            task_id=self.task_id,
            is_watching=bool(reasons),
            reason=min(reasons, key=REASONS.index, default=""),
            muted_by=tuple(row.noun for row in rows if row.level == "muted"),
        )
        return True

    async def redraw(self, tx: Transaction, changes: Sequence[Happening]) -> bool:
        return await self.draw(tx) if self._view is None or self.needs_snapshot(changes) else True

    def needs_snapshot(self, changes: Sequence[Happening]) -> bool:
        """Most of what happens to a board is about other tasks, and most news, too."""
        concerns_people = any(change.entity in ("member", "workspace", "board") for change in changes)
        chosen = any(change.kind == "watch.chosen" for change in changes)
        return concerns_people or chosen or self.task_id in touched_tasks(changes)

    def entities(self) -> Mapping[str, Snapshot]:
        assert self._view is not None
        return {f"w{self.task_id}": self._view}


def _place(noun: str) -> str:
    return "watching" if noun == "task" else f"watching_{noun}"
