"""A worker that is killed is nobody's trouble but its own people's, and theirs for a moment."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator

import pytest

from tests.live.client import Client
from tests.live.faults import QUICK, come_back, in_batches, seconds_to_arrive, sized, wait_until
from tests.live.pulse import probing
from tests.live.story import Story
from tests.support.server import UNHURRIED, Server
from tests.support.services import RedisServer
from tests.support.stores import PostgreSQLStore
from tests.support.two_workers import two_workers

PEOPLE = 50
KILLS = 10
APART = sized(1.5, 6.0)
"""Seconds between two kills; the second follows the first much sooner."""
SOON = 0.5


async def test_a_worker_killed_with_fifty_people_on_it_has_them_back_in_three_seconds(story: Story):
    ana = await story.tab("Ana")
    cleo = await story.tab("Cleo", on=ana.worker)
    crowd = await in_batches([lambda: story.tab("Ben", not_on=ana.worker)] * PEOPLE)
    killed = crowd[0].worker_pid
    assert killed != ana.worker_pid
    assert {tab.worker_pid for tab in crowd} == {killed}

    started = time.monotonic()
    os.kill(killed, signal.SIGKILL)
    back = asyncio.gather(*(_right_again(story, tab, started) for tab in crowd))
    waits = []
    while not back.done():
        waits.append(await seconds_to_arrive(ana, story.tasks[0], cleo))
    took = await back

    assert len(waits) > 1, "Something was changed while they came back."
    assert max(waits) < QUICK, "Somebody on the other worker had to wait."
    assert (ana.connections, cleo.connections) == (1, 1)
    assert {tab.connections for tab in crowd} >= {2}
    assert max(took) < 3.0
    await story.all_equal(ana, cleo, *crowd)

    newcomer = await story.tab("Ben", not_on=ana.worker)
    assert time.monotonic() - started < 5.0
    assert set(story.server.workers) == {ana.worker_pid, newcomer.worker_pid}
    assert newcomer.worker_pid != killed


async def _right_again(story: Story, tab: Client, started: float) -> float:
    """Back, and with a change that is made after that; seconds since `started`."""
    await tab.ended()
    await come_back(tab)
    newest = (await story.revisions())[-1]
    await tab.until(lambda _: tab.store["freshness"]["revision"] >= newest, "it has what others have")
    return time.monotonic() - started


@pytest.fixture
def own_server(postgresql_store: PostgreSQLStore, redis_server: RedisServer) -> Iterator[Server]:
    with two_workers(postgresql_store, redis_server, may_fail=True, **UNHURRIED) as server:
        yield server


async def test_the_program_survives_ten_kills_in_a_row(own_server: Server):
    kills: list[float] = []
    dead: set[int] = set()
    async with probing(own_server.url) as probes:
        for number in range(KILLS):
            await wait_until(lambda: set(own_server.workers) - dead, "there is a worker")
            victim = (set(own_server.workers) - dead).pop()
            os.kill(victim, signal.SIGKILL)
            dead.add(victim)
            kills.append(time.monotonic())
            await asyncio.sleep(SOON if number == 0 else APART)
        await wait_until(lambda: len(set(own_server.workers) - dead) == 2, "both are new")
        answered = len(probes.waits)
        await wait_until(lambda: len(probes.waits) > answered + 20, "they answer")
    assert len(dead) == KILLS
    assert kills[1] - kills[0] < 5.0
    assert own_server.is_running

    # A kill cuts the connection that the killed worker was answering, and no other: the parent holds the port.
    assert len(probes.failures) <= KILLS, probes.failures
    assert all(
        any(0 <= moment - kill < 0.5 or abs(kill - moment) < 0.5 for kill in kills) for moment, _ in probes.failures
    )
    assert not [words for _, words in probes.failures if "refused" in words or "Timeout" in words]
    assert max(probes.waits) < 5.0
    assert len(probes.waits) > 100, "It was asked all the time."
