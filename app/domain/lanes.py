"""The lanes of a board: add, rename, reorder, delete."""

from sqlalchemy import func, select
from sqlmodel import col

from app.domain import access, limits, news, ranks, text, watching
from app.domain.access import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.models import Lane, Task
from app.domain.transaction import Transaction


async def add(tx: Transaction, actor: Actor, board_id: int, name: str) -> int:
    """Add a lane at the right end of the board; its id."""
    name = text.line(name, "A lane's name")
    board = await access.board_for(tx, actor, board_id, "edit_lanes")
    lanes = await _lanes(tx, board_id)
    if len(lanes) >= limits.LANES:
        raise Invalid(f"A board has {limits.LANES} lanes at most.")
    lane = Lane(board_id=board_id, name=name, rank=ranks.between(lanes[-1].rank if lanes else None, None))
    tx.session.add(lane)
    await tx.session.flush()
    await tx.record("board", board.id, "lane.added", actor.id, "lane", lane.id, name=name)
    return lane.id


async def rename(tx: Transaction, actor: Actor, lane_id: int, name: str, seen: str | None = None) -> None:
    """Refused if somebody else was first: `seen` is the name that the person saw."""
    name = text.line(name, "A lane's name")
    lane = await access.lane_for(tx, actor, lane_id, "edit_lanes")
    text.require_seen(seen, lane.name, name)
    if lane.name != name:
        before, lane.name = lane.name, name
        await tx.record(
            "board", lane.board_id, "lane.renamed", actor.id, "lane", lane_id, **{"from": before, "to": name}
        )


async def move(tx: Transaction, actor: Actor, lane_id: int, after_id: int | None) -> None:
    """Put the lane right after the lane `after_id`, first when it is None, last when that lane is gone."""
    lane = await access.lane_for(tx, actor, lane_id, "edit_lanes")
    if after_id == lane_id:
        return
    others = [other for other in await _lanes(tx, lane.board_id) if other.id != lane_id]
    place = 0
    if after_id is not None:
        place = 1 + next((i for i, other in enumerate(others) if other.id == after_id), len(others) - 1)
    await _place(tx, actor, lane, others, place)


async def shift(tx: Transaction, actor: Actor, lane_id: int, where: str) -> None:
    """Move the lane one place: `where` is left or right."""
    if where not in ("left", "right"):
        raise Invalid("A lane moves left or right.")
    lane = await access.lane_for(tx, actor, lane_id, "edit_lanes")
    lanes = await _lanes(tx, lane.board_id)
    place = lanes.index(lane) + (-1 if where == "left" else 1)
    others = [other for other in lanes if other.id != lane_id]
    await _place(tx, actor, lane, others, min(max(place, 0), len(others)))


async def delete(tx: Transaction, actor: Actor, lane_id: int, tasks_to: int | None) -> None:
    """Delete the lane; its tasks, those in the trash too, go to the end of the lane `tasks_to`."""
    lane = await access.lane_for(tx, actor, lane_id, "edit_lanes")
    lanes = await _lanes(tx, lane.board_id)
    if len(lanes) == 1:
        raise Invalid("A board keeps at least one lane. Add another before deleting this one.")
    query = select(Task).where(col(Task.lane_id) == lane_id).order_by(col(Task.rank))
    tasks = list((await tx.session.execute(query)).scalars())
    if tasks and tasks_to is None:
        raise Invalid("This lane has tasks. Choose the lane that they should go to.")
    if tasks_to is not None:
        if tasks_to == lane_id or tasks_to not in {other.id for other in lanes}:
            raise NotFound("The lane for its tasks is gone. Choose another.")
        await _append(tx, tasks, tasks_to)
    await tx.session.flush()
    await tx.session.delete(lane)
    await watching.forget_lane(tx, lane_id)
    moved = [task.id for task in tasks]
    details = {"name": lane.name, "to": tasks_to, "task_ids": moved}
    await tx.record("board", lane.board_id, "lane.deleted", actor.id, "lane", lane_id, **details)
    if moved and (watched := await news.concerning(tx, actor, moved)):
        name = next(other.name for other in lanes if other.id == tasks_to)
        await news.tell_later(tx, "moved", actor, lane.board_id, *watched, details={"lane": name})


async def _place(tx: Transaction, actor: Actor, lane: Lane, others: list[Lane], place: int) -> None:
    """Put a locked lane among the others of its board, so that `place` of them are to its left."""
    before = others[place - 1].rank if place > 0 else None
    after = others[place].rank if place < len(others) else None
    if (before is None or before < lane.rank) and (after is None or lane.rank < after):
        return
    lane.rank = ranks.between(before, after)
    await tx.record("board", lane.board_id, "lane.moved", actor.id, "lane", lane.id, place=place)


async def _append(tx: Transaction, tasks: list[Task], lane_id: int) -> None:
    rank = (await tx.session.execute(select(func.max(col(Task.rank))).where(col(Task.lane_id) == lane_id))).scalar()
    for task in tasks:
        rank = ranks.between(rank, None)
        task.lane_id, task.rank = lane_id, rank


async def _lanes(tx: Transaction, board_id: int) -> list[Lane]:
    query = select(Lane).where(col(Lane.board_id) == board_id).order_by(col(Lane.rank))
    return list((await tx.session.execute(query)).scalars())
