"""Redis is a doorbell: without it people work on, two seconds slower, and it comes back by itself."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import redis

from app.web import live
from tests.live.client import Client
from tests.live.story import Story
from tests.support.services import RedisServer

QUICK = 0.5
"""Seconds: a doorbell takes a tenth of that, the safety query two seconds."""


@pytest.fixture
async def stopped_redis(story: Story, redis_server: RedisServer) -> AsyncIterator[RedisServer]:
    """It is stopped by the test itself, and runs again after it whatever happens."""
    yield redis_server
    if not answers(redis_server):
        await asyncio.to_thread(redis_server.start)


def answers(server: RedisServer) -> bool:
    try:
        return bool(redis.Redis.from_url(server.url).ping())
    except redis.ConnectionError:
        return False


async def seconds_to_arrive(story: Story, author: Client, other: Client, number: int) -> float:
    """From sending a change to the other tab's having it."""
    task_id, is_done = story.tasks[0], number % 2 == 0
    started = time.monotonic()
    await author.do("complete_task" if is_done else "reopen_task", task_id=task_id)
    await other.until(lambda store: store["cards"][f"t{task_id}"]["is_done"] == is_done, f"change {number} is there")
    return time.monotonic() - started


async def test_a_change_reaches_the_other_worker_without_redis_and_quickly_again_with_it(
    story: Story, stopped_redis: RedisServer
):
    ana, ben = await story.on_two_workers()
    printed = len(story.server.log)
    assert min([await seconds_to_arrive(story, ana, ben, number) for number in range(4)]) < QUICK

    await asyncio.to_thread(stopped_redis.stop)
    assert not answers(stopped_redis)
    waits = [await seconds_to_arrive(story, ana, ben, number) for number in range(3)]
    assert max(waits) < live.SAFETY + 1.0
    assert max(waits) > QUICK, "It was the safety query that brought them."
    await story.all_equal(ana, ben)

    await asyncio.to_thread(stopped_redis.start)
    back = time.monotonic()
    number = 3
    while await seconds_to_arrive(story, ana, ben, number) > QUICK:
        number += 1
        assert time.monotonic() - back < 6.0, "Doorbells do not ring again."
    assert [await seconds_to_arrive(story, ana, ben, number + more) < QUICK for more in (1, 2, 3)] == [True] * 3
    assert (ana.connections, ben.connections) == (1, 1)
    await story.all_equal(ana, ben)
    assert not {*ana.toasts, *ben.toasts}, "Nobody was told anything."
    assert "Traceback" not in story.server.log[printed:]
