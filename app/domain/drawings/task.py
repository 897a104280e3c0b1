"""The open task: what its card does not show."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlmodel import col

from app.domain import text
from app.domain.drawings import Happening, Usual, touched_tasks
from app.domain.drawings.people import members_around
from app.domain.models import Attachment, Board, Person, Task
from app.domain.snapshots import FileView, Snapshot, TaskDetail
from app.domain.streams import topic
from app.domain.transaction import Transaction


class TaskDrawing(Usual):
    def __init__(self, task_id: int) -> None:
        self.task_id = task_id
        self.topics: tuple[str, ...] = ()
        self.viewers: frozenset[int] = frozenset()
        self._detail: TaskDetail | None = None

    async def draw(self, tx: Transaction) -> bool:
        query = (
            select(Task, col(Board.workspace_id), col(Person.name))
            .join(Board, col(Board.id) == col(Task.board_id))
            .join(Person, col(Person.id) == col(Task.created_by))
            .where(col(Task.id) == self.task_id)
        )
        row = (await tx.session.execute(query)).one_or_none()
        if row is None:
            self.viewers = frozenset()
            return False
        task, workspace_id, creator = row
        self.topics = (topic("board", task.board_id), topic("workspace", workspace_id))
        self.viewers = frozenset((await members_around(tx, task.board_id))[1])
        self._detail = TaskDetail(
            id=self.task_id,
            board_id=task.board_id,
            title=task.title,
            title_version=task.title_version,
            description=task.description,
            description_version=task.description_version,
            created_by=task.author or creator,
            created_at=task.created_at.isoformat(),
            is_trashed=task.trashed_at is not None,
            files=await _files(tx, self.task_id) if task.files else (),
            brought_by=creator if task.author else "",
        )
        return bool(self.viewers)

    async def redraw(self, tx: Transaction, changes: Sequence[Happening]) -> bool:
        return await self.draw(tx) if self.needs_snapshot(changes) else True

    def needs_snapshot(self, changes: Sequence[Happening]) -> bool:
        """Most of what happens to a board is about other tasks, and what is said about this one is drawn in talk.py."""
        concerns_people = any(change.entity in ("member", "workspace", "board") for change in changes)
        silent = [change for change in changes if not change.kind.startswith("comment.")]
        return concerns_people or self.task_id in touched_tasks(silent)

    def entities(self) -> Mapping[str, Snapshot]:
        assert self._detail is not None
        return {f"d{self.task_id}": self._detail}


async def _files(tx: Transaction, task_id: int) -> tuple[FileView, ...]:
    """In the order in which they were added."""
    query = (
        select(Attachment, col(Person.name))
        .join(Person, col(Person.id) == col(Attachment.created_by))
        .where(col(Attachment.task_id) == task_id, col(Attachment.trashed_at).is_(None))
        .order_by(col(Attachment.id))
        .execution_options(populate_existing=True)
    )
    return tuple(
        FileView(
            id=file.id,
            name=file.name,
            size=text.size(file.size),
            has_thumb=file.thumb != "",
            added_by_id=file.created_by,
            added_by=name,
            added_at=file.created_at.isoformat(),
        )
        for file, name in (await tx.session.execute(query)).all()
    )
