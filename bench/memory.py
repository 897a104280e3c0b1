"""`bin/bench memory`: what an idle tab on an open board costs the program. notes/sizes.md says how."""

import argparse
import asyncio
import re
from itertools import cycle, islice
from pathlib import Path

from bench import rounds, stage
from bench.audience import Audience
from bench.machine import description
from tests.support.server import Server

FEW, MANY, STEP = 100, 400, 150
MOST = 100.0
"""KB a tab."""
BOARDS = (100, 10_000)
PEOPLE = (1, 40)
STILL = 0.003
"""By how much of itself what the processes hold may move within `CALM` seconds and count as standing still."""
CALM, PATIENCE = 5, 30


async def measure(server: Server, tasks: int, people: int) -> list[float]:
    """KB (1,000 bytes) that the program holds with 100, 250 and 400 tabs open and nobody doing anything."""
    story = await stage.board(server, tasks)
    cookies = cycle(stage.people(story, people))
    held: list[float] = []
    async with Audience(server.url, story.path) as crowd:
        for _ in range(FEW, MANY + 1, STEP):
            await crowd.open(list(islice(cookies, FEW if not held else STEP)))
            held.append(await _at_rest(server))
        assert len(await crowd.digests()) == 1, "Somebody holds another board: void."
    await story.end()
    return held


def slope(held: list[float]) -> float:
    """KB a tab, from the first to the last of them."""
    return (held[-1] - held[0]) / (MANY - FEW)


async def _at_rest(server: Server) -> float:
    """What the program holds once it has stood still for `CALM` seconds, a renewal of presence among them."""
    readings = [_held(server)]
    for _ in range(PATIENCE):
        await asyncio.sleep(1)
        readings.append(_held(server))
        latest = readings[-CALM:]
        if len(readings) > CALM and max(latest) - min(latest) < STILL * max(latest):
            return readings[-1]
    raise AssertionError(f"What the program holds still moves after {PATIENCE} s: void.")


def _held(server: Server) -> float:
    """Of all its processes, the parent too: pages that they share are counted once, divided among them (PSS)."""
    return sum(_pss(pid) for pid in [server.pid, *server.workers])


def _pss(pid: int) -> float:
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    assert found, f"The system does not tell what process {pid} holds."
    return int(found[1]) * 1.024


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench memory")
    parser.add_argument("--rounds", type=int, default=1, help="each on a program that was just started")
    chosen = parser.parse_args()
    print(description(), rounds.HEAD, sep="\n\n", flush=True)
    for tasks in BOARDS:
        for people in PEOPLE:
            slopes, steps = [], ""
            for _ in range(chosen.rounds):
                with stage.program() as (server, _):
                    held = asyncio.run(measure(server, tasks, people))
                slopes.append(slope(held))
                steps = ", ".join(f"{value / 1000:.1f}" for value in held)
            words = f"memory of a tab, {tasks:,} tasks, {people} {'person' if people == 1 else 'people'}"
            print(rounds.measured(f"{words} ({steps} MB with 100, 250, 400 tabs)", slopes, "KB", MOST), flush=True)


if __name__ == "__main__":
    main()
