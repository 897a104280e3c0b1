"""The cards of a board, as they are read: all, some, or those that changes are about, together with the changes."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Integer, bindparam, literal_column, select

from app.domain import history
from app.domain.direct import Direct
from app.domain.history import Happening
from app.domain.models import Assignment, Task, table
from app.domain.snapshots import TaskCard
from app.domain.streams import TOLD
from app.domain.transaction import Transaction

AT_ONCE = 500
"""Tasks that are read between two moments for other things."""
FEW = 8
"""Tasks and changes of which most redraws have fewer: for each number of tasks up to this there is a statement."""

Placed = tuple[str, TaskCard]
"""A card, and the rank that is its place in its lane."""
Along = Mapping[int, Placed | None]
"""What was read along with changes, by task; None for a task that is not on the board any more."""


async def all_of(tx: Transaction, board_id: int) -> AsyncIterator[list[Placed]]:
    """AT_ONCE at a time, as the worker has other people to serve while it reads ten thousand."""
    result = await tx.session.stream(_CARDS, {"board_id": board_id}, execution_options={"yield_per": AT_ONCE})
    rows = [row async for part in result.partitions() for row in part]
    people = _people_on(rows)
    whole = list({row.id: row for row in rows}.values())
    for start in range(0, len(whole), AT_ONCE):
        yield [_placed(row, people) for row in whole[start : start + AT_ONCE]]
        await asyncio.sleep(0)


async def some_of(tx: Transaction, board_id: int, task_ids: Collection[int]) -> list[Placed]:
    """Those among these tasks that are on the board."""
    if len(task_ids) <= FEW:
        ids = {f"task_{place}": task_id for place, task_id in enumerate(task_ids)}
        rows = await tx.rows(_few(len(task_ids)), {"board_id": board_id} | ids)
    else:
        rows = (await tx.session.execute(_SOME, {"board_id": board_id, "task_ids": list(task_ids)})).all()
    people = _people_on(rows)
    return [_placed(row, people) for row in {row.id: row for row in rows}.values()]


async def with_changes(
    tx: Transaction, board_id: int, revisions: Mapping[str, int], most: int
) -> tuple[Sequence[Happening], Along]:
    """As `history.changes_after`, and in the same statement the cards of the tasks that a few changes are about."""
    if not revisions:
        return (), {}
    rows = await tx.rows(_with_changes(len(revisions)), history.bounds(revisions))
    people, changes, along = _people_on(rows), {}, dict[int, Placed | None]()
    for row in rows:
        changes[row.topic, row.revision] = history.Told._make(row[: len(TOLD)])
        if row.entity == "task":
            is_shown = row.board_id == board_id and row.trashed_at is None
            along[row.entity_id] = _placed(row, people) if is_shown else None
    if len(changes) == FEW:
        return await history.changes_after(tx, revisions, most), {}
    return cast(Sequence[Happening], list(changes.values())), along


_task, _person = table(Task).c, table(Assignment).c
_CARD = (
    *(_task.id, _task.rank, _task.lane_id, _task.title, _task.completed_at, _task.priority, _task.due_on),
    (_task.description != "").label("has_description"),
    *(_task.files, _task.comments, _person.person_id),
)
_CARDS = (
    select(*_CARD)
    .select_from(table(Task).outerjoin(table(Assignment), _person.task_id == _task.id))
    .where(_task.board_id == bindparam("board_id"), _task.trashed_at.is_(None))
    .order_by(_person.person_id)
)
"""A row for each person on a task, and one for a task without any."""
_SOME = _CARDS.where(_task.id.in_(bindparam("task_ids", expanding=True)))


@cache
def _few(count: int) -> Direct:
    """The query of so many cards."""
    return Direct(_CARDS.where(_task.id.in_([bindparam(f"task_{place}", type_=Integer) for place in range(count)])))


@cache
def _with_changes(topics: int) -> Direct:
    """The query of `with_changes`: a row for each person on a task that a change is about, or one for a change.

    Whether the task is on the board is not asked: PostgreSQL, to which all boards are as large as the mean, would walk
    through all tasks of a large one.
    """
    few = literal_column(str(FEW), Integer)  # PostgreSQL sees how few, and looks for one task at a time.
    found = history.missed(topics, few)
    first = select(found).order_by(found.c.change_id).limit(few).subquery()
    is_about = (first.c.entity == "task") & (first.c.entity_id == _task.id)
    both = first.outerjoin(table(Task), is_about).outerjoin(table(Assignment), _person.task_id == _task.id)
    rows = select(*history.told(first), *_CARD, _task.board_id, _task.trashed_at).select_from(both)
    return Direct(rows.order_by(first.c.change_id, _person.person_id))


def _people_on(rows: Iterable[Any]) -> dict[int, tuple[int, ...]]:
    """By task who is on it, in order; a task may come with several changes."""
    people: dict[int, dict[int, None]] = {}
    for row in rows:
        if row.person_id is not None:
            people.setdefault(row.id, {})[row.person_id] = None
    return {task_id: tuple(ids) for task_id, ids in people.items()}


def _placed(row: Any, people: Mapping[int, tuple[int, ...]]) -> Placed:
    card = TaskCard(
        id=row.id,
        lane_id=row.lane_id,
        title=row.title,
        is_done=row.completed_at is not None,
        priority=row.priority,
        due_on=row.due_on.isoformat() if row.due_on else "",
        assignees=people.get(row.id, ()),
        has_description=row.has_description,
        files=row.files,
        comments=row.comments,
    )
    return row.rank, card
