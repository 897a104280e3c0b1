"""What was thrown away long ago is forgotten for good, with all that belongs to it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.domain import comments, reactions, tasks, trash, watching
from app.domain.models import Assignment, Comment, CommentEdit, Mention, News, Reaction, Task, Watch, now
from tests.support.world import World


async def say(world: World, body: str) -> int:
    return await world.do(comments.add, world.ana, world.task_id, body, str(uuid4()))


async def test_what_was_removed_is_forgotten_after_a_while_with_all_that_belongs_to_it(world: World):
    kept, gone = await say(world, "Kept"), await say(world, "@[Ben](person:2)")
    for comment_id in (kept, gone):
        await world.do(comments.edit, world.ana, comment_id, "@[Cleo](person:3)", 0)
        await world.do(reactions.add, world.ben, comment_id, "sad")
    await world.do(comments.remove, world.ana, gone)
    for before, left in ((now() - timedelta(days=1), [kept, gone]), (now() + timedelta(days=1), [kept])):
        async with world.db.unrecorded() as session:
            assert not await trash.forget(session, before)
        for column in (Comment.id, CommentEdit.comment_id, Mention.comment_id, Reaction.comment_id):
            assert await world.rows(select(col(column)).order_by(col(column))) == left


async def test_a_task_that_was_trashed_is_forgotten_after_a_while_a_few_at_a_time(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("app.domain.trash.AT_ONCE", 2)
    ids = await world.do(tasks.add, world.ana, world.lanes["To do"], [f"Task {number}" for number in range(5)])
    for task_id in ids:
        await world.do(tasks.assign, world.ana, task_id, world.ben.id)
        await world.do(comments.add, world.ben, task_id, "@[Cleo](person:3)", f"{task_id:036}")
        await world.do(watching.choose, world.cleo, "task", task_id, "watching")
        await world.do(tasks.trash, world.ana, task_id)
    await world.do(tasks.restore, world.ana, ids[1])
    rounds = 0
    is_more = True
    while is_more:
        rounds += 1
        async with world.db.unrecorded() as session:
            is_more = await trash.forget(session, now() + timedelta(days=1))
    assert rounds > 1, "The premise: they do not all go at once."
    left = [ids[1], ids[4]]  # The newest of all lends its id to nobody.
    for column in (Task.id, Assignment.task_id, Comment.task_id, Watch.subject_id, News.task_id):
        assert set(await world.rows(select(col(column)))) & set(ids) == set(left), column
