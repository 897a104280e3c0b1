"""Tasks: add, edit, complete, assign, trash."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.domain import lanes, limits, moving, tasks
from app.domain.errors import Conflict, Invalid, NotFound, Refusal
from app.domain.models import Assignment, Task
from tests.support.world import World


async def assignees(world: World, task_id: int) -> set[int]:
    return set(await world.rows(select(Assignment.person_id).where(Assignment.task_id == task_id)))


async def test_new_tasks_stand_at_the_end_in_the_order_in_which_they_were_typed(world: World):
    before = await world.titles("To do")
    ids = await world.do(tasks.add, world.ben, world.lanes["To do"], [" Book   the venue ", "Print the badges"])
    assert await world.titles("To do") == [*before, "Book the venue", "Print the badges"]
    task = await world.row(Task, ids[0])
    assert (task.created_by, task.board_id, task.completed_at) == (world.ben.id, world.board_id, None)
    change = (await world.changes("board:1"))[-1]
    assert (change.kind, change.details["task_ids"]) == ("task.added", ids)


async def test_an_addition_that_is_sent_again_is_made_once_wherever_its_tasks_are_now(world: World):
    key, lane = "0123abcd-0000", world.lanes["To do"]
    [first, _] = await world.do(tasks.add, world.ben, lane, ["Book the venue", "Print the badges"], key)
    await world.do(moving.send, world.ben, first, world.lanes["Done"])
    after = [(await world.changes("board:1"))[-1].revision, await world.titles("To do"), await world.titles("Done")]
    assert await world.do(tasks.add, world.ben, lane, ["Book the venue", "Print the badges"], key) == []
    assert after == [
        (await world.changes("board:1"))[-1].revision,
        await world.titles("To do"),
        await world.titles("Done"),
    ]
    assert await world.do(tasks.add, world.ana, lane, ["Book the venue"], key), "It is somebody else's."
    assert await world.do(tasks.add, world.ben, lane, ["Book the venue"], key + "1")
    assert await world.do(tasks.add, world.ben, lane, ["Book the venue"])
    for wrong in ("short", "x" * 36, "0" * 37, "0123abcd'--"):
        with pytest.raises(Invalid, match="could not be understood"):
            await world.do(tasks.add, world.ben, lane, ["Book the venue"], wrong)


async def test_a_title_that_cannot_be_kept_gets_a_sentence_and_adds_nothing(world: World):
    before = await world.titles("To do")
    for titles, sentence in (
        ([""], "A title needs at least one character."),
        ([" \n\t "], "A title needs at least one character."),
        (["\x00\x07\ud800"], "A title needs at least one character."),
        (["Fine", ""], "A title needs at least one character."),
        (["x" * 501], "A title can have 500 characters at most; this one has 501."),
        ([], "Add 1 to 200 tasks at a time; these are 0."),
        (["x"] * 201, "Add 1 to 200 tasks at a time; these are 201."),
    ):
        with pytest.raises(Invalid) as refusal:
            await world.do(tasks.add, world.ana, world.lanes["To do"], titles)
        assert refusal.value.sentence == sentence
    assert await world.titles("To do") == before


async def test_what_cannot_be_printed_is_left_out_of_titles_and_descriptions(world: World):
    typed = "Call\x00 the\ud83d printer\u2028now \U0001f680"
    [task_id] = await world.do(tasks.add, world.ana, world.lanes["To do"], [typed])
    await world.do(tasks.describe, world.ana, task_id, "One\r\nTwo\x00\udfff\rThree\tfour\x1b[31m\n", 0)
    task = await world.row(Task, task_id)
    assert task.title == "Call the printer now \U0001f680"
    assert task.description == "One\nTwo\nThree\tfour[31m"


async def test_the_longest_title_and_description_are_kept_whole(world: World):
    await world.do(tasks.rename, world.ana, world.task_id, "\U0001f680" * 500, 0)
    await world.do(tasks.describe, world.ana, world.task_id, "é" * 20_000, 0)
    task = await world.row(Task, world.task_id)
    assert (len(task.title), len(task.description)) == (500, 20_000)
    with pytest.raises(Invalid, match=r"20,000 characters at most; this one has 20,001"):
        await world.do(tasks.describe, world.ana, world.task_id, "x" * 20_001, task.description_version)


async def test_a_board_holds_so_many_tasks_and_the_trash_does_not_count(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "OPEN_TASKS", len(world.tasks) + 1)
    await world.do(tasks.trash, world.ana, world.task_id)
    await world.do(tasks.add, world.ana, world.lanes["To do"], ["One", "Two"])
    for verb, *arguments in (
        (tasks.add, world.lanes["To do"], ["Three"]),
        (tasks.restore, world.task_id),
    ):
        with pytest.raises(Invalid, match=r"^A board holds 16 tasks at most\."):
            await world.do(verb, world.ana, *arguments)


async def test_two_who_change_different_fields_both_win(world: World):
    await world.do(tasks.rename, world.ana, world.task_id, "Hear every page", 0)
    await world.do(tasks.describe, world.ben, world.task_id, "With NVDA.", 0)
    task = await world.row(Task, world.task_id)
    assert (task.title, task.description) == ("Hear every page", "With NVDA.")


@pytest.mark.parametrize("field", ["title", "description"])
async def test_two_who_change_the_same_field_lose_neither_text(world: World, field: str):
    verb = {"title": tasks.rename, "description": tasks.describe}[field]
    await world.do(verb, world.ana, world.task_id, "What Ana wrote", 0)
    with pytest.raises(Conflict) as conflict:
        await world.do(verb, world.ben, world.task_id, "What Ben wrote", 0)
    told = conflict.value
    assert (told.field, told.mine, told.theirs) == (field, "What Ben wrote", "What Ana wrote")
    assert getattr(await world.row(Task, world.task_id), field) == "What Ana wrote"

    await world.do(verb, world.ben, world.task_id, told.mine, told.version)
    assert getattr(await world.row(Task, world.task_id), field) == "What Ben wrote"
    *_, before, last = await world.changes("board:1")
    assert before.details == {"from": world_text(field), "to": "What Ana wrote"}
    assert last.details == {"from": "What Ana wrote", "to": "What Ben wrote"}


def world_text(field: str) -> str:
    return "Check every page with a screen reader" if field == "title" else ""


async def test_two_who_write_the_same_agree(world: World):
    await world.do(tasks.rename, world.ana, world.task_id, "Hear every page", 0)
    await world.do(tasks.rename, world.ben, world.task_id, "  Hear every   page ", 0)
    assert (await world.changes("board:1"))[-1].actor_id == world.ana.id


async def test_a_version_from_the_future_is_a_conflict_too(world: World):
    with pytest.raises(Conflict):
        await world.do(tasks.rename, world.ana, world.task_id, "Hear every page", 99_999)


async def test_a_task_is_completed_and_opened_again(world: World):
    await world.do(tasks.complete, world.ben, world.task_id)
    assert (await world.row(Task, world.task_id)).completed_at is not None
    await world.do(tasks.reopen, world.ana, world.task_id)
    assert (await world.row(Task, world.task_id)).completed_at is None


async def test_due_dates_and_priorities_are_set_and_cleared(world: World):
    async def now_is(**expected: Any) -> None:
        task = await world.row(Task, world.task_id)
        assert {name: getattr(task, name) for name in expected} == expected

    await world.do(tasks.set_due, world.ana, world.task_id, date(2030, 2, 28))
    await world.do(tasks.set_priority, world.ana, world.task_id, 4)
    await now_is(due_on=date(2030, 2, 28), priority=4)
    await world.do(tasks.set_due, world.ana, world.task_id, None)
    await world.do(tasks.set_priority, world.ana, world.task_id, 0)
    await now_is(due_on=None, priority=0)
    for verb, wrong in (
        (tasks.set_due, date(1969, 12, 31)),
        (tasks.set_due, date(2200, 1, 1)),
        (tasks.set_priority, -1),
        (tasks.set_priority, len(tasks.PRIORITIES)),
    ):
        with pytest.raises(Invalid):
            await world.do(verb, world.ana, world.task_id, wrong)
    await now_is(due_on=None, priority=0)


async def test_several_members_share_a_task(world: World, monkeypatch: pytest.MonkeyPatch):
    await world.do(tasks.assign, world.ana, world.task_id, world.cleo.id)
    assert await assignees(world, world.task_id) == {world.ben.id, world.cleo.id}
    monkeypatch.setattr(limits, "ASSIGNEES", 2)
    with pytest.raises(Invalid, match="A task can have 2 people at most"):
        await world.do(tasks.assign, world.ana, world.task_id, world.ana.id)
    await world.do(tasks.unassign, world.ana, world.task_id, world.ben.id)
    assert await assignees(world, world.task_id) == {world.cleo.id}


async def test_only_members_can_be_assigned(world: World):
    dora = await world.newcomer("Dora")
    for person_id in (dora.id, 99_999):
        with pytest.raises(NotFound, match="Only people who can see this board can be assigned"):
            await world.do(tasks.assign, world.ana, world.task_id, person_id)


async def test_the_trash_gives_a_task_back_to_its_place(world: World):
    before = await world.titles("To do")
    await world.do(tasks.trash, world.ben, world.task_id)
    assert await world.titles("To do") == [title for title in before if not title.startswith("Check every page")]
    await world.do(tasks.add, world.ana, world.lanes["To do"], ["Meanwhile"])
    await world.do(tasks.restore, world.ana, world.task_id)
    assert await world.titles("To do") == [*before, "Meanwhile"]


async def test_a_task_comes_back_from_the_trash_even_if_its_lane_is_gone(world: World):
    task_id = world.tasks["Draw the new logo"]
    await world.do(tasks.trash, world.ana, task_id)
    await world.do(lanes.delete, world.ana, world.lanes["Doing"], world.lanes["Done"])
    await world.do(tasks.restore, world.ana, task_id)
    assert "Draw the new logo" in await world.titles("Done")


async def test_a_task_in_the_trash_is_not_edited(world: World):
    await world.do(tasks.trash, world.ana, world.task_id)
    for verb, *arguments in (
        (tasks.rename, "Hear every page", 0),
        (tasks.complete,),
        (tasks.assign, world.cleo.id),
        (tasks.trash,),
    ):
        with pytest.raises(Refusal) as refusal:
            await world.do(verb, world.ana, world.task_id, *arguments)
        assert refusal.value.sentence == "This task is in the trash."
