"""Connections to PostgreSQL: those at hand are used again, and one that has ended is nobody's trouble."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import bindparam, func, select, text

from app.domain import tasks
from app.domain.direct import Direct
from app.domain.errors import Busy
from app.engines import READERS, WRITERS
from tests.support.world import World

PID = Direct(select(func.pg_backend_pid().label("pid")))
SLOW = Direct(select(func.pg_sleep(bindparam("seconds"))))
END_THE_OTHERS = text(
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE pid <> pg_backend_pid() AND datname = current_database()"
)


@pytest.fixture(autouse=True)
def _(world: World) -> None:
    if world.db.is_sqlite:
        pytest.skip("SQLite has no server.")


async def test_those_at_hand_are_used_again_whatever_else_goes_on(world: World):
    async def used() -> tuple[int, int]:
        async with world.db.transaction() as tx:
            tx.keep()
            [command] = await tx.rows(PID, {})
        async with world.db.glancing() as tx:
            [glance] = await tx.rows(PID, {})
        return command.pid, glance.pid

    await in_use(world, WRITERS)
    [(command, glance)] = {await used() for _ in range(5)}
    assert command != glance


async def test_connections_that_the_server_has_ended_cost_nobody_even_a_sentence(world: World):
    await in_use(world, WRITERS)
    await end_the_others(world, at_least=WRITERS - 1)
    for number in range(WRITERS + READERS):
        await do(world, number)
        async with world.db.reading() as tx:
            assert await tx.rows(PID, {})
        async with world.db.glancing() as tx:
            assert await tx.rows(PID, {})


async def test_one_that_ends_in_use_is_told_to_whoever_used_it_and_to_nobody_else(world: World):
    with pytest.raises(Busy):
        async with world.db.transaction() as tx:
            assert await tx.rows(PID, {})
            await end_the_others(world, at_least=1)
            await tx.rows(PID, {})
    for number in range(WRITERS + READERS):
        await do(world, number)


@pytest.mark.parametrize("together", [False, True], ids=["one statement", "several together"])
async def test_whoever_gives_up_waiting_leaves_a_connection_that_works(world: World, together: bool):
    for _ in range(2 * (WRITERS + READERS)):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05), world.db.transaction() as tx:
                if together:
                    await tx.run(PID, {})
                await tx.rows(SLOW, {"seconds": 10.0})
    async with asyncio.timeout(5):
        await world.do(tasks.complete, world.ana, world.task_id)


async def in_use(world: World, connections: int) -> None:
    """Let so many be in use at once, which are there from then on."""
    async with AsyncExitStack() as stack:
        for _ in range(connections):
            tx = await stack.enter_async_context(world.db.transaction())
            tx.keep()
            await tx.rows(PID, {})


async def end_the_others(world: World, at_least: int) -> None:
    async with world.db.unrecorded() as session:
        ended = await session.execute(END_THE_OTHERS)
        assert len(ended.all()) >= at_least


async def do(world: World, number: int) -> None:
    await world.do(tasks.complete if number % 2 else tasks.reopen, world.ana, world.task_id)
