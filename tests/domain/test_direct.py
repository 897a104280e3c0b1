"""A statement that goes right to psycopg answers as SQLAlchemy would have it answer, and fails as it would."""

from datetime import UTC, date, timedelta, timezone

import pytest
from psycopg import AsyncConnection
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from app.domain import access, moving, tasks
from app.domain.direct import Direct
from app.domain.errors import Busy
from app.domain.models import Change, Task, now, table
from app.engines import READERS, WRITERS
from tests.support import statements
from tests.support.world import World

_task, _change = table(Task), table(Change)
ONE_TASK = select(_task, func.length(_task.c.title).label("letters")).where(_task.c.id == bindparam("task_id"))
CHANGES = select(_change).where(_change.c.topic == bindparam("topic")).order_by(_change.c.revision)


@pytest.mark.parametrize("statement", [ONE_TASK, CHANGES], ids=["a task", "changes"])
async def test_it_gives_the_rows_that_sqlalchemy_gives_with_their_names_and_types(world: World, statement):
    await world.do(tasks.set_due, world.ana, world.task_id, date(2027, 3, 31))
    await world.do(tasks.complete, world.ana, world.task_id)
    values = {"task_id": world.task_id, "topic": f"board:{world.board_id}"}
    async with world.db.reading() as tx:
        usual = (await tx.session.execute(statement, values)).all()
        direct = await tx.rows(Direct(statement), values)
    assert direct, "The premise: there is something to read."
    assert [tuple(row) for row in direct] == [tuple(row) for row in usual]
    assert [[type(cell) for cell in row] for row in direct] == [[type(cell) for cell in row] for row in usual]
    assert all(getattr(direct[0], name) == getattr(usual[0], name) for name in usual[0]._fields)


async def test_a_time_in_another_zone_is_kept_in_utc_and_what_is_json_comes_back(world: World):
    at = now().astimezone(timezone(timedelta(hours=5, minutes=45)))
    said = {"text": "100 % of it: %(topic)s", "none": None, "list": [1, "ü"]}
    change = {"topic": "board:77", "revision": 1, "kind": "x", "actor_id": None, "entity": "task", "entity_id": 1}
    async with world.db.transaction() as tx:
        tx.keep()
        assert not await tx.rows(Direct(insert(_change).inline()), change | {"at": at, "details": said})
    async with world.db.reading() as tx:
        [row] = await tx.rows(Direct(CHANGES), {"topic": "board:77"})
    assert (row.at, row.at.utcoffset(), row.details) == (at, UTC.utcoffset(None), said)


async def test_what_the_database_refuses_is_an_error_of_sqlalchemys_and_then_a_sentence(world: World):
    twice = {"topic": "board:77", "revision": 1, "kind": "x", "actor_id": None, "entity": "task", "entity_id": 1}
    statement = Direct(insert(_change).inline())
    with pytest.raises(Busy) as refused:
        async with world.db.transaction() as tx:
            for _ in range(2):
                await tx.rows(statement, twice | {"at": now(), "details": {}})
    assert isinstance(refused.value.__cause__, IntegrityError)
    async with world.db.reading() as tx:
        assert not await tx.rows(Direct(CHANGES), {"topic": "board:77"}), "Nothing of it was kept."


async def test_a_parameter_that_is_missing_is_an_error(world: World):
    async with world.db.reading() as tx:
        with pytest.raises((StatementError, DBAPIError)):
            await tx.rows(Direct(ONE_TASK), {})


async def test_a_command_asks_postgresql_twice_and_is_committed_with_the_second(world: World, monkeypatch):
    if world.db.is_sqlite:
        pytest.skip("There each statement is run by itself.")
    together, pipeline = list[AsyncConnection](), AsyncConnection.pipeline
    monkeypatch.setattr(AsyncConnection, "pipeline", lambda self: together.append(self) or pipeline(self))
    with statements.sent(world.db) as asked:
        await world.do(moving.shift, world.ana, world.task_id, "bottom")
    assert (len(together), len(asked)) == (2, 3)


async def test_a_session_sees_what_was_recorded_before_it_asks(world: World):
    async with world.db.transaction() as tx:
        task = await access.task_with(tx, world.ana, world.task_id, "edit_tasks", access.TASK)
        await tx.record_writing(task, "task.renamed", world.ana.id, {"title": "New"}, title="New")
        title = select(_task.c.title).where(_task.c.id == world.task_id)
        assert (await tx.session.execute(title)).scalar_one() == "New"
        newest = select(_change.c.kind).where(_change.c.topic == f"board:{world.board_id}")
        found = await tx.session.execute(newest.order_by(_change.c.revision.desc()).limit(1))
        assert found.scalar_one() == "task.renamed"


@pytest.mark.parametrize("asks", [False, True], ids=["commits", "asks"])
async def test_what_a_session_did_is_not_committed_without_what_waits(world: World, asks: bool):
    change = {"topic": "board:77", "revision": 1, "kind": "x", "actor_id": None, "entity": "task", "entity_id": 1}
    with pytest.raises(Busy):
        async with world.db.transaction() as tx:
            await tx.session.execute(update(_task).where(_task.c.id == world.task_id).values(title="Half of it"))
            for _ in range(2):
                await tx.run(Direct(insert(_change).inline()), change | {"at": now(), "details": {}})
            tx.keep()
            if asks:
                await tx.session.execute(select(_task.c.id))
    for _ in range(WRITERS + READERS):  # Whichever of the pool's connections it was, it can be used.
        assert await title_of(world) != "Half of it"


async def test_of_a_block_that_fails_nothing_is_kept_and_nothing_waits_for_the_next(world: World):
    with pytest.raises(ZeroDivisionError):
        async with world.db.transaction() as tx:
            task = await access.task_with(tx, world.ana, world.task_id, "edit_tasks", access.TASK)
            await tx.record_writing(task, "task.renamed", world.ana.id, {"title": "Never"}, title="Never")
            raise ZeroDivisionError
    for _ in range(WRITERS + READERS):  # Whichever of the pool's connections it was.
        async with world.db.unrecorded() as session:
            await session.execute(select(_task.c.id))
    assert await title_of(world) != "Never"


async def test_what_is_refused_at_the_end_is_told_and_not_that_the_rest_was_given_up(world: World):
    change = {"topic": "board:77", "revision": 1, "kind": "x", "actor_id": None, "entity": "task", "entity_id": 1}
    with pytest.raises(Busy) as refused:
        async with world.db.transaction() as tx:
            for _ in range(2):
                await tx.run(Direct(insert(_change).inline()), change | {"at": now(), "details": {}})
            tx.keep()
    assert isinstance(refused.value.__cause__, IntegrityError)


async def test_whoever_waits_for_a_locked_board_in_vain_is_told_to_try_again(world: World):
    if world.db.is_sqlite:
        pytest.skip("A SQLite file has one writer, who waits elsewhere.")
    async with world.db.transaction() as tx:
        await tx.advance("board", world.board_id)
        with pytest.raises(Busy) as refused:
            await world.do(tasks.complete, world.ana, world.task_id)
    assert "lock timeout" in str(refused.value.__cause__)
    await world.do(tasks.complete, world.ana, world.task_id)


async def title_of(world: World) -> str:
    async with world.db.reading() as tx:
        [row] = await tx.rows(Direct(ONE_TASK), {"task_id": world.task_id})
    return row.title
