"""The tab without a browser fails as tabs do: it hangs, loses its network, and comes back by itself."""

import os
import signal
from collections.abc import Iterator

import pytest

from tests.live.client import Client, sign_up
from tests.live.proxy import Proxy
from tests.live.story import Story, titles
from tests.support.server import Server, serving

HEARTBEAT = 1
"""Seconds, for those who wait until a connection is given up."""


@pytest.fixture
def attentive_server() -> Iterator[Server]:
    heartbeat = str(HEARTBEAT)
    with serving(WEBSOCKET_HEARTBEAT_INTERVAL=heartbeat, WEBSOCKET_TIMEOUT=heartbeat) as server:
        yield server


async def test_a_tab_that_hangs_takes_nothing_and_then_everything(story: Story):
    ana, ben = await story.on_two_workers()
    ben.stop_reading()
    before = ben.received
    await ana.do("add_tasks", lane_id=story.lanes["To do"], titles=["While you hang"])
    await ana.until(lambda _: "While you hang" in titles(ana), "it is added")
    await story.all_equal(ana)
    assert ben.received == before
    assert "While you hang" not in titles(ben)
    ben.read_on()
    await story.all_equal(ana, ben)
    assert ben.connections == 1


async def test_a_tab_comes_back_by_itself_and_shows_what_it_had_meanwhile(story: Story):
    ana = await story.tab("Ana")
    async with Proxy(story.server.url) as network:
        ben = await story.tab("Ben", via=network.url)
        ben.come_back()
        network.refuse()
        network.cut()
        await ben.ended()
        shown = ben.board
        await ana.do("add_tasks", lane_id=story.lanes["To do"], titles=["While you are away"])
        await ana.until(lambda _: "While you are away" in titles(ana), "it is added")
        assert ben.board == shown != ana.board
        network.refuse(False)
        await story.all_equal(ana, ben)
        assert ben.connections == 2
        assert ben.revisions == sorted(ben.revisions)


async def test_a_tab_comes_back_by_itself_when_its_worker_was_killed(story: Story):
    ana, ben = await story.on_two_workers()
    ben.come_back()
    killed = ben.worker_pid
    os.kill(killed, signal.SIGKILL)
    await ben.until(lambda _: ben.is_drawn and ben.worker_pid != killed, "another worker serves it")
    await story.all_equal(ana, ben)
    assert ana.connections == 1


async def test_a_tab_gives_up_a_connection_that_says_nothing_and_comes_back(attentive_server: Server):
    cookie = await sign_up(attentive_server.url, "Ana", "ana@example.com", "nothing to be heard")
    async with Proxy(attentive_server.url) as network:
        ana = await Client(network.url, cookie).open("/")
        ana.come_back()
        network.silence()
        await ana.ended(patience=3 * HEARTBEAT)
        network.silence(False)
        await ana.until(lambda _: ana.is_drawn and ana.connections == 2, "it is connected again")
        await ana.close()
