"""Private boards: to whoever is not on the list such a board is a missing one."""

import asyncio
import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlmodel import col

from app.domain import boards, importing, invites, members, receipts, sharing, tasks, workspaces
from app.domain.drawings.board import BoardDrawing
from app.domain.drawings.home import HomeDrawing
from app.domain.drawings.oversight import PrivateBoardsDrawing
from app.domain.drawings.task import TaskDrawing
from app.domain.drawings.workspace import WorkspaceDrawing
from app.domain.errors import Invalid, NotFound
from app.domain.models import Assignment, Insider
from app.domain.snapshots import BoardHeader, PrivateBoard, WorkspaceView
from tests.domain.calls import CALLS, Call
from tests.domain.test_together import until_waiting
from tests.support.world import World, drawn

ELSEWHERE = {sharing.take_over, members.remove, members.leave, receipts.report_on_board, importing.add, importing.start}
"""What is done to a workspace and shows on its boards, or makes one, and what workers do."""
ON_THE_BOARD = [call for call in CALLS if "board" in call.touches and call.verb not in ELSEWHERE]


async def insiders(world: World) -> set[int]:
    return set(await world.rows(select(Insider.person_id).where(Insider.board_id == world.board_id)))


async def close(world: World, *without: str) -> None:
    """Make the board private with Ana, Ben and Cleo on its list, less those who are named."""
    await world.do(sharing.close, world.ana, world.board_id, "everyone")
    for name in without:
        await world.do(sharing.remove, getattr(world, name), world.board_id, getattr(world, name).id)


@pytest.mark.parametrize("call", ON_THE_BOARD, ids=lambda call: call.name)
async def test_who_is_not_on_the_list_gets_the_answer_that_a_missing_board_gets(world: World, call: Call):
    await close(world)
    await call.prepare(world)
    await world.give_role(world.cleo, "owner")
    async with world.db.unrecorded() as session:  # The board may be archived by now, and its list at rest.
        await session.execute(delete(Insider).where(col(Insider.person_id) == world.cleo.id))
    with pytest.raises(NotFound, match=r"not shared with you"):
        await call.make(world, world.cleo)


async def test_it_is_in_no_list_and_no_drawing_of_those_who_are_not_on_its_list(world: World):
    await close(world, "cleo")
    await world.do(boards.rename, world.ben, world.board_id, "Surprise party")
    board, task = BoardDrawing(world.board_id), TaskDrawing(world.task_id)
    for drawing in (board, task):
        assert await drawn(world.db, drawing)
        assert drawing.viewers == {world.ana.id, world.ben.id}
    for drawing in (HomeDrawing(world.cleo.id), WorkspaceDrawing(world.workspace_id)):
        shown = await drawn(world.db, drawing)
        assert shown and "Surprise" not in str(shown)
        assert [view.boards for view in shown.values() if isinstance(view, WorkspaceView)] == [()]
    shown = await drawn(world.db, HomeDrawing(world.ben.id))
    assert shown and "Surprise party" in str(shown)
    assert await world.do(boards.first, world.workspace_id) is None


async def test_what_is_recorded_for_the_whole_workspace_names_neither_board_nor_person(world: World):
    await close(world)
    after = (await world.revisions())["workspace:1"]
    await world.do(boards.rename, world.ana, world.board_id, "Surprise party")
    await world.do(sharing.remove, world.ana, world.board_id, world.ben.id)
    await world.do(sharing.add, world.ana, world.board_id, world.ben.id)
    await world.do(boards.archive, world.ana, world.board_id)
    await world.do(boards.restore, world.ana, world.board_id)
    await world.do(boards.create, world.ana, world.workspace_id, "Another surprise", is_private=True)
    changes = await world.changes("workspace:1", after)
    assert len(changes) == 6
    assert {(change.entity, json.dumps(change.details)) for change in changes} == {("board", "{}")}


async def test_a_board_that_is_made_private_for_oneself_takes_the_others_off_its_tasks(world: World):
    await world.do(sharing.close, world.ana, world.board_id, "me")
    assert await insiders(world) == {world.ana.id}
    assert set(await world.rows(select(Assignment.person_id))) == {world.ana.id}
    with pytest.raises(NotFound, match="Only people who can see this board can be assigned"):
        await world.do(tasks.assign, world.ana, world.task_id, world.ben.id)
    await world.do(sharing.add, world.ana, world.board_id, world.ben.id)
    await world.do(tasks.assign, world.ana, world.task_id, world.ben.id)
    await world.do(sharing.remove, world.ana, world.board_id, world.ben.id)
    assert set(await world.rows(select(Assignment.person_id))) == {world.ana.id}


async def test_who_joins_the_workspace_later_is_on_no_list(world: World):
    await close(world)
    assert await insiders(world) == {world.ana.id, world.ben.id, world.cleo.id}
    dora = await world.newcomer()
    await world.do(invites.accept, dora, await _invitation(world))
    assert dora.id not in await insiders(world)
    with pytest.raises(NotFound):
        await world.do(tasks.complete, dora, world.task_id)
    await world.do(sharing.open_up, world.ana, world.board_id)
    assert await insiders(world) == set()
    await world.do(tasks.complete, dora, world.task_id)


async def test_who_leaves_the_workspace_and_comes_back_is_on_no_list_any_more(world: World):
    await close(world)
    await world.do(members.remove, world.ana, world.workspace_id, world.ben.id)
    assert await insiders(world) == {world.ana.id, world.cleo.id}
    await world.do(invites.accept, world.ben, await _invitation(world))
    with pytest.raises(NotFound):
        await world.do(tasks.complete, world.ben, world.task_id)


async def _invitation(world: World) -> str:
    return await world.do(invites.create, world.ana, world.workspace_id, "member", timedelta(days=1), 1)


async def test_a_list_keeps_somebody(world: World):
    await world.do(sharing.close, world.ana, world.board_id, "me")
    with pytest.raises(Invalid, match="A private board keeps at least one person on its list"):
        await world.do(sharing.remove, world.ana, world.board_id, world.ana.id)


async def test_only_members_of_the_workspace_come_onto_a_list_and_only_private_boards_have_one(world: World):
    dora = await world.newcomer()
    with pytest.raises(Invalid, match="Everyone in the workspace can see this board"):
        await world.do(sharing.add, world.ana, world.board_id, world.ben.id)
    await close(world)
    for person_id in (dora.id, 99_999):
        with pytest.raises(NotFound, match="not a member of the workspace any more"):
            await world.do(sharing.add, world.ana, world.board_id, person_id)


async def test_a_viewer_may_take_themselves_off_a_list_and_nobody_else(world: World):
    await close(world, "cleo")
    assert await insiders(world) == {world.ana.id, world.ben.id}


async def test_an_owner_sees_that_there_is_one_and_gets_access_in_sight_of_those_on_the_list(world: World):
    await close(world, "ana")
    shown = await drawn(world.db, PrivateBoardsDrawing(world.workspace_id))
    assert shown
    assert shown[f"b{world.board_id}"] == PrivateBoard(world.board_id, "Launch", (world.ben.id, world.cleo.id))
    assert str(await drawn(world.db, HomeDrawing(world.ana.id))).count("Launch") == 0
    await world.do(sharing.take_over, world.ana, world.workspace_id, world.board_id)
    board = await drawn(world.db, BoardDrawing(world.board_id))
    assert board
    header = board["h"]
    assert isinstance(header, BoardHeader)
    assert world.ana.id in header.members
    record = (await world.changes(f"board:{world.board_id}"))[-1]
    assert (record.kind, record.actor_id, record.entity_id) == ("board.taken_over", world.ana.id, world.ana.id)
    await world.do(tasks.complete, world.ana, world.task_id)


async def test_a_board_that_is_open_foreign_or_missing_cannot_be_taken_over(world: World):
    garden = await world.elsewhere()
    _, own = await world.do(workspaces.create, world.ana, "Side project")
    for board_id in (world.board_id, garden.board_id, own, 99_999):
        with pytest.raises(NotFound, match="There is no such private board in this workspace any more"):
            await world.do(sharing.take_over, world.ana, world.workspace_id, board_id)


async def test_a_board_can_be_private_from_the_start(world: World):
    board_id = await world.do(boards.create, world.ben, world.workspace_id, "Plans", is_private=True)
    drawing = BoardDrawing(board_id)
    assert await drawn(world.db, drawing)
    assert drawing.viewers == {world.ben.id}


async def test_who_is_taken_off_the_list_while_a_command_waits_is_refused(world: World):
    """The command has found the board and waits for it; when it gets the board, Ben is off the list."""
    await close(world)
    async with world.db.transaction() as tx:
        await sharing.remove(tx, world.ana, world.board_id, world.ben.id)
        command = asyncio.create_task(world.do(tasks.reopen, world.ben, world.tasks["Set up the mailing list"]))
        await until_waiting(world, command)
    with pytest.raises(NotFound, match="This task is gone, or it is not shared with you"):
        await command
