"""A tab that stays open and never reads is closed before what waits for it costs anybody else something."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.web.wire import KEEP_STATE
from tests.live import story as stories
from tests.live.client import Client
from tests.live.faults import QUICK, in_batches, seconds_to_arrive, sized, wait_until
from tests.live.story import Story
from tests.support.server import UNHURRIED, Server
from tests.support.services import RedisServer
from tests.support.stores import PostgreSQLStore
from tests.support.two_workers import two_workers

TABS = sized(20, 100)
LARGE = 50
"""Tasks with long titles that change their lane together, so that one patch has some 30 KB."""
PATIENT = {"WEBSOCKET_HEARTBEAT_INTERVAL": "60", "WEBSOCKET_TIMEOUT": "60"}
"""A heartbeat that notices nobody while this lasts: it is what waits that closes them."""
CLOSED_WITHIN = 60.0
"""Seconds, most of which it takes to make so many changes."""
KEPT = 12 * 2**20
"""Bytes that two workers may have grown by in the end, when each tab may hold 1 MiB: allocators give back in pages."""


class NarrowNetwork:
    """Passes connections on with little room on the way, and from `stop_reading` on takes nothing from the server."""

    def __init__(self, target: str) -> None:
        self._host, _, self._port = target.removeprefix("http://").partition(":")
        self._reads = asyncio.Event()
        self._reads.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.ports: set[int] = set()
        """Those from which the server is spoken to."""

    async def __aenter__(self) -> "NarrowNetwork":
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def stop_reading(self) -> None:
        self._reads.clear()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        # The server's kernel keeps some segments for a peer, which on one machine would have 64 KB each.
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1400)
        raw.setblocking(False)
        await asyncio.get_running_loop().sock_connect(raw, (self._host, int(self._port)))
        far_reader, far_writer = await asyncio.open_connection(sock=raw, limit=4096)
        port = raw.getsockname()[1]
        self.ports.add(port)
        tasks = {asyncio.ensure_future(self._carry(*pair)) for pair in ((reader, far_writer), (far_reader, writer))}
        self._tasks |= tasks
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if self._reads.is_set():
            self.ports.discard(port)
        for one in (writer, far_writer):
            one.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while await self._reads.wait() and (data := await reader.read(4096)):
                writer.write(data)
                await writer.drain()


def held_by_server(server_port: int) -> set[int]:
    """The ports of those peers whose connections the server's processes still hold open (Linux)."""
    established, closing = "01", "08"
    held = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for row in Path(table).read_text().splitlines()[1:]:
            _, local, remote, state, *_ = row.split()
            if int(local.rpartition(":")[2], 16) == server_port and state in (established, closing):
                held.add(int(remote.rpartition(":")[2], 16))
    return held


def memory(pids: list[int]) -> int:
    """Bytes that these processes have for themselves: their proportional set size (Linux)."""
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()]
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


@pytest.fixture(scope="module")
def patient_server(postgresql_store: PostgreSQLStore, redis_server: RedisServer) -> Iterator[Server]:
    with two_workers(postgresql_store, redis_server, may_fail=True, **UNHURRIED, **PATIENT) as server:
        yield server


@pytest.fixture
async def story(patient_server: Server) -> AsyncIterator[Story]:
    story = await stories.begin(patient_server)
    yield story
    await story.end()


@pytest.mark.parametrize("patches", ["many", "large"])
async def test_tabs_that_never_read_are_closed_and_cost_nobody_anything(story: Story, patches: str):
    ana, ben = await story.on_two_workers()
    tasks = await _tasks_with_long_titles(story, ana)
    await story.all_equal(ana, ben)
    for tab in await in_batches([lambda: story.tab("Ben")] * TABS):  # What so many take for the first time stays taken.
        await tab.close()
    before, connections = memory(story.server.workers), (ana.connections, ben.connections)
    async with NarrowNetwork(story.server.url) as network:
        for tab in (ana, ben):
            await in_batches([lambda on=tab.worker: story.tab("Ben", via=network.url, on=on)] * (TABS // 2))
        await wait_until(lambda: len(network.ports) == TABS, "those that knocked at the wrong worker are gone")
        assert network.ports <= held_by_server(story.server.port)
        network.stop_reading()
        for _ in range(5 if patches == "many" else 0):
            await _move_them_all(story, ana, ben, tasks)  # What the network takes before anything waits.
        waits = await _change_until_all_are_closed(story, network, patches, ana, ben, tasks)
    assert sorted(waits)[int(len(waits) * 0.95)] < QUICK, "Those who read had to wait."
    assert (ana.connections, ben.connections) == connections
    assert ana.is_connected
    assert ben.is_connected
    await story.all_equal(ana, ben)
    await wait_until(lambda: memory(story.server.workers) < before + KEPT, "memory is back", KEEP_STATE + 10)


async def _change_until_all_are_closed(
    story: Story, network: NarrowNetwork, patches: str, ana: Client, ben: Client, tasks: list[int]
) -> list[float]:
    """How long each change took to reach the one who reads on the other worker."""
    change = _move_them_all if patches == "large" else _change_one_by_one
    waits, received, deadline = [], ben.received, time.monotonic() + CLOSED_WITHIN
    while are_open := network.ports & held_by_server(story.server.port):
        assert time.monotonic() < deadline, f"{len(are_open)} are open after {ben.received - received} bytes for each."
        waits += await change(story, ana, ben, tasks)
    assert len(waits) > 1, "They were not closed for nothing."
    return waits


async def _tasks_with_long_titles(story: Story, ana: Client) -> list[int]:
    tasks = await story.fill("Doing", LARGE)
    await ana.reload()
    for task_id in tasks:
        await ana.do("rename_task", task_id=task_id, title=f"{task_id} ".ljust(490, "."), based_on=0)
    await ana.until(lambda store: "..." in store["cards"][f"t{tasks[-1]}"]["title"], "the last one has a long title")
    return tasks


async def _change_one_by_one(story: Story, ana: Client, ben: Client, tasks: list[int]) -> list[float]:
    """A hundred small patches; how long each took to reach the other worker."""
    half = len(tasks) // 2
    by_ana, by_ben = await asyncio.gather(_toggle(ana, ben, tasks[:half]), _toggle(ben, ana, tasks[half:]))
    return by_ana + by_ben


async def _toggle(author: Client, other: Client, tasks: list[int]) -> list[float]:
    return [await seconds_to_arrive(author, task_id, other) for task_id in tasks * 2]


async def _move_them_all(story: Story, ana: Client, ben: Client, tasks: list[int]) -> list[float]:
    """One large patch: a new lane takes all tasks of the one before, which is deleted."""
    lane_id = ana.store["cards"][f"t{tasks[0]}"]["lane_id"]
    lanes = set(ana.store["header"]["h"]["lanes"])
    started = time.monotonic()
    await ana.do("add_lane", board_id=story.board_id, name=f"After {lane_id}")
    await ana.until(lambda store: set(store["header"]["h"]["lanes"]) - lanes, "there is another lane")
    new = (set(ana.store["header"]["h"]["lanes"]) - lanes).pop()
    await ana.do("delete_lane", lane_id=lane_id, tasks_to=str(new))
    for tab in (ben, ana):
        await tab.until(lambda store: store["cards"][f"t{tasks[0]}"]["lane_id"] == new, "they have moved")
    return [time.monotonic() - started]
