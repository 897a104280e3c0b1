"""Whoever stops the program, or replaces it bit by bit, takes nothing from the people who use it meanwhile."""

import asyncio
import contextlib
import signal
import socket
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn

from app.workers import PATIENCE, Gentle
from tests.live import story as stories
from tests.live.balancer import Balancer
from tests.live.faults import Writer, in_batches, require_everything_acknowledged, sized, wait_until, writers
from tests.live.pulse import probing
from tests.support.server import UNHURRIED, Server, serving
from tests.support.services import RedisServer
from tests.support.stores import PostgreSQLStore

WRITERS = sized(10, 50)
RATE = 50.0
"""Changes a second that all of them make together while instances are replaced."""
ROUNDS = sized(1, 5)
"""How often both instances are replaced."""
SLACK = 2.0
"""Seconds that a stop may take beyond what it gives to those who are at work."""
SECRET = "the same for both instances, and long enough to be one"


@dataclass
class Instances:
    """Two of the program behind one address, where people meet them: to a story they are one server."""

    url: str
    database_url: str


@pytest.fixture
def database_url(postgresql_store: PostgreSQLStore) -> Iterator[str]:
    url = postgresql_store.create("seeded")
    yield url
    postgresql_store.drop(url)


@pytest.fixture
async def balancer() -> AsyncIterator[Balancer]:
    async with Balancer() as balancer:
        yield balancer


async def test_a_program_that_is_stopped_finishes_what_it_began_and_says_so(
    database_url: str, redis_server: RedisServer
):
    with serving(DATABASE_URL=database_url, REDIS_URL=redis_server.url, WORKERS="2", **UNHURRIED) as server:
        story = await stories.begin(server, first=WRITERS)
        first = await story.tab("Ana")
        others = await in_batches([lambda: story.tab("Ben", not_on=first.worker)] * (WRITERS - 1))
        ends, writing = asyncio.Event(), await writers(story, [first, *others])
        work = asyncio.gather(*(writer.write(ends, pause=0, comes_back=False) for writer in writing))
        await _all_are_acknowledged(writing)

        asked = time.monotonic()
        server._process.send_signal(signal.SIGTERM)
        await work
        code = await asyncio.to_thread(server._process.wait, 20)
        took = time.monotonic() - asked

        assert code == 0
        assert took < PATIENCE + SLACK
        refused = [words for writer in writing for _, words in writer.refused]
        assert refused, "Somebody was still writing."
        assert all("restart" in words for words in refused), set(refused)
        # What was still on its way when the connection closed has no answer; everything before that has.
        assert all(len(writer.unanswered) <= 1 and writer.refused for writer in writing)
        assert {tab._how_it_ended().split()[0] for tab in story.tabs} == {"1012"}
        assert "Traceback" not in server.log
        await require_everything_acknowledged(story, writing)
        await story.end()


async def test_whoever_has_connected_is_answered_before_the_port_is_closed():
    async def app(_: Any, __: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    with socket.create_server(("127.0.0.1", 0)) as listener, contextlib.ExitStack() as stack:
        server = Gentle(uvicorn.Config(app, lifespan="off", backlog=1, log_level="error", timeout_graceful_shutdown=1))
        server.config.load()
        server.lifespan = server.config.lifespan_class(server.config)
        await server.startup([listener])
        guests = [stack.enter_context(socket.create_connection(listener.getsockname())) for _ in range(20)]
        for guest in guests:  # They stand in line: the loop, which would accept them, has had no turn yet.
            guest.settimeout(10)
            guest.sendall(b"GET / HTTP/1.1\r\nhost: here\r\n\r\n")
        await server.shutdown([listener])
        answers = [await asyncio.to_thread(guest.recv, 1000) for guest in guests]
    assert [answer[:15] for answer in answers] == [b"HTTP/1.1 200 OK"] * len(guests)


async def test_two_instances_replaced_one_after_the_other_fail_nobody(
    database_url: str, redis_server: RedisServer, balancer: Balancer
):
    same = {"DATABASE_URL": database_url, "REDIS_URL": redis_server.url, "SECRET_KEY": SECRET, "WORKERS": "2"}
    same |= {"PUBLIC_URL": balancer.url, **UNHURRIED}
    with contextlib.ExitStack() as stack:
        running = [await _start(stack, same) for _ in range(2)]
        balancer.targets = [server.url for server in running]
        story = await stories.begin(Instances(balancer.url, database_url), first=WRITERS)  # type: ignore[arg-type]  # A story needs no more of it.
        tabs = await in_batches([lambda: story.tab("Ben")] * WRITERS)
        served_by = {tab.worker_pid for tab in tabs}
        assert all(served_by & set(server.workers) for server in running), "People are on both instances."
        ends, writing = asyncio.Event(), await writers(story, tabs)
        async with asyncio.TaskGroup() as work, probing(balancer.url, story.path, tabs[0].cookie) as pages:
            for writer in writing:
                work.create_task(writer.write(ends, pause=WRITERS / RATE))
            for _ in range(ROUNDS):
                for place, old in enumerate(running):
                    await _all_are_acknowledged(writing)
                    await asyncio.to_thread(old.stop)
                    await _all_are_acknowledged(writing)
                    running[place] = await _start(stack, same)
                    balancer.targets = [server.url for server in running]
            await _all_are_acknowledged(writing)
            ends.set()

        assert not pages.failures
        assert len(pages.waits) > 100, "Pages were asked for all the time."
        assert balancer.turned_away == 0
        assert max(tab.connections for tab in tabs) > 1, "Somebody's instance went away."
        assert not served_by & {tab.worker_pid for tab in tabs}
        refused = {words for writer in writing for _, words in writer.refused}
        assert all("restart" in words for words in refused), refused
        await require_everything_acknowledged(story, writing)
        await story.all_equal(*tabs)
        await story.end()


async def _start(stack: contextlib.ExitStack, settings: dict[str, str]) -> Server:
    return await asyncio.to_thread(stack.enter_context, serving(**settings))


async def _all_are_acknowledged(writing: list[Writer], times: int = 5) -> None:
    before = [len(writer.acknowledged) for writer in writing]
    await wait_until(
        lambda: all(len(writer.acknowledged) >= had + times for writer, had in zip(writing, before, strict=True)),
        "each writer's changes are acknowledged",
    )
