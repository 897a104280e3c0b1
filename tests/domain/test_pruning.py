"""What happened long ago is forgotten, but for the newest of each topic."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlmodel import col

from app.domain import pruning, tasks
from app.domain.models import Change, now
from app.domain.streams import topic
from app.scheduler import Scheduler
from app.settings import load
from tests.support.world import World

DAY = timedelta(days=1)
KEPT = select(col(Change.id)).order_by(col(Change.id))


async def grow_old(world: World, days: float) -> None:
    """All that happened until now happened so long ago."""
    async with world.db.unrecorded() as session:
        await session.execute(update(Change).values(at=now() - days * DAY))


async def revisions_kept(world: World, name: str) -> list[int]:
    return [change.revision for change in await world.changes(name)]


async def prune(world: World, **environment: str) -> None:
    scheduler = Scheduler(world.db, load(environment))
    scheduler.is_the_one = True
    await next(job for job in scheduler.jobs if job.name == "history").work()


async def test_history_is_kept_for_ninety_days_and_the_newest_of_each_topic_for_ever(world: World, monkeypatch):
    monkeypatch.setattr(pruning, "BATCH", 7)
    monkeypatch.setattr(pruning, "_NEXT", pruning._NEXT.limit(7))
    board = topic("board", world.board_id)
    before = await world.revisions()
    await grow_old(world, 91)
    await world.do(tasks.set_priority, world.ana, world.task_id, 3)

    await prune(world)
    assert await revisions_kept(world, board) == [before[board] + 1]
    others = {name: revision for name, revision in before.items() if name != board and revision}
    assert {name: await revisions_kept(world, name) for name in others} == {
        name: [revision] for name, revision in others.items()
    }
    assert (await world.revisions())[board] == before[board] + 1


async def test_what_is_not_that_old_or_is_to_be_kept_for_ever_stays(world: World):
    before = await world.rows(KEPT)
    await grow_old(world, 89)
    await prune(world)
    await grow_old(world, 4000)
    await prune(world, HISTORY_DAYS="0")
    assert await world.rows(KEPT) == before
    await prune(world, HISTORY_DAYS="3999")
    assert len(await world.rows(KEPT)) < len(before)
