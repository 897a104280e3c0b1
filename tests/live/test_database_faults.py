"""A database that is restarted or busy costs people a moment and a sentence: no text, no change, nobody else's time."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest

from app.web import live
from tests.live import story as stories
from tests.live.client import Client
from tests.live.faults import (
    DurablePostgreSQL,
    address,
    crash,
    in_batches,
    query,
    require_everything_acknowledged,
    sized,
    wait_until,
    writers,
)
from tests.live.pulse import feeling_the_pulse
from tests.live.story import Story, titles
from tests.support.server import UNHURRIED, Server, serving
from tests.support.services import RedisServer, running
from tests.support.stores import PostgreSQLStore

RESTARTS = sized(2, 20)
WRITERS = sized(6, 24)
REFUSED_FOR = 5.0
"""Seconds for which a restart may refuse people."""
BUSY = 2.0 + 1.0
"""Seconds until somebody is told to try again: those that the program waits, and some for a busy machine."""
CROWD = 40
"""More commands at once than two workers have connections to the database."""
STALL = 0.25
"""Seconds that a ping may take, of which an event loop may stand still for 0.1.

The rest is for the thread that asks and for a machine with other things to do. A loop that waits for the database
itself would stand still for 2 s, and one that hashes a password for some tenths of a second.
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[DurablePostgreSQL]:
    with running(DurablePostgreSQL) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def own_server(cluster: DurablePostgreSQL, redis_server: RedisServer) -> Iterator[Server]:
    store = PostgreSQLStore(cluster)
    url = store.create("seeded")
    store.close()
    # A copied sequence counts on a log record of its original: until the next checkpoint a crash would turn it back.
    cluster.execute("CHECKPOINT")
    with serving(DATABASE_URL=url, REDIS_URL=redis_server.url, WORKERS="2", **UNHURRIED) as server:
        yield server


@pytest.fixture
async def own_story(own_server: Server) -> AsyncIterator[Story]:
    story = await stories.begin(own_server, first=max(WRITERS, CROWD))
    yield story
    await story.end()


async def test_a_database_restarted_at_once_loses_nothing_that_was_acknowledged(
    own_story: Story, cluster: DurablePostgreSQL
):
    story, ends = own_story, asyncio.Event()
    tabs = [*await story.on_two_workers(), *[await story.tab("Ben") for _ in range(WRITERS - 2)]]
    writing = await writers(story, tabs)
    work = asyncio.gather(*(writer.write(ends) for writer in writing))
    for _ in range(RESTARTS):
        await _each_is_acknowledged_again(writing)
        begun = time.monotonic()
        await asyncio.to_thread(crash, cluster)
        await _start_again(story, cluster)
        await _each_is_acknowledged_again(writing)
        refused = [moment for writer in writing for moment, _ in writer.refused if moment > begun]
        assert refused, "Somebody was writing when it happened."
        assert max(refused) - begun < REFUSED_FOR
    ends.set()
    await work
    assert {words for writer in writing for _, words in writer.refused} == {
        "That could not be saved just now. Please try again in a moment."
    }
    assert {tab.connections for tab in tabs} == {1}
    await require_everything_acknowledged(story, writing)
    await story.all_equal(*tabs)


async def test_what_was_typed_while_the_database_was_away_comes_back(own_story: Story, cluster: DurablePostgreSQL):
    story = own_story
    ana = await story.tab("Ana")
    add = {"lane_id": story.lanes["Doing"], "titles": ["Typed while the database was away"]}
    await asyncio.to_thread(crash, cluster)
    try:
        await ana.do("add_tasks", **add)
        await ana.until(lambda store: store["feedback"]["refused"]["number"], "it is refused", BUSY)
    finally:
        await _start_again(story, cluster)
    refused = ana.store["feedback"]["refused"]
    assert (refused["command"], refused["arguments"]) == ("add_tasks", add)
    assert ana.toasts == ["That could not be saved just now. Please try again in a moment."]
    assert "Traceback" not in story.server.log

    back = time.monotonic()
    while add["titles"][0] not in titles(ana):
        number = ana.store["feedback"]["refused"]["number"]
        await ana.do("add_tasks", **add)
        await ana.until(
            lambda store, number=number: store["feedback"]["refused"]["number"] != number or _has(ana, add), "an answer"
        )
    assert time.monotonic() - back < REFUSED_FOR
    await story.all_equal(ana)
    assert titles(ana).count(add["titles"][0]) == 1


async def test_people_who_wait_for_one_locked_board_are_told_so_and_who_opens_another_does_not_wait(own_story: Story):
    story, other = own_story, await stories.begin(own_story.server)
    await _fresh_connections(story)
    crowd = await in_batches([lambda: story.tab("Ben")] * CROWD)
    assert len({tab.worker_pid for tab in crowd}) == 2
    cleo = await other.unopened("Cleo")
    async with (
        feeling_the_pulse(story.server.url, crowd[0].cookie) as pulse,
        holding(story, f"SELECT id FROM board WHERE id = {story.board_id} FOR UPDATE"),
    ):
        answers = asyncio.gather(
            *(_refused_after(tab, task_id) for tab, task_id in zip(crowd, story.tasks, strict=True))
        )
        await _wait_for_locks(story, 8)
        opened = await _answered_after(cleo, other)
        waits = await answers
    assert max(waits) < BUSY
    assert opened < BUSY, "Somebody who opens another board."
    assert pulse.longest < STALL
    await _works_again(story, crowd)
    await other.end()


async def test_people_who_meet_a_locked_table_are_told_so_the_ones_who_open_a_page_too(own_story: Story):
    story, other = own_story, await stories.begin(own_story.server)
    await _fresh_connections(story)
    ben = await story.tab("Ben")
    comers = [await other.unopened("Cleo") for _ in range(4)]
    async with (
        feeling_the_pulse(story.server.url, ben.cookie) as pulse,
        holding(story, "LOCK TABLE task IN ACCESS EXCLUSIVE MODE"),
    ):
        answer = asyncio.create_task(_refused_after(ben, story.tasks[0]))
        waits = await asyncio.gather(*(_answered_after(tab, other) for tab in comers))
        assert not any(tab.board for tab in comers), "Nothing could be read."
        assert await answer < BUSY
    assert max(waits) < BUSY
    assert pulse.longest < STALL
    await other.all_equal(*comers)  # By themselves: the server asks each page to open again.
    assert {tab.connections for tab in comers} == {1}
    assert not any(tab.toasts for tab in comers)
    assert "Traceback" not in story.server.log
    await _works_again(story, [ben])
    await other.end()


@contextlib.asynccontextmanager
async def holding(story: Story, statement: str) -> AsyncIterator[None]:
    """A transaction of somebody else's that holds a lock."""
    connection = await asyncio.to_thread(psycopg.connect, address(story.server.database_url))
    try:
        await asyncio.to_thread(connection.execute, statement)  # type: ignore[arg-type]  # To psycopg a statement is a literal.
        yield
    finally:
        await asyncio.to_thread(connection.close)


async def _start_again(story: Story, cluster: DurablePostgreSQL) -> None:
    await asyncio.to_thread(cluster.start)
    await story.db.engine.dispose()  # The connections of the test itself, which are gone too.


async def _fresh_connections(story: Story) -> None:
    """An earlier test may have cut those of both workers, which each finds out within two seconds."""
    await asyncio.sleep(live.SAFETY + 0.5)
    for tab in await story.on_two_workers():
        while tab.board != await story.drawing():
            await tab.reload()


async def _wait_for_locks(story: Story, count: int) -> None:
    statement = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    deadline = time.monotonic() + 1.5
    while (await query(story.server.database_url, statement))[0][0] < count:
        assert time.monotonic() < deadline, "The premise: commands wait for the lock."


async def _refused_after(tab: Client, task_id: int) -> float:
    assert not tab.toasts, "Nothing was refused yet."
    started = time.monotonic()
    await tab.do("complete_task", task_id=task_id)
    await tab.until(lambda _: tab.toasts, "it is refused")
    assert any("try again" in toast for toast in tab.toasts), tab.toasts
    return time.monotonic() - started


async def _answered_after(tab: Client, story: Story) -> float:
    """Seconds from opening the board to seeing it, or to being told that it will come."""
    tab.path, started = story.path, time.monotonic()
    await tab.connect()
    await tab.until(lambda store: tab.board or store.get("freshness", {}).get("is_waiting"), "it is answered", 20)
    return time.monotonic() - started


async def _works_again(story: Story, tabs: list[Client]) -> None:
    await tabs[0].do("set_priority", task_id=story.tasks[-1], priority="4")
    for tab in tabs:
        await tab.until(lambda store: store["cards"][f"t{story.tasks[-1]}"]["priority"] == 4, "it works again")
    await story.all_equal(*tabs)


async def _each_is_acknowledged_again(writing: list, times: int = 5) -> None:
    before = [len(writer.acknowledged) for writer in writing]
    await wait_until(
        lambda: all(len(writer.acknowledged) >= had + times for writer, had in zip(writing, before, strict=True)),
        "each writer's changes are acknowledged",
    )


def _has(tab: Client, add: dict) -> bool:
    return add["titles"][0] in titles(tab)
