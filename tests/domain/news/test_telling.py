"""Each change is told once, in its order, to those who watch: whatever moves tasks, and whoever dies on the way."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.domain import lanes, news, sharing, tasks, watching
from app.domain.models import News, Telling, now
from app.scheduler import LEFT_OVER, Scheduler
from app.settings import load
from tests.domain.news.told import Post, rows_of
from tests.domain.test_statements import noting
from tests.support.world import World


async def test_one_change_tells_nobody_twice(world: World, post: Post):
    async with world.db.transaction() as tx:
        await tx.record("board", world.board_id, "comment.added", world.ana.id, "task", world.task_id)
        about = {"actor": world.ana, "board_id": world.board_id, "task_id": world.task_id}
        await news.tell(tx, "mentioned", **about, also=[world.ben.id])
        await news.tell_later(tx, "commented", world.ana, world.board_id, world.task_id)
        await news.tell_watchers(tx, world.task_id)
        kinds = [row.kind for row in await rows_of(tx, world.ben) if row.change_revision == tx.last[1]]
        assert kinds == ["mentioned"]


async def test_what_the_deletion_of_a_lane_moves_is_told_of_each_task_to_those_who_watch_it(world: World):
    mine, theirs, *_ = await world.titles("Doing")
    for person, title in ((world.cleo, mine), (world.cleo, theirs), (world.ben, theirs)):
        await world.do(watching.choose, person, "task", world.tasks[title], "watching")
    await world.do(watching.choose, world.cleo, "task", world.tasks[theirs], "muted")
    await world.do(lanes.delete, world.ana, world.lanes["Doing"], world.lanes["Done"])
    told = col(News.person_id), col(News.task_id), col(News.details)
    async with world.db.reading() as tx:
        query = select(*told).where(col(News.kind) == "moved", col(News.is_shown), col(News.person_id) != world.ana.id)
        rows = (await tx.session.execute(query)).all()
        left = (await tx.session.execute(select(col(Telling.id)))).all()
    assert (world.cleo.id, world.tasks[mine], {"lane": "Done"}) in rows
    assert (world.ben.id, world.tasks[theirs], {"lane": "Done"}) in rows
    assert (world.cleo.id, world.tasks[theirs], {"lane": "Done"}) not in rows
    assert len(rows) == len(set(map(str, rows))) and not left


async def test_who_loses_a_board_that_becomes_somebodys_own_is_told(world: World):
    await world.do(sharing.close, world.ana, world.board_id, "me")
    kept = await world.rows(select(News).where(col(News.kind) == "removed"))
    assert {(row.person_id, row.details["board"], row.board_id) for row in kept} == {
        (world.ben.id, "Launch", None),
        (world.cleo.id, "Launch", None),
    }


async def test_what_was_left_over_by_a_worker_that_was_killed_is_told_by_the_scheduler_once(world: World):
    world.db.follow = noting([])  # It died right after the commit.
    await world.do(tasks.complete, world.ana, world.task_id)
    await world.do(tasks.reopen, world.ana, world.task_id)
    count = select(func.count()).where(col(News.person_id) == world.ben.id, col(News.task_id) == world.task_id)
    [before] = await world.rows(count)
    later = Scheduler(world.db, load({}), lambda: now() + 2 * LEFT_OVER)
    await Scheduler(world.db, load({}))._tell_left_over()
    assert await world.rows(count) == [before], "The premise: it waits a moment for the worker."
    await asyncio.gather(*(later._tell_left_over() for _ in range(3)), world.db.tell_watchers([world.task_id]))
    assert await world.rows(count) == [before + 2]
    newest = select(col(News.kind)).where(
        col(News.person_id) == world.ben.id, col(News.task_id) == world.task_id, col(News.is_newest)
    )
    assert await world.rows(newest) == ["reopened"]
    assert await world.rows(select(col(Telling.id))) == []


async def test_what_is_meant_for_somebody_comes_after_what_happened_before_it(world: World, post: Post):
    world.db.follow = noting([])
    await world.do(tasks.complete, world.ana, world.task_id)
    await world.do(tasks.unassign, world.ana, world.task_id, world.ben.id)
    mine = col(News.person_id) == world.ben.id, col(News.task_id) == world.task_id
    kinds = await world.rows(select(col(News.kind)).where(*mine).order_by(col(News.id).desc()).limit(2))
    assert kinds == ["unassigned", "completed"]
    assert await world.rows(select(col(News.kind)).where(*mine, col(News.is_newest))) == ["unassigned"]


async def test_who_stops_watching_is_told_only_what_is_meant_for_them(world: World, post: Post):
    await world.do(watching.choose, world.ben, "task", world.task_id, "stopped")
    async with world.db.transaction() as tx:
        before = len(await rows_of(tx, world.ben))
        await tasks.complete(tx, world.ana, world.task_id)
        await news.tell_watchers(tx, world.task_id)
        assert len(await rows_of(tx, world.ben)) == before
        await tasks.unassign(tx, world.ana, world.task_id, world.ben.id)
        assert len(await rows_of(tx, world.ben)) == before + 1


@pytest.mark.parametrize("noun", ["task", "lane", "board", "workspace"])
async def test_watching_anything_around_a_task_is_watching_it(world: World, post: Post, noun: Any):
    places = {
        "task": world.task_id,
        "lane": world.lanes["To do"],
        "board": world.board_id,
        "workspace": world.workspace_id,
    }
    await world.do(watching.choose, world.cleo, noun, places[noun], "watching")
    async with world.db.transaction() as tx:
        await tasks.complete(tx, world.ben, world.task_id)
        await news.tell_watchers(tx, world.task_id)
        [row] = [row for row in await rows_of(tx, world.cleo) if row.kind == "completed" and row.actor_id == 2]
        assert row.reason == ("watching" if noun == "task" else f"watching_{noun}")
