"""A whole crowd that comes back at the same moment is right soon, and costs one drawing a worker, not one a tab.

A drawing reads the table `lane` once (BoardDrawing._read_frame), and nothing else that happens here reads it: so the
scans of that table, which PostgreSQL counts, are the drawings. A connection hands in its counts when it ends, at the
latest: they are looked at once the program has stopped.
"""

import asyncio
import time
from collections.abc import Iterator

import pytest

from app.web.room import GAP
from tests.live import story as stories
from tests.live.client import Client
from tests.live.faults import come_back, in_batches, query, sized
from tests.live.pulse import probing
from tests.live.story import Story
from tests.live.test_away import MISS
from tests.support.server import UNHURRIED, Server, serving
from tests.support.services import RedisServer
from tests.support.stores import PostgreSQLStore

CROWD = sized(100, 300)
WORKERS = 2
RIGHT_WITHIN = 10.0
"""Seconds."""
STALL = 1.0
"""Seconds that somebody who asks for something else may wait meanwhile."""


@pytest.fixture
def own_server(postgresql_store: PostgreSQLStore, redis_server: RedisServer) -> Iterator[Server]:
    url = postgresql_store.create("seeded")
    with serving(DATABASE_URL=url, REDIS_URL=redis_server.url, WORKERS=str(WORKERS), **UNHURRIED) as server:
        yield server
    postgresql_store.drop(url)


async def test_a_crowd_cut_at_once_is_right_soon_and_drawn_for_once_a_worker(own_server: Server):
    story = await stories.begin(own_server)
    before = await _reads_of_lanes(story)
    first = [await story.tab("Ben")]
    first.append(await story.tab("Ben", not_on=first[0].worker))
    crowd = first + await in_batches(
        [lambda worker=tab.worker: story.tab("Ben", on=worker) for tab in first] * (CROWD // 2 - 1), at_once=6
    )
    assert len(crowd) == CROWD
    assert {tab.worker_pid for tab in crowd} == set(own_server.workers)
    await asyncio.gather(*(tab.drop() for tab in crowd))

    values = {"count": GAP + 100, "board": story.board_id, "tasks": story.tasks, "ago": 5, "actor": 1}
    await query(own_server.database_url, MISS, **values)
    expected = await story.drawing()
    newest = (await story.revisions())[-1]
    assert crowd[0].board != expected, "There is something to be told."
    async with probing(own_server.url) as probes:
        started = time.monotonic()
        took = await asyncio.gather(*(_right_after(tab, expected, started) for tab in crowd))
    assert max(took) < RIGHT_WITHIN
    assert not probes.failures
    assert max(probes.waits) < STALL
    assert {tab.store["freshness"]["revision"] for tab in crowd} == {newest}
    came_back_to = {tab.worker_pid for tab in crowd}  # Whichever of the two was free.
    await story.end()
    own_server.stop()
    ours = 1  # The drawing to which the tabs were compared.
    drawn = await _reads_of_lanes(story) - before - ours
    assert drawn == WORKERS + len(came_back_to), "One on each worker when they came, one when they came back."


async def _right_after(tab: Client, expected: dict, started: float) -> float:
    await come_back(tab)
    await tab.until(lambda _: tab.board == expected, "it is right", 30)
    return time.monotonic() - started


async def _reads_of_lanes(story: Story) -> int:
    """By connections that have ended, among which are the test's own."""
    await story.db.engine.dispose()
    statement = "SELECT coalesce(seq_scan, 0) + coalesce(idx_scan, 0) FROM pg_stat_user_tables WHERE relname = 'lane'"
    return (await query(story.server.database_url, statement))[0][0]
