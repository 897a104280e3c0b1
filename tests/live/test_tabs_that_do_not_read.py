"""A tab that stays open and never reads is closed before what waits for it costs anybody else something."""

import asyncio
import socket
import time
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.live.client import NAMESPACE, PATIENCE, PROTOCOL, Client
from tests.live.faults import QUICK, in_batches, seconds_to_arrive, sized, wait_until
from tests.live.story import Story

TABS = sized(20, 100)
LARGE = 50
"""Tasks with long titles that change their lane together, so that one patch has some 30 KB."""
CLOSED_WITHIN = 20.0
"""Seconds; the heartbeat would take 25."""
KEPT = 16 * 2**20
"""Bytes that two workers may have grown by in the end: allocators give back in pages, not in objects."""


class DeafClient(Client):
    """A tab behind a tiny receive buffer, which can stop reading for good."""

    async def _dial(self) -> ClientConnection:
        host, _, port = self.url.removeprefix("http://").partition(":")
        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        # The server's kernel keeps some segments for a peer, which on one machine would have 64 KB each.
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1400)
        raw.setblocking(False)
        await asyncio.get_running_loop().sock_connect(raw, (host, int(port)))
        self.port = raw.getsockname()[1]
        return await connect(
            f"ws://{host}:{port}{NAMESPACE}/?token={self.token}&EIO=4&transport=websocket",
            sock=raw,
            origin=self.url,  # type: ignore[arg-type]
            additional_headers={"Cookie": self.cookie},
            subprotocols=[PROTOCOL],  # type: ignore[list-item]
            compression=None,
            ping_interval=None,
            max_size=None,
            open_timeout=PATIENCE,
            close_timeout=1,
        )

    def stop_reading(self) -> None:
        assert self._socket is not None
        self._socket.transport.pause_reading()  # type: ignore[attr-defined]


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


@pytest.mark.parametrize("patches", ["many", "large"])
async def test_tabs_that_never_read_are_closed_and_cost_nobody_anything(story: Story, patches: str):
    ana, ben = await story.on_two_workers()
    tasks = await story.fill("Doing", LARGE)
    await ana.reload()
    for task_id in tasks:
        await ana.do("rename_task", task_id=task_id, title=f"{task_id} ".ljust(490, "."), based_on=0)
    await ana.until(lambda store: "..." in store["cards"][f"t{tasks[-1]}"]["title"], "the last one has a long title")
    await story.all_equal(ana, ben)
    before = memory(story.server.workers)

    deaf = await in_batches([lambda worker=tab.worker: _deaf(story, worker) for tab in (ana, ben)] * (TABS // 2))
    ports = {tab.port for tab in deaf}
    assert ports <= held_by_server(story.server.port)
    for tab in deaf:
        tab.stop_reading()
    started, received = time.monotonic(), ben.received
    change = _move_them_all if patches == "large" else _change_one_by_one
    waits, peak = [], 0
    while ports & held_by_server(story.server.port):
        assert time.monotonic() - started < CLOSED_WITHIN, (
            f"{len(ports & held_by_server(story.server.port))} are open after {ben.received - received} bytes each."
        )
        waits += await change(story, ana, ben, tasks)
        peak = max(peak, memory(story.server.workers))
    sent = ben.received - received

    assert sent > 2**18, "They were not closed for nothing."
    assert sorted(waits)[int(len(waits) * 0.95)] < QUICK, "Those who read had to wait."
    assert (ana.connections, ben.connections) == (1, 1)
    assert ana.is_connected and ben.is_connected
    await story.all_equal(ana, ben)
    await wait_until(lambda: memory(story.server.workers) < before + KEPT, "memory is back", 10)
    for tab in deaf:
        await tab.drop()


async def _deaf(story: Story, worker: str) -> DeafClient:
    template = await story.unopened("Ben")
    story.tabs.remove(template)
    tab = DeafClient(story.server.url, template.cookie)
    await tab.open(story.path, on=worker)
    return tab


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
    await ben.until(lambda store: store["cards"][f"t{tasks[0]}"]["lane_id"] == new, "they have moved")
    return [time.monotonic() - started]
