"""Lanes: add, rename, reorder, delete."""

import pytest
from sqlalchemy import select

from app.domain import lanes, limits, tasks
from app.domain.errors import Invalid, NotFound
from app.domain.models import Lane
from tests.support.world import World


async def names(world: World) -> list[str]:
    return await world.rows(select(Lane.name).where(Lane.board_id == world.board_id).order_by(Lane.rank))


async def test_lanes_are_added_at_the_right_and_renamed(world: World):
    lane_id = await world.do(lanes.add, world.ben, world.board_id, " Review ")
    assert await names(world) == ["To do", "Doing", "Done", "Review"]
    await world.do(lanes.rename, world.ben, lane_id, "Proof\nreading")
    assert await names(world) == ["To do", "Doing", "Done", "Proof reading"]


async def test_a_name_that_cannot_be_kept_gets_a_sentence(world: World):
    for name in ("", "\x00", "x" * 101):
        with pytest.raises(Invalid, match=r"^A lane's name "):
            await world.do(lanes.add, world.ana, world.board_id, name)
        with pytest.raises(Invalid, match=r"^A lane's name "):
            await world.do(lanes.rename, world.ana, world.lanes["Done"], name)


async def test_a_board_has_so_many_lanes(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "LANES", 4)
    await world.do(lanes.add, world.ana, world.board_id, "Review")
    with pytest.raises(Invalid, match="A board has 4 lanes at most"):
        await world.do(lanes.add, world.ana, world.board_id, "One too many")


async def test_lanes_move(world: World):
    to_do, doing, done = world.lanes.values()
    for lane_id, after_id, expected in (
        (done, None, ["Done", "To do", "Doing"]),
        (done, to_do, ["To do", "Done", "Doing"]),
        (to_do, doing, ["Done", "Doing", "To do"]),
        (done, done, ["Done", "Doing", "To do"]),
        (done, 99_999, ["Doing", "To do", "Done"]),
    ):
        await world.do(lanes.move, world.ana, lane_id, after_id)
        assert await names(world) == expected


async def test_lanes_shift_by_one(world: World):
    done = world.lanes["Done"]
    for where, expected in (
        ("right", ["To do", "Doing", "Done"]),
        ("left", ["To do", "Done", "Doing"]),
        ("left", ["Done", "To do", "Doing"]),
        ("left", ["Done", "To do", "Doing"]),
        ("right", ["To do", "Done", "Doing"]),
    ):
        await world.do(lanes.shift, world.ana, done, where)
        assert await names(world) == expected, where
    with pytest.raises(Invalid):
        await world.do(lanes.shift, world.ana, done, "up")


async def test_a_lane_with_tasks_is_deleted_only_when_they_have_a_place_to_go(world: World):
    done = await world.titles("Done")
    doing = await world.titles("Doing")
    with pytest.raises(Invalid, match="This lane has tasks"):
        await world.do(lanes.delete, world.ana, world.lanes["Doing"], None)
    garden = await world.elsewhere()
    for nowhere in (world.lanes["Doing"], garden.lane_id, 99_999):
        with pytest.raises(NotFound, match="The lane for its tasks is gone"):
            await world.do(lanes.delete, world.ben, world.lanes["Doing"], nowhere)
    await world.do(lanes.delete, world.ana, world.lanes["Doing"], world.lanes["Done"])
    assert await names(world) == ["To do", "Done"]
    assert await world.titles("Done") == done + doing


async def test_an_empty_lane_is_deleted_without_a_question(world: World):
    lane_id = await world.do(lanes.add, world.ana, world.board_id, "Review")
    await world.do(lanes.delete, world.ana, lane_id, None)
    assert await names(world) == ["To do", "Doing", "Done"]


async def test_the_last_lane_stays(world: World):
    await world.do(lanes.delete, world.ana, world.lanes["To do"], world.lanes["Done"])
    await world.do(lanes.delete, world.ana, world.lanes["Doing"], world.lanes["Done"])
    with pytest.raises(Invalid, match="A board keeps at least one lane"):
        await world.do(lanes.delete, world.ana, world.lanes["Done"], None)


async def test_a_lane_that_is_gone_takes_no_tasks(world: World):
    await world.do(lanes.delete, world.ana, world.lanes["Doing"], world.lanes["Done"])
    with pytest.raises(NotFound, match="This lane is gone"):
        await world.do(tasks.add, world.ana, world.lanes["Doing"], ["Too late"])
