"""`bin/bench crowds`: 500 viewers of one board, and 500 tabs that all come back at once. notes/sizes.md says how."""

import argparse
import asyncio
import math
import time
from bisect import bisect_left
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import cycle, islice
from statistics import quantiles

from bench import empty, rounds, stage
from bench.audience import Audience, digest
from bench.empty import Empty
from bench.machine import cpu_seconds, description
from bench.rounds import Ratio
from tests.live.client import Client
from tests.live.story import Story
from tests.support.server import Server

TASKS = 1_000
VIEWERS = 500
PEOPLE = 100
"""Who have five tabs each."""
PACE = 0.2
"""Seconds from one change to the next."""
LASTS = 20.0
CORES = 2
ROUNDS = 5
STATISTICS = 12.0
"""Seconds until PostgreSQL's statistics tell of everything: its idle processes report after ten."""


@dataclass
class Scene:
    """Our program, its board, the author, and everybody who looks on."""

    server: Server
    story: Story
    author: Client
    crowd: Audience

    @property
    def processes(self) -> list[int]:
        return [self.server.pid, *self.server.workers]

    async def is_true(self) -> None:
        """Everybody holds what the database holds; otherwise there is no figure."""
        await self.story.all_equal(self.author)
        await self.crowd.until(self.author.revisions[-1])
        held = await self.crowd.digests()
        assert held == {digest(self.author.board)}, f"There are {len(held)} different boards: void."


async def set_up(server: Server, crowd: Audience, story: Story) -> tuple[Scene, list[str]]:
    """All the tabs, opened at once on a program that has drawn nothing yet."""
    await asyncio.sleep(STATISTICS)
    before = stage.readings_of_lanes(server)
    cookies = list(islice(cycle(stage.people(story, PEOPLE)), VIEWERS))
    first = await crowd.rush(cookies)
    await crowd.try_again()
    await asyncio.sleep(STATISTICS)
    drawings = stage.readings_of_lanes(server) - before
    shares = sorted((await crowd.workers()).values())
    author = await story.tab("Ana")
    scene = Scene(server, story, author, crowd)
    await scene.is_true()
    words = f"drawings of the board for {VIEWERS} tabs at once, {len(server.workers)} workers ({_split(shares)})"
    return scene, [
        rounds.measured(words, [drawings], "drawings", len(server.workers)),
        _all_right([first], "opening at once on a program that has just started"),
    ]


async def watch(scene: Scene) -> list[str]:
    """Five changes a second, whoever has seen the last one."""
    author, first = scene.author, scene.author.revisions[-1]
    processes, reader = scene.processes, scene.crowd.pid
    before, own, started = cpu_seconds(processes), cpu_seconds([reader]), time.monotonic()
    made: list[float] = []
    tasks = scene.story.tasks + author.board[f"l{scene.story.lanes['To do']}"]["tasks"][5:]
    for number in range(int(LASTS / PACE)):
        await asyncio.sleep(max(0.0, started + number * PACE - time.monotonic()))
        made.append(time.monotonic())
        task_id = tasks[number // 3 % len(tasks)]
        match number % 3:
            case 0:
                await author.do("complete_task", task_id=task_id)
            case 1:
                await author.do("reopen_task", task_id=task_id)
            case _:
                await author.do("shift_task", task_id=task_id, where="top" if number // 3 % 2 else "down")
    await asyncio.sleep(max(0.0, started + LASTS - time.monotonic()))
    spent, own = cpu_seconds(processes) - before, cpu_seconds([reader]) - own
    await scene.story.all_equal(author, patience=30)
    await scene.is_true()
    assert scene.processes == processes, "A worker was replaced: void."
    last = author.revisions[-1]
    assert last - first == len(made), f"{len(made)} changes came to {last - first} revisions: void."
    waits = [wait for tab in await scene.crowd.arrivals(first) for wait in _waits(tab, first, made)]
    assert len(waits) == len(made) * VIEWERS, "Somebody missed something: void."
    shares = quantiles(waits, n=100)
    rest = f"{VIEWERS} viewers, {len(made)} changes, 5 a second"
    return [
        rounds.measured(f"arrival, median, {rest}", [shares[49] * 1e3], "ms", 1500),
        rounds.measured(f"arrival, 95 of 100, {rest}", [shares[94] * 1e3], "ms", 1500),
        rounds.measured(f"CPU of the program, {rest}", [spent / LASTS / CORES * 100], "% of two cores", 85),
        f"| CPU of those who read, {rest} | {own / LASTS / CORES * 100:.0f} % of two cores |  |  |  |  |",
    ]


async def come_back(scene: Scene, nothing: Audience, count: int) -> list[str]:
    """All cut and all connecting at once, ours and those of an empty app in turn."""
    ours: list[list[float]] = []
    theirs: list[list[float]] = []
    for number in range(count):
        turns: list[Callable[[], Awaitable[object]]] = [
            lambda: _return(scene.crowd, ours),
            lambda: _return(nothing, theirs),
        ]
        for turn in turns if number % 2 else reversed(turns):
            await turn()
        await scene.crowd.try_again()
        await scene.is_true()
    shares = sorted((await scene.crowd.workers()).values())
    words = f"{VIEWERS} tabs back at once, the last is right ({_split(shares)} in the last round)"
    ratio = Ratio([max(times) for times in ours], [max(times) for times in theirs])
    return [
        _all_right(ours, "coming back at once"),
        rounds.compared(words, ratio, "s", "an empty Reflex app", most=2),
    ]


async def _return(crowd: Audience, all_times: list[list[float]]) -> None:
    all_times.append(await crowd.reconnect())
    await asyncio.sleep(1)  # What was lost is let go of, and does not count for the other.


def _waits(tab: list[tuple[int, float]], first: int, made: list[float]) -> list[float]:
    """From each change to the patch with which this tab had it: one patch can bring several."""
    revisions = [revision for revision, _ in tab]
    waits = []
    for number, moment in enumerate(made, first + 1):
        place = bisect_left(revisions, number)
        if place < len(tab):
            waits.append(tab[place][1] - moment)
    return waits


def _all_right(all_times: list[list[float]], words: str) -> str:
    """A line about the tabs that had to be loaded once more by hand."""
    lost = [sum(map(math.isinf, times)) for times in all_times]
    return rounds.measured(f"tabs of {VIEWERS} that never were right, {words}", lost, "tabs", 0)


def _split(shares: list[int]) -> str:
    return " and ".join(map(str, shares)) + " tabs a worker"


async def table(server: Server, other: Empty, count: int) -> None:
    story = await stage.board(server, TASKS)
    async with Audience(server.url, story.path) as crowd, Audience(other.url, "/") as nothing:
        scene, lines = await set_up(server, crowd, story)
        print(*lines, *await watch(scene), sep="\n", flush=True)
        await nothing.open([""] * VIEWERS)
        print(*await come_back(scene, nothing, count), sep="\n", flush=True)
        await story.end()


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench crowds")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of coming back")
    chosen = parser.parse_args()
    print(description(), rounds.HEAD, sep="\n\n", flush=True)
    with stage.program() as (server, _), empty.serving() as other:
        asyncio.run(table(server, other, chosen.rounds))


if __name__ == "__main__":
    main()
