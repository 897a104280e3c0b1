"""A statement that goes right to psycopg answers as SQLAlchemy would have it answer, and fails as it would."""

import asyncio
from datetime import UTC, date, timedelta, timezone

import pytest
from sqlalchemy import bindparam, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from app.domain import tasks
from app.domain.direct import Direct
from app.domain.errors import Busy
from app.domain.models import Change, Task, now, table
from app.engines import READERS, WRITERS
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


async def test_connections_that_the_server_has_closed_are_all_let_go_of_at_the_first_that_fails(world: World):
    if world.db.is_sqlite:
        pytest.skip("There is no server that could close them.")
    started = asyncio.Barrier(WRITERS)

    async def hold() -> None:
        async with world.db.transaction() as tx:
            await tx.session.connection()
            await started.wait()

    await asyncio.gather(*(hold() for _ in range(WRITERS)))  # Now there are so many, in the pool.
    async with world.db.unrecorded() as session:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
        ended = await session.execute(text(others + "AND datname = current_database()"))
        assert len(ended.all()) == WRITERS - 1
    with pytest.raises(Busy):
        for _ in range(WRITERS):
            await world.do(tasks.rename, world.ana, world.task_id, "Lost", 0)
    for number in range(WRITERS + READERS):
        await tasks_of(world, number)


async def tasks_of(world: World, number: int) -> None:
    await world.do(tasks.complete if number % 2 else tasks.reopen, world.ana, world.task_id)


async def test_whoever_gives_up_waiting_leaves_a_connection_that_works(world: World):
    if world.db.is_sqlite:
        pytest.skip("SQLite has nothing that takes its time.")
    slow = Direct(select(func.pg_sleep(bindparam("seconds"))))
    for _ in range(2 * (WRITERS + READERS)):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05), world.db.transaction() as tx:
                await tx.rows(slow, {"seconds": 10.0})
    async with asyncio.timeout(5):
        await world.do(tasks.complete, world.ana, world.task_id)
