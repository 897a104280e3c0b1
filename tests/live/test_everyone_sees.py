"""Whatever anyone does, every screen ends up the same, and the same as the database."""

import asyncio
import random

from tests.live.client import Client
from tests.live.story import Story, titles

WRITERS = 6
CHANGES = 20


async def pair(story: Story) -> tuple[Client, Client]:
    """Ana and Ben, on different workers where there are two."""
    if story.server.worker_count > 1:
        return await story.on_two_workers()
    return await story.tab("Ana"), await story.tab("Ben")


async def test_a_change_arrives_at_every_tab_the_authors_included(story_of_each_size: Story):
    story = story_of_each_size
    ana, ben = await pair(story)
    also_ana = await story.tab("Ana")
    for author, title in ((ana, "Ring the bell"), (ben, "Answer the door")):
        await author.do("add_tasks", lane_id=story.lanes["Doing"], titles=[title])
        for tab in (ana, ben, also_ana):
            await tab.until(lambda _, tab=tab, title=title: title in titles(tab), f"“{title}” is there")
    await ben.do("complete_task", task_id=story.tasks[0])
    await ana.until(lambda store: store["cards"][f"t{story.tasks[0]}"]["is_done"], "it is ticked off")
    await story.all_equal(ana, ben, also_ana)


async def test_every_command_of_the_board_shows_the_same_to_both(story_of_each_size: Story):
    story = story_of_each_size
    ana, ben = await pair(story)
    to_do, doing, done = story.lanes.values()
    one, two, three = story.tasks[:3]
    ben_id = story.people["Ben"].id
    for command, arguments in [
        ("rename_task", {"task_id": one, "title": "Renamed", "based_on": 0}),
        ("describe_task", {"task_id": one, "description": "Two\nlines", "based_on": 0}),
        ("complete_task", {"task_id": one}),
        ("reopen_task", {"task_id": one}),
        ("set_due", {"task_id": two, "due_on": "2027-03-31"}),
        ("set_priority", {"task_id": two, "priority": "4"}),
        ("assign", {"task_id": two, "person_id": ben_id}),
        ("unassign", {"task_id": two, "person_id": ben_id}),
        ("send_task", {"task_id": two, "lane_id": doing}),
        ("shift_task", {"task_id": three, "where": "top"}),
        ("trash_task", {"task_id": three}),
        ("restore_task", {"task_id": three}),
        ("rename_lane", {"lane_id": doing, "name": "In hand"}),
        ("shift_lane", {"lane_id": done, "where": "left"}),
        ("delete_lane", {"lane_id": to_do, "tasks_to": str(done)}),
        ("add_lane", {"board_id": story.board_id, "name": "Later"}),
        ("rename_board", {"board_id": story.board_id, "name": "Landing"}),
        ("archive_board", {"board_id": story.board_id}),
        ("restore_board", {"board_id": story.board_id}),
    ]:
        revision = (await story.revisions())[-1]
        await ana.do(command, **arguments)
        shows_nothing = command == "reopen_task"
        await ana.until(
            lambda _, revision=revision: ana.revisions[-1] > revision, f"{command} is done{' again' * shows_nothing}"
        )
        await story.all_equal(ana, ben)


async def test_six_writers_at_once_on_both_workers_end_with_one_board_and_no_gap(story: Story):
    ana, ben = await story.on_two_workers()
    tabs = [ana, ben] + [await story.tab(name, on=on.worker) for on in (ana, ben) for name in ("Ana", "Ben")]
    assert len(tabs) == WRITERS
    assert len({tab.worker_pid for tab in tabs}) == 2
    await asyncio.gather(*(_write(story, tab, seed) for seed, tab in enumerate(tabs)))
    last = {f"The last by {seed}" for seed in range(WRITERS)}
    for tab in tabs:
        await tab.until(lambda _, tab=tab: last <= set(titles(tab)), "everyone's last change is there", 20)
    await story.all_equal(*tabs)
    revisions = await story.revisions()
    assert revisions == list(range(1, len(revisions) + 1))
    assert len(revisions) > WRITERS * CHANGES / 2, "Most of the changes were to change something."


async def _write(story: Story, tab: Client, seed: int) -> None:
    chosen = random.Random(seed)
    for number in range(CHANGES):
        task_id = chosen.choice(story.tasks)
        command, arguments = chosen.choice(
            [
                ("add_tasks", {"lane_id": chosen.choice(list(story.lanes.values())), "titles": [f"{seed}.{number}"]}),
                ("send_task", {"task_id": task_id, "lane_id": chosen.choice(list(story.lanes.values()))}),
                ("shift_task", {"task_id": task_id, "where": chosen.choice(["top", "up", "down", "bottom"])}),
                ("complete_task", {"task_id": task_id}),
                ("reopen_task", {"task_id": task_id}),
                ("set_priority", {"task_id": task_id, "priority": str(chosen.randrange(5))}),
            ]
        )
        await tab.do(command, **arguments)
    await tab.do("add_tasks", lane_id=story.lanes["Done"], titles=[f"The last by {seed}"])
