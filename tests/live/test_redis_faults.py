"""Whatever Redis does, people work on, two seconds slower at most; it comes back by itself, and the page says so."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from app.web import live
from tests.live import story as stories
from tests.live.client import Client, Store
from tests.live.faults import QUICK, seconds_to_arrive, sized
from tests.live.page import ROOT_NAME
from tests.live.story import Story
from tests.support.server import UNHURRIED, serving
from tests.support.services import RedisServer, running
from tests.support.stores import PostgreSQLStore

AWAY = sized(8.0, 60.0)
"""Seconds that Redis is away."""
NOTICED, QUICK_AGAIN = 3.0, 5.0
"""Seconds until people are told that delivery is slow, and until it is quick again."""
FOLLOWS = live.SAFETY + 0.5
"""Seconds until other screens have a change at the latest."""

Fault = Callable[[RedisServer], None]
STOPPED: tuple[Fault, Fault] = (RedisServer.stop, RedisServer.start)
PAUSED: tuple[Fault, Fault] = (RedisServer.pause, RedisServer.resume)


@pytest.fixture
async def healed_redis(redis_server: RedisServer) -> AsyncIterator[RedisServer]:
    """It runs again after the test, whatever happens."""
    yield redis_server
    redis_server.resume()
    if not redis_server.is_running:
        await asyncio.to_thread(redis_server.start)


def is_slow(store: Store) -> bool:
    return bool(store.get("freshness", {}).get("is_slow"))


def _when_slow(tab: Client) -> list[float]:
    """The moments at which the tab is told that delivery is slow."""
    moments: list[float] = []
    tab.on_delta = lambda delta, _: moments.append(time.monotonic()) if is_slow(delta) else None
    return moments


@pytest.mark.parametrize("fault, cure", [STOPPED, PAUSED], ids=["stopped", "paused"])
async def test_people_work_on_while_redis_is_away(story: Story, healed_redis: RedisServer, fault: Fault, cure: Fault):
    ana, ben = await story.on_two_workers()
    printed = len(story.server.log)
    assert min([await seconds_to_arrive(ana, story.tasks[0], ben) for _ in range(3)]) < QUICK

    told = [_when_slow(tab) for tab in (ana, ben)]
    await asyncio.to_thread(fault, healed_redis)
    away = time.monotonic()
    answers, waits, openings = [], [], []
    while time.monotonic() - away < AWAY:
        waits.append(await seconds_to_arrive(ana, story.tasks[0], ben))
        answers.append(await seconds_to_arrive(ben, story.tasks[1]))
        openings += [await _seconds(story.tab("Cleo")), *await _there_and_back(story, ben)]
    assert max(waits) < FOLLOWS
    assert max(waits) > QUICK, "It was the safety query that brought them."
    assert max(answers) < QUICK
    assert max(openings) < 1.0

    await asyncio.to_thread(cure, healed_redis)
    await _is_quick_again(story, ana, ben)
    assert not {*ana.toasts, *ben.toasts}, "Nobody was told anything."
    assert "Traceback" not in story.server.log[printed:]
    assert all(moments and moments[0] - away < NOTICED for moments in told), "People are told that it is slow."


async def test_people_see_each_other_again_after_redis_forgot_everything(story: Story, healed_redis: RedisServer):
    ana, ben = await story.on_two_workers()
    everyone = {story.people[name].id for name in ("Ana", "Ben", "Cleo")}
    await _sees(everyone - {story.people["Cleo"].id}, ana, ben)
    with healed_redis.client() as client:
        assert client.keys("*"), "It had something to forget."
    healed_redis.flush()
    flushed = time.monotonic()
    cleo = await story.tab("Cleo")  # Somebody's coming makes everyone look who is there.
    waits = [await seconds_to_arrive(ana, story.tasks[0], ben, cleo) for _ in range(3)]
    assert max(waits) < QUICK, "Doorbells are not kept there."
    await _sees(everyone, ana, ben, cleo, patience=6.0 - (time.monotonic() - flushed))
    assert not is_slow(ana.store)


async def test_the_program_starts_without_redis_and_takes_it_when_it_is_there(postgresql_store: PostgreSQLStore):
    with stopped() as absent:
        url = postgresql_store.create("seeded")
        with serving(DATABASE_URL=url, REDIS_URL=absent.url, WORKERS="2", **UNHURRIED) as server:
            assert "Redis" in server.log, "Whoever runs it is told."
            story = await stories.begin(server)
            ana, ben = await story.on_two_workers()
            waits = [await seconds_to_arrive(ana, story.tasks[0], ben) for _ in range(3)]
            assert QUICK < max(waits) < FOLLOWS
            await asyncio.to_thread(absent.start)
            await _is_quick_again(story, ana, ben)
            await story.end()
            assert "Traceback" not in server.log
        postgresql_store.drop(url)


@contextlib.contextmanager
def stopped() -> Iterator[RedisServer]:
    """One that has not started yet."""
    with running(RedisServer) as server:
        server.stop()
        assert not Path(server.folder, "redis.sock").exists()
        yield server


async def _is_quick_again(story: Story, ana: Client, ben: Client) -> None:
    """Soon after Redis is back, by itself, over the connections that stood all the time."""
    back = time.monotonic()
    while await seconds_to_arrive(ana, story.tasks[0], ben) > QUICK:
        assert time.monotonic() - back < QUICK_AGAIN, "Doorbells do not ring again."
    for tab in (ana, ben):
        patience = QUICK_AGAIN - (time.monotonic() - back)
        await tab.until(lambda store: not is_slow(store), "it is quick", patience)
    assert max([await seconds_to_arrive(ana, story.tasks[0], ben) for _ in range(5)]) < QUICK
    assert (ana.connections, ben.connections) == (1, 1)
    await story.all_equal(ana, ben)


async def _there_and_back(story: Story, tab: Client) -> list[float]:
    """Seconds to go home by a link, and to the board again."""
    took = []
    for path in ("/", story.path):
        took.append(await _seconds(_go(tab, path)))
    return took


async def _go(tab: Client, path: str) -> None:
    tab.store["header"].clear()
    tab.store[ROOT_NAME]["is_hydrated"] = False
    await tab.go(path)
    is_board = path.startswith("/b/")
    await tab.until(
        lambda store: store[ROOT_NAME]["is_hydrated"] and (store["header"] or not is_board), f"{path} is drawn"
    )


async def _seconds(work) -> float:
    started = time.monotonic()
    await work
    return time.monotonic() - started


async def _sees(people: set[int], *tabs: Client, patience: float = 5.0) -> None:
    deadline = time.monotonic() + patience
    for tab in tabs:
        await tab.until(
            lambda store: set(store.get("nearby", {}).get("people", ())) == people,
            f"those here are {people}",
            deadline - time.monotonic(),
        )
