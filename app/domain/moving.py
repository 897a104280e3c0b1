"""Moving a task to another lane or place. The browser says after which task; the rank is chosen here, under a lock."""

from sqlalchemy import func, select
from sqlmodel import col

from app.domain import access, ranks
from app.domain.access import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.models import Lane, Task
from app.domain.transaction import Transaction


async def move(tx: Transaction, actor: Actor, task_id: int, lane_id: int, after_id: int | None) -> None:
    """Put the task into the lane, right after the task `after_id`, or first when it is None.

    If that neighbour has left the lane meanwhile, the task goes to the end, which is where the person can see it.
    """
    task = await access.task_for(tx, actor, task_id, "edit_tasks")
    await _place(tx, actor, task, lane_id, after_id)


async def send(tx: Transaction, actor: Actor, task_id: int, lane_id: int) -> None:
    """Put the task at the end of a lane."""
    task = await access.task_for(tx, actor, task_id, "edit_tasks")
    query = select(col(Task.id)).where(
        col(Task.lane_id) == lane_id, col(Task.trashed_at).is_(None), col(Task.id) != task_id
    )
    last = (await tx.session.execute(query.order_by(col(Task.rank).desc()).limit(1))).scalar_one_or_none()
    await _place(tx, actor, task, lane_id, last)


async def shift(tx: Transaction, actor: Actor, task_id: int, where: str) -> None:
    """Move the task within its lane: `where` is top, up, down or bottom."""
    if where not in ("top", "up", "down", "bottom"):
        raise Invalid("A task moves to the top, up, down or to the bottom.")
    task = await access.task_for(tx, actor, task_id, "edit_tasks")
    query = select(col(Task.id)).where(col(Task.lane_id) == task.lane_id, col(Task.trashed_at).is_(None))
    ids = list((await tx.session.execute(query.order_by(col(Task.rank)))).scalars())
    others, place = [id for id in ids if id != task_id], ids.index(task_id)
    wanted = {"top": 0, "up": max(place - 1, 0), "down": min(place + 1, len(others)), "bottom": len(others)}[where]
    await _place(tx, actor, task, task.lane_id, others[wanted - 1] if wanted else None)


async def _place(tx: Transaction, actor: Actor, task: Task, lane_id: int, after_id: int | None) -> None:
    """Put a locked task right after another, or first."""
    lane = await tx.session.get(Lane, lane_id)
    if lane is None or lane.board_id != task.board_id:
        raise NotFound("This lane is gone, or it is on another board.")
    if after_id == task.id:
        return
    before, after = await _neighbours(tx, lane_id, after_id, task.id)
    if task.lane_id == lane_id and _lies_between(task.rank, before, after):
        return
    source, task.lane_id, task.rank = task.lane_id, lane_id, ranks.between(before, after)
    details = {"from": source, "to": lane_id, "after": after_id, "title": task.title}
    await tx.record("board", task.board_id, "task.moved", actor.id, "task", task.id, **details)


async def _neighbours(
    tx: Transaction, lane_id: int, after_id: int | None, task_id: int
) -> tuple[str | None, str | None]:
    """The ranks below and above the wanted place, those of tasks in the trash included."""
    others = (col(Task.lane_id) == lane_id) & (col(Task.id) != task_id)
    if after_id is None:
        return None, (await tx.session.execute(select(func.min(col(Task.rank))).where(others))).scalar()
    place = select(col(Task.rank)).where(others, col(Task.id) == after_id, col(Task.trashed_at).is_(None))
    before = (await tx.session.execute(place)).scalar_one_or_none()
    if before is None:
        return (await tx.session.execute(select(func.max(col(Task.rank))).where(others))).scalar(), None
    above = select(func.min(col(Task.rank))).where(others, col(Task.rank) > before)
    return before, (await tx.session.execute(above)).scalar()


def _lies_between(rank: str, before: str | None, after: str | None) -> bool:
    return (before is None or before < rank) and (after is None or rank < after)
