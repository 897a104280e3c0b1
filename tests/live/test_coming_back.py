"""Whoever was away is right again after reconnecting, wherever they land."""

import os
import signal

import pytest

from tests.live.client import Client, Gone
from tests.live.proxy import Proxy
from tests.live.story import Story, titles


async def make_30_changes(story: Story, ana: Client) -> None:
    """Thirty at least, of every kind that leaves something behind: added, moved, finished, gone."""
    before = len(await story.revisions())
    for number in range(8):
        await ana.do("add_tasks", lane_id=story.lanes["Doing"], titles=[f"While you were away {number}"])
    for task_id in story.tasks[:4]:
        await ana.do("complete_task", task_id=task_id)
        await ana.do("set_priority", task_id=task_id, priority="3")
        await ana.do("send_task", task_id=task_id, lane_id=story.lanes["Done"])
        await ana.do("shift_task", task_id=task_id, where="top")
        await ana.do("rename_task", task_id=task_id, title=f"Done {task_id}", based_on=0)
    await ana.do("trash_task", task_id=story.tasks[4])
    await ana.do("add_lane", board_id=story.board_id, name="Later")
    await ana.do("delete_lane", lane_id=story.lanes["Doing"], tasks_to=str(story.lanes["To do"]))
    await ana.do("rename_board", board_id=story.board_id, name="Landing")
    await ana.until(lambda store: store["header"]["h"]["name"] == "Landing", "the last change is made")
    assert len(await story.revisions()) >= before + 30


async def test_thirty_changes_while_a_tab_is_away_are_all_there_when_it_is_back(story: Story):
    ana, ben = await story.on_two_workers()
    await ben.drop()
    before = ben.board
    await make_30_changes(story, ana)
    assert ben.board == before, "Ben was away."
    await ben.reconnect()
    await story.all_equal(ana, ben)
    assert story.tasks[4] not in [entity["id"] for entity in ben.board.values()]


async def test_a_tab_that_comes_back_on_the_other_worker_is_right_too(story: Story):
    ana, ben = await story.on_two_workers()
    await ben.close()
    await make_30_changes(story, ana)
    await ben.open(story.path, on=ana.worker)
    await story.all_equal(ana, ben)


async def test_a_network_that_was_cut_and_slow_and_refused_ends_in_the_same_board(story: Story):
    async with Proxy(story.server.url) as network:
        ana = await story.tab("Ana")
        ben = await story.tab("Ben", via=network.url)
        network.delay = 0.05
        await ana.do("add_tasks", lane_id=story.lanes["To do"], titles=["Slowly"])
        await ben.until(lambda _: "Slowly" in titles(ben), "it arrived through a slow network")
        network.refuse()
        network.cut()
        await ben.ended()
        with pytest.raises(Gone):
            await ben.reconnect()
        await make_30_changes(story, ana)
        network.refuse(False)
        await ben.reconnect()
        await story.all_equal(ana, ben)


async def test_a_connection_that_was_silent_for_a_while_catches_up_by_itself(story: Story):
    async with Proxy(story.server.url) as network:
        ana = await story.tab("Ana")
        ben = await story.tab("Ben", via=network.url)
        network.silence()
        await make_30_changes(story, ana)
        assert "While you were away 0" not in titles(ben)
        network.silence(False)
        await story.all_equal(ana, ben)
        assert ben.connections == 1


async def test_a_killed_worker_is_replaced_and_its_people_get_the_right_board(story: Story):
    ana, ben = await story.on_two_workers()
    killed = ben.worker_pid
    os.kill(killed, signal.SIGKILL)
    await ben.ended()
    await ana.do("add_tasks", lane_id=story.lanes["To do"], titles=["While your worker was dead"])
    await ben.reconnect()
    await story.all_equal(ana, ben)
    assert ana.is_connected and ana.connections == 1, "Nobody on the other worker noticed."

    newcomer = await story.tab("Ben", not_on=ana.worker)
    assert newcomer.worker_pid not in (killed, ana.worker_pid)
    assert set(story.server.workers) == {newcomer.worker_pid, ana.worker_pid}
    await ana.do("complete_task", task_id=story.tasks[0])
    await newcomer.until(lambda store: store["cards"][f"t{story.tasks[0]}"]["is_done"], "the new worker is told")
    await story.all_equal(ana, ben, newcomer)
