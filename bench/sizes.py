"""`bin/bench sizes`: what a change costs on boards of 100, 1,000 and 10,000 tasks. notes/sizes.md says how."""

import argparse
import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median

from bench import rounds, stage
from bench.audience import Audience, digest
from bench.machine import cpu_seconds, description
from bench.rounds import Ratio
from tests.live.client import Client, Store
from tests.live.story import Story
from tests.support.server import Server

SIZES = (100, 1_000, 10_000)
VIEWERS = (2, 50)
ONE_CARD, MOVE = 512, 2_048
"""Bytes to each viewer that a change of one card and a move may have."""
CYCLE = {
    "complete": ONE_CARD,
    "rename": ONE_CARD,
    "reopen": ONE_CARD,
    "shift to the top": MOVE,
    "send away": MOVE,
    "send back": MOVE,
}
"""What the author does in turn to each task, and how large the patch of it may be."""
TURN = 2 * len(CYCLE)
IDLE = 6.0
"""Seconds of doing nothing, over which the processes' own CPU is measured."""


@dataclass
class Stage:
    """A board, its author on one worker and the tab that is measured on the other, and everybody else."""

    story: Story
    author: Client
    other: Client
    crowd: Audience
    sizes: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Bytes of each change to each viewer, by what was done."""

    def __post_init__(self) -> None:
        self._number = count()
        self._size = self._task_id = 0
        self._versions: dict[int, int] = {}
        self.other.on_delta = self._note

    async def do(self, changes: int) -> None:
        """So many changes, one after the other: the next when the last is on both screens."""
        for _ in range(changes):
            await self._change()
        await self.crowd.until(self.author.revisions[-1])

    async def _change(self) -> None:
        number = next(self._number)
        done = list(CYCLE)[number % len(CYCLE)]
        if number % len(CYCLE) == 0:
            self._task_id = self._choose()
        task_id, wanted = self._task_id, self.author.revisions[-1] + 1
        match done:
            case "complete" | "reopen":
                sent = {"command": f"{done}_task"}
            case "rename":
                title = f"Ask five friendly teams what they think {number:05}"
                sent = {"command": "rename_task", "title": title, "based_on": self._versions.get(task_id, 0)}
                self._versions[task_id] = wanted
            case "shift to the top":
                sent = {"command": "shift_task", "where": "top"}
            case _:
                sent = {
                    "command": "send_task",
                    "lane_id": self.story.lanes["Doing" if done == "send away" else "To do"],
                }
        await self.author.do(**sent, task_id=task_id)
        for tab in (self.author, self.other):
            await tab.until(lambda _, tab=tab: tab.revisions[-1] >= wanted, f"revision {wanted}")
        self.sizes[done].append(self._size)

    def _choose(self) -> int:
        """A task from the middle of what the first lane shows: it has tasks above it and below it at every size."""
        shown = self.author.board[f"l{self.story.lanes['To do']}"]["tasks"]
        return shown[len(shown) // 2]

    def _note(self, delta: Store, size: int) -> None:
        if "freshness" in delta:
            self._size = size

    async def is_true(self) -> None:
        """Everybody holds what the database holds; otherwise there is no figure."""
        await self.story.all_equal(self.author, self.other)
        await self.crowd.until(self.author.revisions[-1])
        assert await self.crowd.digests() <= {digest(self.author.board)}, "Somebody holds another board: void."
        assert self.author.worker_pid != self.other.worker_pid


async def gather(server: Server, tasks: int, viewers: int) -> Stage:
    story = await stage.board(server, tasks)
    author, other = await story.on_two_workers()
    crowd = await Audience(server.url, story.path).__aenter__()
    await crowd.open([other.cookie] * (viewers - 2))
    return Stage(story, author, other, crowd)


async def measure(server: Server, viewers: int, turns: int) -> list[str]:
    """The lines of the table for so many viewers."""
    boards = {tasks: await gather(server, tasks, viewers) for tasks in SIZES}
    for board in boards.values():
        await board.do(TURN)
        board.sizes.clear()
    processes = [server.pid, *server.workers]
    databases = stage.backends(server)
    idle = await _idle(processes)
    spent: dict[str, list[float]] = defaultdict(list)
    spent_at_database: dict[str, list[float]] = defaultdict(list)
    order = [("control", SIZES[0]), *((f"{tasks}", tasks) for tasks in SIZES)]
    for _ in range(rounds.ROUNDS):
        used, at_database = defaultdict(float), defaultdict(float)
        for turn in range(turns):
            # Short turns, each beginning with another board: what disturbs the machine meets all of them alike.
            for name, tasks in order[turn % len(order) :] + order[: turn % len(order)]:
                before, database_before, started = cpu_seconds(processes), _tolerant(databases), time.perf_counter()
                await boards[tasks].do(TURN)
                used[name] += cpu_seconds(processes) - before - idle * (time.perf_counter() - started)
                at_database[name] += _tolerant(databases) - database_before
        for name, _ in order:
            spent[name].append(used[name] / (turns * TURN) * 1e3)
            spent_at_database[name].append(at_database[name] / (turns * TURN) * 1e3)
    assert [server.pid, *server.workers] == processes, "A worker was replaced: void."
    for board in boards.values():
        await board.is_true()
    lines = [*_cpu(spent, viewers), *_bytes(boards, viewers)]
    figures = ", ".join(f"{tasks:,}: {median(spent_at_database[f'{tasks}']):.2f} ms" for tasks in SIZES)
    lines.append(f"| PostgreSQL's CPU a change, {viewers} viewers | {figures} |  |  |  |  |")
    for board in boards.values():
        await board.crowd.__aexit__()
        await board.story.end()
    return lines


def _cpu(spent: dict[str, list[float]], viewers: int) -> list[str]:
    small = spent[f"{SIZES[0]}"]
    control = Ratio(spent["control"], small)
    lines = [f"| A/A: 100 tasks against itself, {viewers} viewers |  |  | {control} | {_within()} | {_void(control)} |"]
    for tasks in SIZES[1:]:
        ratio = Ratio(spent[f"{tasks}"], small)
        lines.append(
            rounds.compared(f"CPU a change, {tasks:,} tasks, {viewers} viewers", ratio, "ms", "100 tasks", most=1.25)
        )
    return lines


def _bytes(boards: dict[int, Stage], viewers: int) -> Iterable[str]:
    """By what was done, as each kind of change has a size of its own."""
    for done in CYCLE:
        small, large = (boards[tasks].sizes[done] for tasks in (SIZES[0], SIZES[-1]))
        ratio = Ratio([median(large)], [median(small)])
        yield rounds.compared(f"bytes to {done}, 10,000 tasks, {viewers} viewers", ratio, "B", "100 tasks", most=1.10)
    for words, bound in {"of one card": ONE_CARD, "that moves one": MOVE}.items():
        kinds = [done for done, most in CYCLE.items() if most == bound]
        largest = [max(max(board.sizes[done]) for done in kinds) for board in boards.values()]
        yield rounds.measured(f"largest change {words}, any size, {viewers} viewers", [max(largest)], "B", bound)


def _within() -> str:
    return "{} to {}".format(*rounds.CONTROL)


def _void(control: Ratio) -> str:
    return "**void**" if rounds.is_void(control) else "yes"


async def _idle(processes: list[int]) -> float:
    """CPU seconds a second with everybody looking and nobody doing anything."""
    before, started = cpu_seconds(processes), time.perf_counter()
    await asyncio.sleep(IDLE)
    return (cpu_seconds(processes) - before) / (time.perf_counter() - started)


def _tolerant(pids: list[int]) -> float:
    """Like cpu_seconds, for processes that may have ended."""
    return cpu_seconds(pid for pid in pids if Path(f"/proc/{pid}").exists())


async def table(server: Server, turns: int) -> None:
    for viewers in VIEWERS:
        print("\n".join(await measure(server, viewers, turns)), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench sizes")
    parser.add_argument("--turns", type=int, default=10, help="of each board in each round, of 12 changes each")
    chosen = parser.parse_args()
    print(description(), rounds.HEAD, sep="\n\n", flush=True)
    with stage.program() as (server, _):
        asyncio.run(table(server, chosen.turns))


if __name__ == "__main__":
    main()
