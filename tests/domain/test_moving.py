"""Moving tasks: the person says after which one, the rank is chosen under the lock."""

import pytest
from sqlalchemy import text

from app.domain import moving, tasks
from app.domain.errors import Invalid, NotFound
from tests.support.world import World


async def move(world: World, title: str, lane: str, after: str | None) -> None:
    after_id = world.tasks[after] if after else None
    await world.do(moving.move, world.ben, world.tasks[title], world.lanes[lane], after_id)


async def test_a_task_moves_to_every_place_of_a_lane(world: World):
    first, second, third, fourth = await world.titles("Doing")
    await move(world, fourth, "Doing", None)
    assert await world.titles("Doing") == [fourth, first, second, third]
    await move(world, fourth, "Doing", third)
    assert await world.titles("Doing") == [first, second, third, fourth]
    await move(world, first, "Doing", second)
    assert await world.titles("Doing") == [second, first, third, fourth]
    await move(world, fourth, "Doing", second)
    assert await world.titles("Doing") == [second, fourth, first, third]


async def test_a_task_moves_to_another_lane(world: World):
    doing, done = await world.titles("Doing"), await world.titles("Done")
    await move(world, doing[1], "Done", done[0])
    assert await world.titles("Done") == [done[0], doing[1], *done[1:]]
    assert await world.titles("Doing") == [doing[0], *doing[2:]]


async def test_if_the_neighbour_has_left_the_task_goes_to_the_end(world: World):
    first, second, *rest = await world.titles("Doing")
    await move(world, second, "Done", None)
    await move(world, first, "Doing", second)
    assert await world.titles("Doing") == [*rest, first]
    await world.do(tasks.trash, world.ana, world.tasks[rest[1]])
    await move(world, first, "Doing", rest[1])
    assert await world.titles("Doing") == [rest[0], first]


async def test_staying_in_place_is_no_change(world: World):
    first, second, *_ = await world.titles("Doing")
    before = (await world.revisions())["board:1"]
    await move(world, first, "Doing", None)
    await move(world, second, "Doing", first)
    await move(world, second, "Doing", second)
    assert (await world.revisions())["board:1"] == before


async def test_tasks_in_the_trash_keep_a_place_of_their_own(world: World):
    first, second, third, fourth = await world.titles("Doing")
    await world.do(tasks.trash, world.ana, world.tasks[second])
    await move(world, fourth, "Doing", first)
    await world.do(tasks.restore, world.ana, world.tasks[second])
    assert await world.titles("Doing") == [first, fourth, second, third]


async def test_a_task_is_sent_to_the_end_of_a_lane(world: World):
    done = await world.titles("Done")
    await world.do(moving.send, world.ben, world.tasks["Draw the new logo"], world.lanes["Done"])
    assert await world.titles("Done") == [*done, "Draw the new logo"]
    await world.do(moving.send, world.ben, world.tasks[done[0]], world.lanes["Done"])
    assert await world.titles("Done") == [*done[1:], "Draw the new logo", done[0]]


async def test_a_task_shifts_within_its_lane(world: World):
    first, second, third, fourth = await world.titles("Doing")
    for where, expected in (
        ("up", [first, third, second, fourth]),
        ("up", [third, first, second, fourth]),
        ("up", [third, first, second, fourth]),
        ("down", [first, third, second, fourth]),
        ("bottom", [first, second, fourth, third]),
        ("down", [first, second, fourth, third]),
        ("top", [third, first, second, fourth]),
    ):
        await world.do(moving.shift, world.ben, world.tasks[third], where)
        assert await world.titles("Doing") == expected, where
    with pytest.raises(Invalid):
        await world.do(moving.shift, world.ben, world.tasks[third], "sideways")


async def test_a_lane_of_another_board_is_refused_as_a_missing_one(world: World):
    garden = await world.elsewhere()
    for verb, *rest in ((moving.move, None), (moving.send,)):
        for lane_id in (garden.lane_id, 99_999):
            with pytest.raises(NotFound, match="This lane is gone, or it is on another board"):
                await world.do(verb, world.ben, world.task_id, lane_id, *rest)


async def test_a_neighbour_on_another_board_is_no_neighbour(world: World):
    garden = await world.elsewhere()
    await world.do(moving.move, world.ben, world.task_id, world.lanes["Doing"], garden.task_id)
    assert (await world.titles("Doing"))[-1] == "Check every page with a screen reader"


async def test_the_order_is_that_of_the_bytes_whatever_the_database_speaks(world: World):
    if not world.db.is_sqlite:
        async with world.db.reading() as tx:
            speaks = (await tx.session.execute(text("SELECT 'a' < 'B'"))).scalar_one()
        assert speaks, "This database sorts byte by byte: the test would show nothing."
    expected = await world.titles("Doing")
    for _ in range(35):  # Past a0 and the small letters below it: Zz, Zy, … Za, ZZ.
        *others, last = expected
        await move(world, last, "Doing", None)
        expected = [last, *others]
        assert await world.titles("Doing") == expected
