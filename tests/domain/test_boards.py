"""Boards: create, rename, archive, restore."""

import pytest
from sqlalchemy import select

from app.domain import boards, limits
from app.domain.errors import Invalid, NotAllowed
from app.domain.models import Board, Lane
from tests.support.world import World


async def test_a_new_board_has_three_lanes(world: World):
    board_id = await world.do(boards.create, world.ben, world.workspace_id, "Party")
    assert (await world.row(Board, board_id)).name == "Party"
    names = await world.rows(select(Lane.name).where(Lane.board_id == board_id).order_by(Lane.rank))
    assert names == ["To do", "Doing", "Done"]


async def test_the_first_board_is_the_oldest_that_is_not_archived(world: World):
    party = await world.do(boards.create, world.ana, world.workspace_id, "Party")
    assert await world.do(boards.first, world.workspace_id) == world.board_id
    await world.do(boards.archive, world.ana, world.board_id)
    assert await world.do(boards.first, world.workspace_id) == party
    await world.do(boards.archive, world.ana, party)
    assert await world.do(boards.first, world.workspace_id) is None


async def test_a_name_that_cannot_be_kept_gets_a_sentence(world: World):
    for name in ("", " ", "x" * 101):
        with pytest.raises(Invalid, match=r"^A board's name "):
            await world.do(boards.create, world.ana, world.workspace_id, name)
        with pytest.raises(Invalid, match=r"^A board's name "):
            await world.do(boards.rename, world.ana, world.board_id, name)


async def test_a_workspace_has_so_many_boards(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "BOARDS", 2)
    await world.do(boards.create, world.ana, world.workspace_id, "Party")
    with pytest.raises(Invalid, match="A workspace has 2 boards at most"):
        await world.do(boards.create, world.ana, world.workspace_id, "One too many")


async def test_an_archived_board_is_read_only_until_it_is_restored(world: World):
    await world.do(boards.archive, world.ana, world.board_id)
    with pytest.raises(NotAllowed, match="This board is archived"):
        await world.do(boards.rename, world.ana, world.board_id, "Lift-off")
    await world.do(boards.restore, world.ana, world.board_id)
    await world.do(boards.rename, world.ana, world.board_id, "Lift-off")
    assert (await world.row(Board, world.board_id)).name == "Lift-off"
