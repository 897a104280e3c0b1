"""A drawing that was kept up with nothing but the changes is the drawing that a newcomer gets."""

import random

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.domain import instance, lanes, members, moving, tasks, workspaces
from app.domain.drawings import Drawing, Overtaken
from app.domain.drawings.board import BoardDrawing
from app.domain.drawings.devices import DevicesDrawing
from app.domain.drawings.home import HomeDrawing
from app.domain.drawings.inbox import InboxDrawing
from app.domain.drawings.instance import InstanceDrawing
from app.domain.drawings.oversight import BoardReceiptsDrawing, PrivateBoardsDrawing, ReceiptsDrawing
from app.domain.drawings.preferences import PreferencesDrawing
from app.domain.drawings.talk import TalkDrawing
from app.domain.drawings.task import TaskDrawing
from app.domain.drawings.watching import WatchDrawing
from app.domain.drawings.workspace import InvitesDrawing, WorkspaceDrawing
from app.domain.models import Task
from app.domain.snapshots import LaneView, TaskCard
from tests.domain.calls import CALLS, Call
from tests.domain.kept import Kept
from tests.support.world import World


def all_drawings(world: World) -> list[Drawing]:
    return [
        BoardDrawing(world.board_id),
        TaskDrawing(world.task_id),
        TaskDrawing(world.tasks["Draw the new logo"]),
        TalkDrawing(world.task_id),
        WorkspaceDrawing(world.workspace_id),
        InvitesDrawing(world.workspace_id),
        ReceiptsDrawing(world.workspace_id),
        BoardReceiptsDrawing(world.board_id),
        PrivateBoardsDrawing(world.workspace_id),
        HomeDrawing(world.ana.id),
        HomeDrawing(world.ben.id),
        DevicesDrawing(world.ana.id),
        InstanceDrawing(instance.ID),
        InboxDrawing(world.ana.id),
        InboxDrawing(world.ben.id),
        WatchDrawing(world.ben.id, world.task_id),
        PreferencesDrawing(world.ana.id),
    ]


def alike(drawing: Drawing) -> Drawing:
    """A new drawing of the same thing."""
    ids = [id for name, id in vars(drawing).items() if name.endswith("_id") and not name.startswith("_")]
    return type(drawing)(*ids)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
async def test_following_the_changes_of_a_verb_equals_drawing_anew(world: World, call: Call):
    actor = await call.prepare(world)
    kept = [await Kept(world, drawing).open() for drawing in all_drawings(world)]
    before = [drawing.sight() for drawing in kept]

    await call.make(world, actor)

    for drawing in kept:
        await drawing.follow()
        fresh = await Kept(world, alike(drawing.drawing)).open()
        assert drawing.sight() == fresh.sight(), type(drawing.drawing).__name__
    if call.touches != {"person"} and call.name != "outbox.retry":  # The outbox is read by whoever opens its page.
        assert [drawing.sight() for drawing in kept] != before, "Nobody sees it: is it worth a verb?"


async def test_following_a_long_day_equals_drawing_anew(world: World):
    """Many verbs by all and sundry, followed now and then, as by a tab whose network comes and goes."""
    dice = random.Random(17)
    kept = [await Kept(world, drawing).open() for drawing in all_drawings(world)]
    for step in range(30):
        await one_more(world, dice)
        if dice.random() < 0.2 or step == 29:
            for drawing in kept:
                await drawing.follow()
            fresh = [await Kept(world, alike(drawing.drawing)).open() for drawing in kept]
            assert [drawing.sight() for drawing in kept] == [drawing.sight() for drawing in fresh], step


async def one_more(world: World, dice: random.Random) -> None:
    shown = await Kept(world, BoardDrawing(world.board_id)).open()
    entities = shown.drawing.entities().values()
    cards = [entity for entity in entities if isinstance(entity, TaskCard)]
    views = [entity.id for entity in entities if isinstance(entity, LaneView)]
    card, lane_id = dice.choice(cards), dice.choice(views)
    member = dice.choice([world.ana, world.ben, world.cleo]).id
    match dice.randrange(10):
        case 0:
            await world.do(tasks.add, world.ana, lane_id, ["One more", "And another"])
        case 1:
            await world.do(tasks.trash, world.ana, card.id)
        case 2:
            await restore_any(world)
        case 3:
            await world.do(tasks.reopen if card.is_done else tasks.complete, world.ana, card.id)
        case 4:
            verb = tasks.unassign if member in card.assignees else tasks.assign
            await world.do(verb, world.ana, card.id, member)
        case 5 if len(views) > 2:
            await world.do(lanes.delete, world.ana, lane_id, next(id for id in views if id != lane_id))
        case 5 | 6 if len(views) < 5:
            await world.do(lanes.add, world.ana, world.board_id, "Another lane")
        case _:
            await world.do(moving.move, world.ana, card.id, lane_id, dice.choice(cards).id)


async def restore_any(world: World) -> None:
    for task_id in (await world.rows(select(Task.id).where(col(Task.trashed_at).is_not(None))))[:1]:
        await world.do(tasks.restore, world.ana, task_id)


async def test_a_change_of_one_task_touches_no_other_entity(world: World):
    kept = await Kept(world, BoardDrawing(world.board_id)).open()
    before = dict(kept.drawing.entities())
    await world.do(tasks.complete, world.ana, world.task_id)
    await kept.follow()
    after = kept.drawing.entities()
    assert {key for key in after if after[key] != before.get(key)} == {f"t{world.task_id}"}


async def test_the_board_is_for_its_members_only(world: World):
    board = BoardDrawing(world.board_id)
    kept = await Kept(world, board).open()
    assert board.viewers == {world.ana.id, world.ben.id, world.cleo.id}
    await world.do(members.remove, world.ana, world.workspace_id, world.ben.id)
    await kept.follow()
    assert board.viewers == {world.ana.id, world.cleo.id}
    await world.do(workspaces.delete, world.ana, world.workspace_id, "Tandem team")
    await kept.follow()
    assert not kept.is_there and not board.viewers


async def test_invitations_are_for_those_who_may_invite(world: World):
    drawing = InvitesDrawing(world.workspace_id)
    await Kept(world, drawing).open()
    assert drawing.viewers == {world.ana.id}


async def test_what_never_was_cannot_be_drawn(world: World):
    for drawing in (
        BoardDrawing(99_999),
        TaskDrawing(99_999),
        TalkDrawing(99_999),
        WorkspaceDrawing(99_999),
        InvitesDrawing(99_999),
    ):
        assert not (await Kept(world, drawing).open()).is_there
        assert not drawing.viewers


async def test_a_glance_that_sees_a_task_in_a_lane_it_does_not_know_is_told_to_look_again(world: World):
    kept = await Kept(world, BoardDrawing(world.board_id)).open()
    later = await world.do(lanes.add, world.ana, world.board_id, "Later")
    await world.do(moving.send, world.ana, world.task_id, later)
    async with world.db.glancing() as tx:
        changes = await kept.drawing.missed(tx, kept.revisions, 500)
        assert kept.drawing.needs_snapshot(changes)
        of_tasks = [change for change in changes if change.entity == "task"]
        assert of_tasks
        assert not kept.drawing.needs_snapshot(of_tasks)
        with pytest.raises(Overtaken):
            await kept.drawing.redraw(tx, of_tasks)
    await kept.follow()
    assert kept.sight() == (await Kept(world, BoardDrawing(world.board_id)).open()).sight()
