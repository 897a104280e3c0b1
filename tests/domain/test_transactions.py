"""What holds for every transaction: no gap in its changes, no trace of one that failed, nothing written by reading."""

import contextlib
from datetime import datetime

import pytest
from sqlalchemy import update
from sqlmodel import col

from app.domain import access, tasks
from app.domain.models import Member, Task
from tests.support.world import Undo, World


async def test_several_verbs_in_one_transaction_leave_no_gap(world: World):
    before = (await world.revisions())["board:1"]
    async with world.db.transaction() as tx:
        await tasks.complete(tx, world.ana, world.task_id)
        await tasks.complete(tx, world.ana, world.task_id)
        await tasks.rename(tx, world.ana, world.task_id, "Check everything", 0)
        await tasks.reopen(tx, world.ana, world.task_id)
        await tasks.reopen(tx, world.ana, world.task_id)
    assert (await world.revisions())["board:1"] == before + 3
    kinds = [(change.revision, change.kind) for change in await world.changes("board:1", before)]
    assert kinds == [(before + 1, "task.completed"), (before + 2, "task.renamed"), (before + 3, "task.reopened")]
    async with world.db.transaction() as tx:
        await tasks.complete(tx, world.ana, world.task_id)
    assert (await world.changes("board:1", before))[-1].revision == before + 4


async def test_a_block_that_fails_leaves_no_trace_and_no_news(world: World):
    before = await world.revisions()
    with pytest.raises(Undo):
        async with world.db.transaction() as tx:
            await tasks.complete(tx, world.ana, world.task_id)
            raise Undo
    assert await world.revisions() == before
    assert world.announced == []


async def test_reading_is_one_snapshot(world: World):
    async with world.db.reading() as tx:
        first = await tx.session.get(Member, (world.workspace_id, world.ben.id))
        await world.give_role(world.ben, "viewer")
        assert first is not None and await access.role_in(tx, world.ben.id, world.workspace_id) == "member"
    assert await world.role(world.ben) == "viewer"


async def test_writing_through_a_reading_keeps_nothing(world: World):
    before = await world.titles("To do")
    with contextlib.suppress(Exception):
        async with world.db.reading() as tx:
            await tasks.add(tx, world.ana, world.lanes["To do"], ["Sneak in"])
            await tx.session.flush()
    assert await world.titles("To do") == before


async def test_a_moment_is_the_same_one_whatever_its_zone(world: World):
    at = datetime.fromisoformat("2027-03-31T10:00+02:00")
    async with world.db.unrecorded() as session:
        await session.execute(update(Task).where(col(Task.id) == world.task_id).values(completed_at=at))
    assert (await world.row(Task, world.task_id)).completed_at == at
