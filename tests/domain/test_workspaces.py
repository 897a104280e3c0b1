"""Workspaces: create, rename, describe, delete."""

import pytest

from app.domain import boards, lanes, tasks, workspaces
from app.domain.errors import Invalid, NotFound
from app.domain.models import Board, Lane, Member, Workspace
from tests.support.world import World


async def test_whoever_creates_a_workspace_owns_it_and_its_first_board(world: World):
    workspace_id, board_id = await world.do(workspaces.create, world.cleo, " Choir ")
    board = await world.row(Board, board_id)
    assert (board.workspace_id, board.name) == (workspace_id, "Choir")
    assert (await world.row(Member, (workspace_id, world.cleo.id))).role == "owner"


async def test_a_name_or_description_that_cannot_be_kept_gets_a_sentence(world: World):
    for name in ("", "\x00 \ud800", "x" * 101):
        with pytest.raises(Invalid, match=r"^A workspace's name "):
            await world.do(workspaces.create, world.ana, name)
        with pytest.raises(Invalid, match=r"^A workspace's name "):
            await world.do(workspaces.rename, world.ana, world.workspace_id, name)
    with pytest.raises(Invalid, match=r"^A workspace's description can have 2,000 characters at most"):
        await world.do(workspaces.describe, world.ana, world.workspace_id, "x" * 2_001)


async def test_a_workspace_is_renamed_and_described(world: World):
    await world.do(workspaces.rename, world.ana, world.workspace_id, "Tandem crew")
    await world.do(workspaces.describe, world.ana, world.workspace_id, "")
    workspace = await world.row(Workspace, world.workspace_id)
    assert (workspace.name, workspace.description) == ("Tandem crew", "")


@pytest.mark.parametrize("what", ["workspace", "description", "board", "lane"])
async def test_whoever_did_not_see_the_text_that_is_there_is_asked(world: World, what: str):
    verb, model, id, field = {
        "workspace": (workspaces.rename, Workspace, world.workspace_id, "name"),
        "description": (workspaces.describe, Workspace, world.workspace_id, "description"),
        "board": (boards.rename, Board, world.board_id, "name"),
        "lane": (lanes.rename, Lane, world.lanes["To do"], "name"),
    }[what]
    before = getattr(await world.row(model, id), field)
    await world.do(verb, world.ana, id, "Ana's", before)
    with pytest.raises(Invalid, match="Somebody else has just changed this"):
        await world.do(verb, world.ana, id, "Somebody's", before)
    await world.do(verb, world.ana, id, "Ana's", before)  # What two people want alike is no quarrel.
    assert getattr(await world.row(model, id), field) == "Ana's"
    await world.do(verb, world.ana, id, "Somebody's", "Ana's")
    assert getattr(await world.row(model, id), field) == "Somebody's"


async def test_deleting_takes_the_name_typed_as_it_is(world: World):
    for typed in ("", "tandem team", "Tandem", "\x00"):
        with pytest.raises(Invalid, match="Type the workspace's name, “Tandem team”, to delete it"):
            await world.do(workspaces.delete, world.ana, world.workspace_id, typed)
    await world.do(workspaces.delete, world.ana, world.workspace_id, " Tandem  team ")
    assert (await world.row(Workspace, world.workspace_id)).deleted_at is not None


async def test_nothing_in_a_deleted_workspace_can_be_reached(world: World):
    await world.do(workspaces.delete, world.ana, world.workspace_id, "Tandem team")
    for verb, *arguments in (
        (tasks.complete, world.task_id),
        (tasks.add, world.lanes["To do"], ["Too late"]),
        (boards.rename, world.board_id, "Too late"),
        (boards.create, world.workspace_id, "Too late"),
    ):
        with pytest.raises(NotFound):
            await world.do(verb, world.ana, *arguments)
