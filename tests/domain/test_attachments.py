"""Files on tasks: who may add, have and remove them, how many fit, and what their names become."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain import attachments, members, tasks, workspaces
from app.domain.attachments import MISSING, Stored
from app.domain.drawings.board import BoardDrawing
from app.domain.drawings.task import TaskDrawing
from app.domain.errors import Invalid, NotAllowed, NotFound, Refusal
from app.domain.models import Attachment, now
from tests.support.world import World, drawn

ROOM = 10_000
LOGO = Stored("logo.png", 4_000, "image/png", "1" * 64, "a" * 32, "b" * 32)


def another(number: int, size: int = 4_000) -> Stored:
    return replace(LOGO, name=f"{number}.png", size=size, sha256=f"{number:064}", key=f"{number:032x}", thumb="")


async def add(world: World, file: Stored = LOGO, room: int = ROOM) -> int:
    return (await world.do(attachments.add, world.ana, world.task_id, file, room))[0]


async def has(world: World, person, file_id: int) -> str:
    """The name under which somebody is given the file, or the sentence with which not."""
    async with world.db.reading() as tx:
        try:
            return (await attachments.file_for(tx, person, file_id)).name
        except Refusal as refusal:
            return refusal.sentence


async def test_a_file_shows_in_the_open_task_and_is_counted_on_its_card(world: World):
    file_id = await add(world)
    shown = (await drawn(world.db, TaskDrawing(world.task_id)) or {})[f"d{world.task_id}"].files
    assert [(file.id, file.name, file.size, file.has_thumb, file.added_by) for file in shown] == [
        (file_id, "logo.png", "4 KB", True, "Ana")
    ]
    assert (await drawn(world.db, BoardDrawing(1)) or {})[f"t{world.task_id}"].files == 1
    await world.do(attachments.remove, world.ana, file_id)
    assert (await drawn(world.db, TaskDrawing(world.task_id)) or {})[f"d{world.task_id}"].files == ()
    assert (await drawn(world.db, BoardDrawing(1)) or {})[f"t{world.task_id}"].files == 0


async def test_the_same_file_again_is_the_one_that_is_there(world: World):
    first = await world.do(attachments.add, world.ana, world.task_id, LOGO, ROOM)
    assert await world.do(attachments.add, world.ana, world.task_id, LOGO, ROOM) == first, "It is its own key."
    again = await world.do(attachments.add, world.ana, world.task_id, replace(LOGO, key="d" * 32), ROOM)
    assert (first, again) == ((first[0], True), (first[0], False))
    by_ben = await world.do(attachments.add, world.ben, world.task_id, replace(LOGO, key="e" * 32, thumb=""), ROOM)
    assert by_ben[1] is True
    assert by_ben[0] != first[0]


async def test_everyone_in_the_workspace_has_it_and_nobody_else(world: World):
    file_id, stranger = await add(world), await world.newcomer()
    assert [await has(world, person, file_id) for person in (world.ana, world.ben, world.cleo)] == ["logo.png"] * 3
    assert await has(world, stranger, file_id) == await has(world, stranger, 99_999) == MISSING
    await world.do(members.remove, world.ana, world.workspace_id, world.ben.id)
    assert await has(world, world.ben, file_id) == MISSING
    for verb in (attachments.remove, attachments.restore):
        with pytest.raises(NotFound, match=MISSING):
            await world.do(verb, world.ben, file_id)
    await world.do(attachments.remove, world.ana, file_id)
    assert await has(world, world.ana, file_id) == MISSING
    await world.do(attachments.restore, world.ana, file_id)
    assert await has(world, world.ana, file_id) == "logo.png"
    await world.do(workspaces.delete, world.ana, world.workspace_id, "Tandem team")
    assert await has(world, world.ana, file_id) == MISSING


async def test_a_commenter_removes_their_own_files_and_no_others(world: World):
    anas = await add(world)
    await world.give_role(world.cleo, "commenter")
    [cleos, _] = await world.do(attachments.add, world.cleo, world.task_id, another(1), ROOM)
    await world.do(attachments.remove, world.cleo, cleos)
    with pytest.raises(NotAllowed):
        await world.do(attachments.remove, world.cleo, anas)
    assert await has(world, world.cleo, anas) == "logo.png"


async def test_looking_refuses_what_adding_would(world: World):
    garden = await world.elsewhere()
    await world.do(tasks.trash, world.ana, world.tasks["Order stickers"])
    answers = {}
    for who, task_id in [
        (world.ana, world.task_id),
        (world.cleo, world.task_id),
        (world.ana, garden.task_id),
        (world.ana, 99_999),
        (world.ana, world.tasks["Order stickers"]),
    ]:
        said = []
        for verb, what in ((attachments.look, 4_000), (attachments.add, LOGO)):
            try:
                await world.do(verb, who, task_id, what, ROOM)
                said.append("")
            except Refusal as refusal:
                said.append(refusal.sentence)
        assert said[0] == said[1]
        answers[who.name, task_id] = said[0]
    assert answers["Ana", garden.task_id] == answers["Ana", 99_999] != ""
    assert answers["Ana", world.task_id] == ""
    assert answers["Cleo", world.task_id] == "Viewers can look at this board, not add files to it."


async def test_a_board_that_is_full_says_so_and_removed_files_give_way(world: World):
    await add(world, another(1))
    second = await add(world, another(2))
    with pytest.raises(Invalid, match=r"The files of this board have 8 KB already, and 10 KB is the most"):
        await add(world, another(3))
    await world.do(attachments.remove, world.ana, second)
    assert len(await world.rows(select(Attachment.id))) == 2, "The premise: it is still kept, for Undo."
    await add(world, another(3))
    assert len(await world.rows(select(Attachment.id))) == 2
    with pytest.raises(NotFound, match=MISSING):
        await world.do(attachments.restore, world.ana, second)


async def test_a_task_has_a_hundred_files_at_most(world: World):
    async with world.db.transaction() as tx:
        for number in range(100):
            await attachments.add(tx, world.ana, world.task_id, another(number, 1), ROOM)
    with pytest.raises(Invalid, match="A task has 100 files at most"):
        await add(world, another(101, 1))


async def test_what_was_removed_is_forgotten_after_a_while_and_what_is_named_is_in_use(world: World):
    kept, removed = await add(world), await add(world, another(1))
    await world.do(attachments.remove, world.ana, removed)
    keys = {LOGO.key, LOGO.thumb, another(1).key, "f" * 32}
    async with world.db.reading() as tx:
        assert await attachments.in_use(tx, keys) == keys - {"f" * 32}
    for before, left in ((now() - timedelta(hours=1), {kept, removed}), (now() + timedelta(hours=1), {kept})):
        async with world.db.unrecorded() as session:
            await attachments.purge(session, before)
        assert set(await world.rows(select(Attachment.id))) == left
