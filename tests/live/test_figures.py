"""What a Tandem tells of itself is what its people saw, and it names what is missing: with two workers."""

import asyncio
import json
import os
import signal
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin

from app.figures.shared import EVERY
from tests.live.connection import NAMESPACE, dial
from tests.live.figures import (
    DONE,
    INVALID,
    NOT_ALLOWED,
    NOT_FOUND,
    back,
    by_outcome,
    health,
    reports,
    scraped,
    until,
    until_health,
    work,
)
from tests.live.story import Story
from tests.support.server import UNHURRIED, Server, serving
from tests.support.services import PostgreSQL, RedisServer, running
from tests.support.stores import PostgreSQLStore

STRANGERS = 5
TOKEN = "tandem_handshakes_refused_total{reason=token}"


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    """One of the test's own, which it stops."""
    with running(RedisServer) as server:
        yield server


@pytest.fixture(scope="module")
def server(postgresql_store: PostgreSQLStore, redis: RedisServer) -> Iterator[Server]:
    url = postgresql_store.create("seeded")
    allowed = {"METRICS_ALLOWED": "127.0.0.1", "LOG_LEVEL": "debug"}
    with serving(DATABASE_URL=url, REDIS_URL=redis.url, WORKERS="2", **UNHURRIED, **allowed) as server:
        yield server
    postgresql_store.drop(url)


@pytest.fixture
async def browser(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as browser:
        yield browser


async def test_the_figures_are_what_the_clients_counted_also_after_a_worker_was_killed(
    story: Story, browser: httpx.AsyncClient
):
    ana, ben = await story.on_two_workers()
    before, started = await scraped(browser), time.monotonic()
    cleo = await story.tab("Cleo")
    counted = await work(story, ana, ben, cleo)
    for _ in range(STRANGERS):
        with suppress(WebSocketException):
            await dial(story.server.url, "none", ana.cookie)
    address = f"{story.server.url.replace('http', 'ws', 1)}{NAMESPACE}/?token={uuid.uuid4()}"
    with suppress(WebSocketException):
        await connect(address, origin=Origin("http://evil.example"), proxy=None)

    killed = ben.worker_pid
    os.kill(killed, signal.SIGKILL)
    for tab in (ana, ben, cleo):
        if tab.worker_pid == killed:
            await tab.ended()
            await back(tab)
    counted = [*counted, *await work(story, ana, ben, cleo)]
    connections = 1 + sum(tab.connections for tab in (ana, ben, cleo)) - 3

    now = await until(browser, {"tandem_people_online": 3, "tandem_workers": 2, "tandem_tabs": 3})
    more = {series: now[series] - before.get(series, 0) for series in now}
    assert by_outcome(more) == {
        "done": 2 * DONE, "invalid": 2 * INVALID, "not-allowed": 2 * NOT_ALLOWED, "not-found": 2 * NOT_FOUND,
    }  # fmt: skip
    assert more["tandem_handshakes_total"] == connections
    assert more[TOKEN] == STRANGERS
    assert more["tandem_handshakes_refused_total{reason=origin}"] == 1
    assert now["tandem_connections"] == 3
    assert all(number >= 0 for series, number in more.items() if "_total" in series or "_bucket" in series)
    assert more["tandem_doorbells_published_total"] >= 2 * DONE
    assert more["tandem_command_seconds_count"] == len(counted)
    assert more["tandem_command_seconds_sum"] <= sum(counted), "No command took longer than its person waited."
    assert more["tandem_event_to_emit_seconds_count"] >= 2 * DONE

    stats = (await browser.get("/api/admin/websocket/stats", headers={"Cookie": ana.cookie})).json()
    assert stats["is_whole"] and stats["people_online"] == 3
    assert stats["connections"]["total"] == 3
    served_by = sorted(worker["pid"] for worker in stats["connections"]["by_worker"])
    assert served_by == sorted(story.server.workers) and killed not in served_by
    assert {worker["pid"]: worker["connections"] for worker in stats["connections"]["by_worker"]} == {
        pid: sum(tab.worker_pid == pid for tab in (ana, ben, cleo)) for pid in served_by
    }
    assert stats["totals"]["tandem_commands"] == sum(by_outcome(now).values())
    assert stats["errors"]["handshakes_refused"]["token"] == now[TOKEN]
    assert 0 < stats["command_ms"]["p50"] <= stats["command_ms"]["p95"] <= max(counted) * 1000 * 1.5
    rung, looks_back = stats["doorbells_a_second"]["published"], stats["lately_seconds"] - 0.05  # It is rounded.
    assert 0 < rung * looks_back <= stats["totals"]["tandem_doorbells_published"]
    assert time.monotonic() - started < stats["lately_seconds"] + 60
    assert stats["memory"]["total_bytes"] > 50_000_000

    page = (await story.tab("Ana", "/admin/figures")).store["figures_page"]
    assert (page["now"]["people"], page["now"]["connections"]) == (3, 4), "With the one that shows this page."
    assert sorted(worker["pid"] for worker in page["workers"]) == served_by
    assert {row["name"]: row["value"] for row in page["refusals"]}["Connection refused: token"] == str(int(now[TOKEN]))
    assert all(part["is_well"] for part in page["parts"])


async def test_what_tabs_report_of_their_screens_counts_for_the_board_that_they_show(
    story: Story, browser: httpx.AsyncClient
):
    ana, ben = await story.on_two_workers()
    cleo, before = await story.tab("Cleo", "/"), await scraped(browser)
    await ana.do("complete_task", task_id=story.tasks[0])
    for tab in (ana, ben):
        await tab.until(lambda store: store["cards"][f"t{story.tasks[0]}"]["is_done"], "it is done")
    for tab in (ana, ben, ben, cleo):  # Ben tells it twice, and Cleo of what she does not see.
        assert tab._socket
        await tab._socket.send(f'42{NAMESPACE},["painted",{ana.revisions[-1]},0]')
    count = "tandem_painted_seconds_count"
    now = await until(browser, {count: before[count] + 2})
    assert now["tandem_painted_seconds_sum"] - before["tandem_painted_seconds_sum"] < 5
    deadline = time.monotonic() + EVERY + 15
    while (found := await reports(browser, ana, story.board_id)) < 2:  # Others share theirs every few seconds.
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.1)
    assert found == 2
    assert all(tab.is_connected for tab in (ana, ben, cleo))


async def test_each_part_that_is_taken_away_is_named_and_everything_is_well_when_it_is_back(
    story: Story, browser: httpx.AsyncClient, redis: RedisServer, postgresql: PostgreSQL
):
    ana = await story.tab("Ana")
    assert await health(browser) == (200, set())
    assert (await scraped(browser))["tandem_part_up{part=redis}"] == 1

    await asyncio.to_thread(redis.stop)
    await until_health(browser, {"redis"})
    assert (await browser.get("/health/ready")).status_code == 200, "People can work without it."
    assert (await scraped(browser))["tandem_figures_whole"] == 0
    stats = (await browser.get("/api/admin/websocket/stats", headers={"Cookie": ana.cookie})).json()
    assert "Redis is away" in stats["note"]
    await asyncio.to_thread(redis.start)
    await until_health(browser, set())
    assert "Redis is away" in story.server.log and "Health: redis is not well" in story.server.log

    name = story.server.database_url.partition("@/")[2].partition("?")[0]
    postgresql.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    postgresql.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    try:
        took = await until_health(browser, {"database", "schema"})
        assert took < 2.0
        assert (await browser.get("/health/ready")).status_code == 503
        assert (await browser.get("/health/live")).status_code == 200
        assert (await scraped(browser))["tandem_part_up{part=database}"] == 0
        assert "not well: It does not answer" in story.server.log and name in story.server.log
        assert name not in (await browser.get("/health")).text, "Everybody may read this."
    finally:
        postgresql.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    await until_health(browser, set())
    assert "database is well again" in story.server.log

    await ana.do("rename_task", task_id=story.tasks[0], title="All is well", based_on=0)
    await ana.until(lambda _: ana.board[f"t{story.tasks[0]}"]["title"] == "All is well", "work goes on")
    assert ana.connections == 1


async def test_the_log_says_what_belongs_to_what_and_whose_it_is(story: Story, browser: httpx.AsyncClient):
    ana, printed = await story.tab("Ana"), len(story.server.log)
    await ana.do("complete_task", task_id=story.tasks[0])
    await ana.until(lambda store: store["cards"][f"t{story.tasks[0]}"]["is_done"], "it is done")
    answer = await browser.get("/health/live")
    log = [json.loads(line) for line in story.server.log[printed:].splitlines()]
    [mine] = [record for record in log if record.get("handler") == "complete_task"]
    assert mine["person"] == story.people["Ana"].id and mine["command"] and mine["message"].startswith("done after")
    asked = [record for record in log if record.get("request") == answer.headers["x-request-id"]]
    assert [record["message"] for record in asked] == ["GET 200"]
