"""The second factor: every code once, few tries, and the same answer whichever of two at once comes first."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.domain import second_factors
from app.domain.access import Actor
from app.domain.errors import Busy, Invalid, NotFound
from app.domain.models import SecondFactor
from tests.support.world import World

CODES = [f"{number:064x}" for number in range(10)]


async def turn_on(world: World, person: Actor | None = None, step: int = 100) -> None:
    await world.do(second_factors.turn_on, person or world.ana, "sealed", step, CODES)


async def do(world: World, verb: Any, *arguments: Any) -> Any:
    async with world.db.unrecorded() as session:
        return await verb(session, world.ana.id, *arguments)


async def left(world: World) -> int:
    async with world.db.reading() as tx:
        return await second_factors.codes_left(tx, world.ana.id)


async def test_a_step_is_used_once_and_none_before_it_any_more(world: World):
    await turn_on(world, step=100)
    used = [await do(world, second_factors.use_step, step) for step in (100, 99, 101, 101, 100, 103, 102)]
    assert used == [False, False, True, False, False, True, False]


async def test_of_many_who_use_one_step_at_once_one_gets_in(world: World):
    await turn_on(world)
    used = await asyncio.gather(*(do(world, second_factors.use_step, 101) for _ in range(20)))
    assert used.count(True) == 1


async def test_of_many_who_use_one_recovery_code_at_once_one_gets_in(world: World):
    await turn_on(world)
    used = await asyncio.gather(*(do(world, second_factors.use_recovery_code, CODES[3]) for _ in range(20)))
    assert used.count(True) == 1
    assert await left(world) == 9
    assert not await do(world, second_factors.use_recovery_code, "f" * 64)


async def test_nobody_elses_codes_count(world: World):
    await turn_on(world, world.ben)
    assert not await do(world, second_factors.use_recovery_code, CODES[0])
    assert not await do(world, second_factors.use_step, 101)


async def test_after_five_tries_one_waits_a_minute_however_many_come_at_once(world: World):
    await turn_on(world)
    counted = await asyncio.gather(*(do(world, second_factors.count_try) for _ in range(20)), return_exceptions=True)
    assert counted.count(None) == second_factors.TRIES
    assert {type(result) for result in counted} == {type(None), Busy}
    await waited(world, timedelta(seconds=59))
    with pytest.raises(Busy, match="wait a minute"):
        await do(world, second_factors.count_try)
    await waited(world, timedelta(seconds=2))
    for _ in range(second_factors.TRIES):
        await do(world, second_factors.count_try)
    with pytest.raises(Busy):
        await do(world, second_factors.count_try)


async def waited(world: World, time: timedelta) -> None:
    """As if so much time had passed."""
    tried_at = (await world.row(SecondFactor, world.ana.id)).tried_at - time
    async with world.db.unrecorded() as session:
        await session.execute(update(SecondFactor).values(tried_at=tried_at))


async def test_a_right_code_gives_the_tries_back(world: World):
    await turn_on(world)
    for use, code in ((second_factors.use_step, 101), (second_factors.use_recovery_code, CODES[0])):
        for _ in range(second_factors.TRIES):
            await do(world, second_factors.count_try)
        assert await do(world, use, code)
    await do(world, second_factors.count_try)


async def test_without_a_second_factor_nothing_is_counted(world: World):
    for _ in range(20):
        await do(world, second_factors.count_try)


async def test_it_is_turned_on_once_and_off_once(world: World):
    await turn_on(world)
    with pytest.raises(Invalid, match="on already"):
        await turn_on(world)
    await world.do(second_factors.turn_off, world.ana)
    assert await left(world) == 0
    with pytest.raises(Invalid, match="off already"):
        await world.do(second_factors.turn_off, world.ana)
    with pytest.raises(Invalid, match="is off"):
        await world.do(second_factors.renew_codes, world.ana, CODES)


async def test_new_recovery_codes_are_instead_of_the_old_ones(world: World):
    await turn_on(world)
    await world.do(second_factors.renew_codes, world.ana, ["a" * 64])
    assert await left(world) == 1
    assert not await do(world, second_factors.use_recovery_code, CODES[0])
    assert await do(world, second_factors.use_recovery_code, "a" * 64)


async def test_only_the_admin_turns_it_off_for_somebody_else(world: World):
    await turn_on(world, world.ben)
    for actor in (world.ben, world.cleo, Actor(99_999, "Nobody")):
        for person_id in (world.ben.id, 99_999):
            with pytest.raises(NotFound, match="This is gone, or it is not shared with you"):
                await world.do(second_factors.turn_off_for, actor, person_id)
    await world.do(second_factors.turn_off_for, world.ana, world.ben.id)
    change = (await world.changes(f"person:{world.ben.id}"))[-1]
    assert (change.kind, change.actor_id) == ("person.second_factor_turned_off", world.ana.id)
    with pytest.raises(NotFound):
        await world.do(second_factors.turn_off_for, world.ana, 99_999)
