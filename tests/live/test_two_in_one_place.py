"""Two people at the same thing at the same moment: both texts are kept, and the board has one order everywhere."""

import asyncio
import random
from typing import Any

import pytest

from app.domain.models import Task
from tests.live.client import Client, Store
from tests.live.faults import query, sized
from tests.live.story import Story

PAIRS = sized(100, 1_000)
EDITS = sized(5, 50)


@pytest.mark.parametrize("command, field", [("rename_task", "title"), ("describe_task", "description")])
async def test_two_people_who_edit_one_field_keep_both_texts_and_the_second_is_asked(
    story: Story, command: str, field: str
):
    ana, ben = await _at_the_task(story, story.tasks[0])
    for number in range(EDITS):
        await _clash(ana, ben, story.tasks[0], command, field, number)
    await story.all_equal(ana, ben)


async def _clash(ana: Client, ben: Client, task_id: int, command: str, field: str, number: int) -> None:
    """Both write over the same version; whoever was second then chooses their own text."""
    key, version = f"{field}:{task_id}", _detail(ana, task_id)[f"{field}_version"]
    texts = {ana: f"By Ana, {number}", ben: f"By Ben, {number}"}
    await asyncio.gather(
        *(tab.do(command, task_id=task_id, based_on=version, **{field: text}) for tab, text in texts.items())
    )
    for tab in texts:
        await tab.until(lambda _, tab=tab: _detail(tab, task_id)[f"{field}_version"] > version, "one is saved")
    saved = _detail(ana, task_id)[field]
    first, second = (ana, ben) if saved == texts[ana] else (ben, ana)
    assert saved == texts[first] != texts[second]
    await second.until(lambda store: key in store["feedback"]["unsaved"], "the second person is asked")
    asked = second.store["feedback"]["unsaved"][key]
    assert asked["is_clash"]
    assert (asked["mine"], asked["theirs"]) == (texts[second], saved)
    assert key not in first.store["feedback"]["unsaved"]

    await second.do(command, task_id=task_id, based_on=asked["version"], **{field: asked["mine"]})
    for tab in texts:
        await tab.until(lambda _, tab=tab: _detail(tab, task_id)[field] == texts[second], "it is what was chosen")
    await second.until(lambda store: key not in store["feedback"]["unsaved"], "nobody is asked any more")


async def test_two_people_who_edit_different_fields_are_both_saved_and_nobody_is_asked(story: Story):
    ana, ben = await _at_the_task(story, story.tasks[0])
    for number in range(EDITS):
        await _edit_side_by_side(ana, ben, story.tasks[0], number)
    for tab in (ana, ben):
        assert not tab.store["feedback"]["unsaved"]
        assert not tab.toasts
    await story.all_equal(ana, ben)


async def _edit_side_by_side(ana: Client, ben: Client, task_id: int, number: int) -> None:
    before = _detail(ana, task_id)
    title, text, priority, day = f"Title {number}", f"Text {number}", 1 + number % 4, f"2027-03-{1 + number % 28:02}"
    await asyncio.gather(
        ana.do("rename_task", task_id=task_id, title=title, based_on=before["title_version"]),
        ben.do("describe_task", task_id=task_id, description=text, based_on=before["description_version"]),
        ana.do("set_priority", task_id=task_id, priority=str(priority)),
        ben.do("set_due", task_id=task_id, due_on=day),
    )
    for tab in (ana, ben):
        await tab.until(
            lambda store, tab=tab: (
                (_detail(tab, task_id)["title"], _detail(tab, task_id)["description"]) == (title, text)
                and (card := store["cards"][f"t{task_id}"])
                and (card["priority"], card["due_on"]) == (priority, day)
            ),
            "all four are saved",
        )


async def test_pairs_of_moves_into_one_slot_end_in_one_order_everywhere(story: Story):
    tasks = story.tasks + await story.fill("To do", 12)
    ana, ben = await story.on_two_workers()
    looking = [_look_for_lost_tasks(tab, set(tasks)) for tab in (ana, ben)]
    chosen = random.Random(7)
    for number in range(PAIRS):
        revision = max(ana.revisions[-1], ben.revisions[-1]) + 2
        await asyncio.gather(*_pair(story, ana, ben, chosen, number))
        for tab in (ana, ben):
            await tab.until(lambda _, tab=tab, end=revision: tab.revisions[-1] >= end, f"pair {number} has moved")
        assert ana.revisions[-1] == ben.revisions[-1] == revision
    assert not [*ana.toasts, *ben.toasts], "No move was refused."
    assert looking == [[], []], "A task was in two lanes or in none."

    cleo = await story.tab("Cleo")
    await story.all_equal(ana, ben, cleo)
    statement = f"SELECT lane_id, rank FROM {Task.__tablename__} WHERE board_id = %(board)s ORDER BY lane_id, rank"
    places = await query(story.server.database_url, statement, board=story.board_id)
    assert len(places) == len(set(places)) == len(tasks), "Two tasks have one place."


def _pair(story: Story, ana: Client, ben: Client, chosen: random.Random, number: int) -> list:
    """Two moves that do not know of each other, both of which change something whatever comes first."""
    lanes = {lane_id: ana.store["lanes"][f"l{lane_id}"]["tasks"] for lane_id in story.lanes.values()}
    full = max(lanes, key=lambda lane_id: len(lanes[lane_id]))
    others = [lane_id for lane_id in lanes if lane_id != full]
    assert len(lanes[full]) > 3
    one, two = chosen.sample(lanes[full][1:-1], 2)
    match number % 3:
        case 0:  # One task, to two lanes.
            to = {ana: others[0], ben: others[1]}
            return [tab.do("send_task", task_id=one, lane_id=lane_id) for tab, lane_id in to.items()]
        case 1:  # Two tasks, to the end of one lane.
            return [tab.do("send_task", task_id=id, lane_id=others[0]) for tab, id in ((ana, one), (ben, two))]
        case _:  # Two tasks, to the top of their lane.
            return [tab.do("shift_task", task_id=id, where="top") for tab, id in ((ana, one), (ben, two))]


def _look_for_lost_tasks(tab: Client, tasks: set[int]) -> list[str]:
    """What was wrong with the lanes after any patch: each task must be in one lane, always."""
    wrong: list[str] = []

    def look(delta: Store, _: int) -> None:
        shown = [id for lane in tab.store["header"]["h"]["lanes"] for id in tab.store["lanes"][f"l{lane}"]["tasks"]]
        if len(shown) != len(tasks) or set(shown) != tasks:
            wrong.append(f"{sorted(shown)} after {list(delta)}")

    tab.on_delta = look
    return wrong


def _detail(tab: Client, task_id: int) -> dict[str, Any]:
    return tab.store["detail"][f"d{task_id}"]


async def _at_the_task(story: Story, task_id: int) -> tuple[Client, Client]:
    """Ana and Ben on two workers, both with the task open."""
    path = f"{story.path}?task={task_id}"
    ana = await story.tab("Ana", path)
    ben = await story.tab("Ben", path, not_on=ana.worker)
    for tab in (ana, ben):
        await tab.until(lambda store: store["detail"].get(f"d{task_id}"), "the task is open")
    return ana, ben
