"""A worker that was late itself does not take Redis for away: its answers were waiting."""

import asyncio
import time

from app import ears
from app.bus import Bus
from tests.support.services import RedisServer

LATE = ears.PING * ears.UNANSWERED + 0.3
"""Seconds in which a worker that is on time would have missed the answers to all its pings."""


async def test_a_worker_that_was_late_goes_on_hearing_and_ringing(redis_server: RedisServer):
    here, there = Bus(ears.connect(redis_server.url)), Bus(ears.connect(redis_server.url))
    changes, rung = list[bool](), asyncio.Queue[int]()
    here.on_change, there.on_ring = changes.append, lambda topic, revision: rung.put_nowait(revision)
    running = [asyncio.create_task(bus.run()) for bus in (here, there)]
    await there.subscribe("board:1")
    await here.subscribe("board:2")
    async with asyncio.timeout(20):
        while rung.empty():  # Until both listen.
            here.publish({"board:1": 1})
            await asyncio.sleep(0.05)
        here.publish({"board:1": 2})
        for _ in range(20):
            await asyncio.sleep(0)
        time.sleep(LATE)  # noqa: ASYNC251 - It is late, with a doorbell on its way.
        await asyncio.sleep(2 * ears.PING)
        here.publish({"board:1": 3})
        while await rung.get() != 3:
            pass
    assert changes == [], "It never thought that Redis was away."
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
