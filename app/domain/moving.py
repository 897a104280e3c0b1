"""Moving a task to another lane or place. The browser says after which task; the rank is chosen here, under a lock.

The ranks around the wanted place are asked for in the query that finds the task. They count tasks in the trash too, as
those keep their places, and no two tasks of a lane may share one.
"""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, func, null, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain import access, news, ranks
from app.domain.access import Actor
from app.domain.direct import Direct
from app.domain.errors import Invalid, NotFound
from app.domain.models import Lane, Task
from app.domain.transaction import Transaction


async def move(tx: Transaction, actor: Actor, task_id: int, lane_id: int, after_id: int | None) -> None:
    """Put the task into the lane, right after the task `after_id`, or first when it is None.

    If that neighbour has left the lane meanwhile, the task goes to the end, which is where the person can see it.
    """
    places = {"lane_id": lane_id, "after_id": after_id}
    task = await access.task_with(tx, actor, task_id, "edit_tasks", _AFTER_A_NEIGHBOUR, **places)
    before, after = task.before, task.after
    if after_id is None:
        before, after = None, task.lowest
    elif before is None and after_id != task_id:
        before, after = task.highest, None
    if after_id != task_id or task.lane_id != lane_id:
        await _place_in(tx, actor, task, lane_id, before, after)


async def send(tx: Transaction, actor: Actor, task_id: int, lane_id: int) -> None:
    """Put the task at the end of a lane."""
    task = await access.task_with(tx, actor, task_id, "edit_tasks", _AT_THE_END, lane_id=lane_id)
    await _place_in(tx, actor, task, lane_id, task.highest, None)


async def shift(tx: Transaction, actor: Actor, task_id: int, where: str) -> None:
    """Move the task within its lane: `where` is top, up, down or bottom."""
    if where not in _GAPS:
        raise Invalid("A task moves to the top, up, down or to the bottom.")
    task = await access.task_with(tx, actor, task_id, "edit_tasks", _GAPS[where])
    if (where == "up" and task.after is None) or (where == "down" and task.before is None):
        return  # There is no task to pass.
    await _place(tx, actor, task, task.board_id, task.lane_id, task.before, task.after)


async def _place_in(
    tx: Transaction, actor: Actor, task: Any, lane_id: int, before: str | None, after: str | None
) -> None:
    """Place it in a lane, of which the query told the board and the name, and whether anybody watches the task."""
    await _place(tx, actor, task, task.lane_board, lane_id, before, after)
    if task.lane_id != lane_id and task.is_watched:
        await news.tell_later(tx, "moved", actor, task.board_id, task.id, details={"lane": task.lane_name})


async def _place(
    tx: Transaction, actor: Actor, task: Any, board_id: int | None, lane_id: int, before: str | None, after: str | None
) -> None:
    """Give a locked task a rank between two others of the lane, unless it lies between them already."""
    if board_id != task.board_id:
        raise NotFound("This lane is gone, or it is on another board.")
    lies_between = (before is None or before < task.rank) and (after is None or task.rank < after)
    if task.lane_id == lane_id and lies_between:
        return
    new = {"lane_id": lane_id, "rank": ranks.between(before, after)}
    details = {"from": task.lane_id, "to": lane_id, "title": task.title}
    await tx.record_writing(task, "task.moved", actor.id, new, **details)


class _Lane:
    """Subqueries for the ranks of a lane's tasks other than the one that moves."""

    def __init__(self, lane_id: Any) -> None:
        self._other = aliased(Task)
        self._here = (col(self._other.lane_id) == lane_id) & (col(self._other.id) != bindparam("task_id"))
        self.board, self.name = (
            select(column).where(col(Lane.id) == lane_id).correlate_except(Lane).scalar_subquery()
            for column in (col(Lane.board_id), col(Lane.name))
        )
        self.lowest = self._edge(func.min)
        self.highest = self._edge(func.max)

    def rank_of(self, task_id: Any) -> "_Edge":
        return self._edge(func.max, col(self._other.id) == task_id, on_show=True)

    def next_above(self, rank: Any, on_show: bool = False) -> "_Edge":
        return self._edge(func.min, col(self._other.rank) > rank, on_show=on_show)

    def next_below(self, rank: Any, on_show: bool = False) -> "_Edge":
        return self._edge(func.max, col(self._other.rank) < rank, on_show=on_show)

    def _edge(self, of: Any, *where: ColumnElement[bool], on_show: bool = False) -> "_Edge":
        query = select(of(col(self._other.rank))).where(self._here, *where)
        if on_show:
            query = query.where(col(self._other.trashed_at).is_(None))
        return query.select_from(self._other).correlate_except(self._other).scalar_subquery()


def _gaps() -> dict[str, Direct]:
    """By where a task goes in its own lane: the task, and the ranks on both sides of that place."""
    lane, nothing = _Lane(col(Task.lane_id)), select(null()).scalar_subquery()
    up, down = lane.next_below(col(Task.rank), on_show=True), lane.next_above(col(Task.rank), on_show=True)
    return {
        "top": access.task_and(before=nothing, after=lane.lowest),
        "up": access.task_and(before=lane.next_below(up), after=up),
        "down": access.task_and(before=down, after=lane.next_above(down)),
        "bottom": access.task_and(before=lane.highest, after=nothing),
    }


_Edge = ScalarSelect[str | None]
_GAPS = _gaps()
_there = _Lane(bindparam("lane_id"))
_neighbour = _there.rank_of(bindparam("after_id"))
_lane = {"lane_board": _there.board, "lane_name": _there.name, "is_watched": news.concerns()}
_gap = {"before": _neighbour, "after": _there.next_above(_neighbour)}
_AFTER_A_NEIGHBOUR = access.task_and(**_lane, **_gap, lowest=_there.lowest, highest=_there.highest)
_AT_THE_END = access.task_and(**_lane, highest=_there.highest)
