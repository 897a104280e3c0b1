"""`bin/bench live`: from a person's command to the other person's tab, on two workers, PostgreSQL and Redis.

README.md says how it is measured.
"""

import argparse
import asyncio
import time
from dataclasses import dataclass
from itertools import count
from statistics import quantiles

from bench import stage
from bench.crowd import Crowd, digest
from bench.machine import cpu_seconds, description
from tests.live import story as stories
from tests.live.client import Client, Store
from tests.live.story import Story
from tests.support.server import Server

VIEWERS = (2, 50)
TASKS = (100, 10_000)
WARM_UP = 12
PACE = 0.1
"""Seconds from one change to the next."""
IDLE = 8.0
"""Seconds of doing nothing, over which the workers' own CPU is measured."""


@dataclass
class Result:
    """Latencies in seconds; `size` is bytes of a change to each viewer, `cpu` seconds of the workers for a delivery."""

    tasks: int
    viewers: int
    to_other: list[float]
    to_author: list[float]
    size: float
    cpu: float

    def row(self) -> str:
        other, author = quantiles(self.to_other, n=100), quantiles(self.to_author, n=100)
        cells = [
            f"{self.tasks:,}",
            f"{self.viewers}",
            *(f"{other[percent - 1] * 1000:.1f}" for percent in (50, 95, 99)),
            f"{author[49] * 1000:.1f}",
            f"{self.size:.0f}",
            f"{self.cpu * 1e6:.0f}",
        ]
        return f"| {' | '.join(cells)} |"


HEAD = """\
| tasks | viewers | to the other tab p50 (ms) | p95 | p99 | to the author's tab p50 (ms) | bytes to each viewer | \
CPU a delivery (µs) |
|---|---|---|---|---|---|---|---|"""


class Pair:
    """The author on one worker, the tab that is measured on the other."""

    def __init__(self, story: Story, author: Client, other: Client) -> None:
        self.story, self.author, self.other = story, author, other
        self.sizes: list[int] = []
        self._arrivals: dict[Client, tuple[int, float]] = {}
        self._versions = dict.fromkeys(story.tasks, 0)
        self._number = count()
        author.on_delta = lambda delta, size: self._note(author, delta, size)
        other.on_delta = lambda delta, size: self._note(other, delta, size)

    async def change(self) -> tuple[float, float]:
        """Tick a task off, untick it or rename it, in turn; seconds to the other tab and to the author's."""
        number = next(self._number)
        task_id = self.story.tasks[number // 3 % len(self.story.tasks)]
        wanted = self.author.revisions[-1] + 1
        started = time.perf_counter()
        if number % 3 == 2:
            title, version = f"Task {task_id}, {number:05}", self._versions[task_id]
            await self.author.do("rename_task", task_id=task_id, title=title, based_on=version)
            self._versions[task_id] = wanted
        else:
            await self.author.do(("complete_task", "reopen_task")[number % 3], task_id=task_id)
        for tab in (self.author, self.other):
            await tab.until(lambda _, tab=tab: tab.revisions[-1] == wanted, f"revision {wanted}")
        return tuple(self._arrivals[tab][1] - started for tab in (self.other, self.author))  # type: ignore[return-value]  # Two of them.

    def _note(self, tab: Client, delta: Store, size: int) -> None:
        if "freshness" in delta:
            self._arrivals[tab] = (delta["freshness"]["revision"], time.perf_counter())
            if tab is self.other:
                self.sizes.append(size)


async def measure(server: Server, tasks: int, viewers: int, changes: int) -> Result:
    story = await stories.begin(server, first=20)
    await story.fill("To do", tasks - 20)
    author, other = await story.on_two_workers()
    workers = [(author, other)[number % 2].worker for number in range(viewers - 2)]
    crowd = await Crowd.gather(server.url, story.path, other.cookie, workers)
    pair = Pair(story, author, other)
    for _ in range(WARM_UP):
        await pair.change()
    pair.sizes.clear()

    pids = server.workers
    idle = await cpu_a_second(pids)
    before, started, waits = cpu_seconds(pids), time.perf_counter(), []
    for number in range(1, changes + 1):
        waits.append(await pair.change())
        await asyncio.sleep(max(0.0, started + number * PACE - time.perf_counter()))
    spent = cpu_seconds(pids) - before - idle * (time.perf_counter() - started)

    boards = await crowd.digests(author.revisions[-1])
    await story.all_equal(author, other)
    assert set(boards) <= {digest(author.board)}, "Somebody holds another board: the figure is void."
    assert server.workers == pids, "A worker was replaced: the figure is void."
    await crowd.leave()
    await story.end()
    to_other, to_author = map(list, zip(*waits, strict=True))
    return Result(tasks, viewers, to_other, to_author, sum(pair.sizes) / changes, spent / (changes * viewers))


async def cpu_a_second(pids: list[int]) -> float:
    """What the workers use with everyone looking and nobody doing anything."""
    before, started = cpu_seconds(pids), time.perf_counter()
    await asyncio.sleep(IDLE)
    return (cpu_seconds(pids) - before) / (time.perf_counter() - started)


async def rows(server: Server, changes: int) -> None:
    for tasks in TASKS:
        for viewers in VIEWERS:
            print((await measure(server, tasks, viewers, changes)).row(), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench live")
    parser.add_argument("--changes", type=int, default=120, help="for each line of the table")
    chosen = parser.parse_args()
    print(description(), HEAD, sep="\n\n", flush=True)
    with stage.program() as (server, _):
        asyncio.run(rows(server, chosen.changes))


if __name__ == "__main__":
    main()
