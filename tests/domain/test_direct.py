"""A statement that goes right to psycopg answers as SQLAlchemy would have it answer, and fails as it would."""

from datetime import UTC, date, timedelta, timezone

import pytest
from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from app.domain import tasks
from app.domain.direct import Direct
from app.domain.errors import Busy
from app.domain.models import Change, Task, now, table
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
