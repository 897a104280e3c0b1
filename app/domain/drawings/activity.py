"""What happened, as people read it: on a task, on a board, in a workspace. A page at a time, newest first.

It is read from `change`, so whoever asks is shown what they may see now: not the private boards of others, nor what a
comment said that was removed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, or_, select, union_all
from sqlmodel import col

from app.domain import access, excerpts, locks
from app.domain.access import Actor, role_in
from app.domain.drawings.happenings import ENTITIES, HIDDEN, Names, line
from app.domain.errors import Invalid, NotFound
from app.domain.models import Board, Change, Comment, Lane, Member, Person, Task, Workspace, table
from app.domain.permissions import may
from app.domain.snapshots import ActivityEntry, ActivityGroup
from app.domain.streams import TOLD, topic
from app.domain.transaction import Transaction

PAGE = 50
"""Things on a page."""
TOGETHER = timedelta(minutes=15)
"""What one person does with no longer pauses is shown as one."""
EXCERPT = 160
"""Characters that are shown of a text."""


@dataclass(frozen=True)
class Point:
    """From where to look back: `until` a revision of the board, before the change `before`, or to the end of a day."""

    until: int = 0
    before: int = 0
    day: date | None = None
    zone: str = "UTC"

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.until:
            found.append(_change.revision <= self.until)
        if self.before:
            found.append(_change.id < self.before)
        if self.day:
            try:
                end = datetime.combine(self.day + timedelta(days=1), time(), ZoneInfo(self.zone))
            except (ValueError, OverflowError, OSError, KeyError):
                raise Invalid("This day could not be understood. Choose another one.") from None
            found.append(_change.at < end.astimezone(UTC))
        return found


@dataclass
class Page:
    """`title` is what it is about, `older` the change before which the next page begins, or 0."""

    title: str
    groups: list[ActivityGroup] = field(default_factory=list)
    older: int = 0


async def of_board(tx: Transaction, actor: Actor, board_id: int, point: Point, task_id: int = 0) -> Page:
    """What happened on a board, or to one task of it."""
    board = await _board(tx, actor, board_id)
    query = _CHANGES.where(_change.topic == topic("board", board_id), *point.conditions())
    title = board.name
    if task_id:
        task, _, _ = await access.looking_at_task(tx, actor, task_id)
        if task.board_id != board_id:
            raise NotFound("This task is gone, or it is not shared with you.")
        title = task.title
        query = query.where(_change.entity == "task", _change.entity_id == task_id)
        query = query.order_by(_change.id.desc())
    else:
        query = query.order_by(_change.revision.desc())
    rows = (await tx.session.execute(query.limit(PAGE + 1))).all()
    return await _page(tx, title, rows, {board_id})


async def of_workspace(tx: Transaction, actor: Actor, workspace_id: int, point: Point) -> Page:
    """What happened in a workspace and on those of its boards that the actor can see."""
    role = await role_in(tx, actor.id, workspace_id)
    if role is None:
        raise NotFound("There is no such workspace, or you are not a member of it.")
    workspace = await tx.session.get_one(Workspace, workspace_id)
    boards = select(col(Board.id)).where(col(Board.workspace_id) == workspace_id, locks.is_shared_with(actor.id))
    board_ids = set((await tx.session.execute(boards)).scalars())
    topics = [topic("workspace", workspace_id), *(topic("board", id) for id in sorted(board_ids))]
    where = [*point.conditions(), or_(_change.entity != "board", _change.entity_id.in_(board_ids))]
    if not may(role, "invite"):
        where.append(_change.entity != "invite")
    parts = [
        _CHANGES.where(_change.topic == name, *where).order_by(_change.revision.desc()).limit(PAGE + 1).subquery()
        for name in topics
    ]
    newest = union_all(*(select(part) for part in parts)).subquery()
    rows = (await tx.session.execute(select(newest).order_by(newest.c.id.desc()).limit(PAGE + 1))).all()
    return await _page(tx, workspace.name, rows, board_ids)


async def _board(tx: Transaction, actor: Actor, board_id: int) -> Board:
    query = (
        select(Board)
        .join(Workspace, (col(Workspace.id) == col(Board.workspace_id)) & col(Workspace.deleted_at).is_(None))
        .join(Member, (col(Member.workspace_id) == col(Board.workspace_id)) & (col(Member.person_id) == actor.id))
        .where(col(Board.id) == board_id, locks.is_shared_with(actor.id))
    )
    board = (await tx.session.execute(query)).scalar_one_or_none()
    if board is None:
        raise NotFound("There is no such board, or it is not shared with you.")
    return board


async def _page(tx: Transaction, title: str, rows: Sequence[Any], board_ids: set[int]) -> Page:
    """`board_ids` are the boards that the reader can see: of others even the name is none of their business."""
    shown = rows[:PAGE]
    names = await _names(tx, shown, board_ids)
    groups: list[ActivityGroup] = []
    for row in shown:
        entry, actor = _entry(row, names), names.people.get(row.actor_id, "Somebody")
        if groups and groups[-1].actor_id == (row.actor_id or 0) and _is_close(groups[-1].lines[-1], entry):
            groups[-1] = replace(groups[-1], lines=(*groups[-1].lines, entry))
        else:
            groups.append(ActivityGroup(entry.id, row.actor_id or 0, actor, (entry,)))
    return Page(title, groups, shown[-1].id if len(rows) > PAGE else 0)


def _is_close(later: ActivityEntry, earlier: ActivityEntry) -> bool:
    return datetime.fromisoformat(later.at) - datetime.fromisoformat(earlier.at) <= TOGETHER


def _entry(row: Any, names: Names) -> ActivityEntry:
    said = line(row, names)
    noun, _, id = row.topic.partition(":")
    board_id = int(id) if noun == "board" else row.entity_id if row.entity == "board" else 0
    return ActivityEntry(
        id=row.id,
        revision=row.revision,
        kind=row.kind,
        words=said.words,
        subject=said.subject,
        before=_cut(said.before),
        after=_cut(said.after),
        task_id=row.entity_id if row.entity == "task" else 0,
        board_id=board_id if board_id in names.boards else 0,
        board=names.boards.get(board_id, ""),
        at=row.at.isoformat(),
    )


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= EXCERPT else f"{flat[: EXCERPT - 1]}…"


async def _names(tx: Transaction, rows: Sequence[Any], board_ids: set[int]) -> Names:
    """What the changes are about, by id: a statement for each kind of thing."""
    wanted: dict[str, set[int]] = {noun: set() for noun in ("person", "task", "lane", "comment", "board")}
    for row in rows:
        wanted["person"].add(row.actor_id or 0)
        wanted["person"].add(row.details.get("person_id", 0))
        wanted["comment"].add(row.details.get("comment_id", 0))
        if row.topic.startswith("board:"):
            wanted["board"].add(int(row.topic.partition(":")[2]))
        if noun := ENTITIES.get(row.entity):
            wanted[noun].add(row.entity_id)
        if row.kind == "task.moved":
            wanted["lane"] |= {row.details["from"], row.details["to"]}
        if row.kind == "lane.deleted":
            wanted["lane"].add(row.details["to"] or 0)
    said = select(col(Comment.id), col(Comment.body)).where(col(Comment.trashed_at).is_(None))
    bodies = await _by_id(tx, said, col(Comment.id), wanted["comment"])
    return Names(
        people=await _by_id(tx, select(col(Person.id), col(Person.name)), col(Person.id), wanted["person"]),
        tasks=await _by_id(tx, select(col(Task.id), col(Task.title)), col(Task.id), wanted["task"]),
        lanes=await _by_id(tx, select(col(Lane.id), col(Lane.name)), col(Lane.id), wanted["lane"]),
        boards=await _by_id(tx, select(col(Board.id), col(Board.name)), col(Board.id), wanted["board"] & board_ids),
        comments={id: excerpts.gist(body) for id, body in bodies.items()},
    )


async def _by_id(tx: Transaction, query: Select[Any, Any], id: Any, ids: set[int]) -> dict[int, str]:
    if not (ids := ids - {0}):
        return {}
    return {row[0]: row[1] for row in (await tx.session.execute(query.where(id.in_(ids)))).all()}


_change = table(Change).c
_CHANGES = select(_change.id, *TOLD).where(_change.kind.not_in(HIDDEN))
