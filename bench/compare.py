"""`bin/bench compare`: our program beside a floor and rivals on the same work, in one run.

notes/compare.md says what is measured, and how.
"""

import argparse
import asyncio
import contextlib
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from bench.machine import description, durable_postgresql
from bench.rivals import database, table
from bench.rivals.audience import Audience
from bench.rivals.board import Board, Crowd, Sample, Variant
from bench.rivals.servers import Running, started
from bench.rounds import ROUNDS
from tests.live import story as stories
from tests.live.client import sign_in
from tests.live.story import Story
from tests.support.server import UNHURRIED, Server, serving
from tests.support.services import PostgreSQL, RedisServer, running
from tests.support.stores import PostgreSQLStore

PLAN = {2: (50, 0.06), 50: (30, 0.1), 100: (5, 1.0), 200: (25, 0.2), 500: (20, 0.25)}
"""By number of viewers: moves in a round, and seconds from one to the next; the same for all variants."""
PRESENT = {
    "ours": (2, 50, 100, 200, 500),
    "floor": (2, 50, 200, 500),
    "control": (2, 50, 200, 500),
    "socketio": (2, 50, 200, 500),
    "nicegui": (2, 50),
    "shared_state": (2, 100),
}
"""The numbers of viewers with which a variant is measured; the control is the floor once more."""
TASKS = 100
IDLE = 4.0
"""Seconds, in each round, over which the servers' own CPU is measured; the median of all rounds so far counts."""
BEFORE = 2
"""How often that is measured before the first round: what happens once a minute must not count as what always does."""
SETTLING, MOST_SETTLING, CALM = 2.0, 180.0, 0.1
"""Seconds at a time, and at most, in which servers come to rest; seconds of processor time a second that are rest."""
QUIET = {"WEBSOCKET_HEARTBEAT_INTERVAL": "600", "WEBSOCKET_TIMEOUT": "600"}

Samples = dict[tuple[str, int], list[Sample]]


class Bench:
    """Everything that runs, and who looks at it."""

    def __init__(self, postgresql: PostgreSQL, redis_url: str, viewers: Sequence[int], only: Sequence[str]) -> None:
        self._viewers, self._only = viewers, only
        self._store = PostgreSQLStore(postgresql)
        self._environment = {"REDIS_URL": redis_url, **QUIET}
        self._audience, self._crowd = Audience(), Crowd()
        self._idle: defaultdict[str, list[float]] = defaultdict(list)
        self.boards: dict[tuple[str, int], Board] = {}

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            stack.callback(self._store.close)
            url = self._store.create("seeded")
            server = stack.enter_context(serving(DATABASE_URL=url, WORKERS="2", **UNHURRIED, **self._environment))
            size = self._seat_ours(server)
            for name in self._only:
                if name not in ("ours", "control"):
                    self._seat_rival(stack, name, size)
            if "floor" in self._only:
                for count in self._count("control"):
                    self.boards["control", count] = self.boards["floor", count]
            stack.callback(self._crowd.leave)
            self._settle()
            for _ in range(BEFORE):
                self._note_idle()
            yield

    def round(self, number: int, samples: Samples) -> None:
        """Every variant once for each number of viewers, each time in another order."""
        self._note_idle()
        for count in self._viewers:
            present = [name for name in PRESENT if (name, count) in self.boards]
            turn = number % len(present)
            for name in present[turn:] + present[:turn]:
                sample = self.boards[name, count].measure(*PLAN[count])
                samples[name, count].append(sample)
                print(table.progress(number, name, count, sample), file=sys.stderr, flush=True)

    def _settle(self) -> None:
        """Wait until everyone's arrival is over: what it still costs would count as what a server uses when idle."""
        deadline = time.perf_counter() + MOST_SETTLING
        while busy := [variant.name for variant in self._measure_idle() if variant.idle > CALM]:
            assert time.perf_counter() < deadline, f"Nobody does anything, and these do not come to rest: {busy}"

    def _note_idle(self) -> None:
        for variant in self._measure_idle(IDLE):
            self._idle[variant.name].append(variant.idle)
            variant.idle = median(self._idle[variant.name])

    def _measure_idle(self, seconds: float = SETTLING) -> list[Variant]:
        variants = list({id(board.variant): board.variant for board in self.boards.values()}.values())
        before, begun = [variant.server.cpu() for variant in variants], time.perf_counter()
        self._audience.rest(begun + seconds)
        for variant, spent in zip(variants, before, strict=True):
            variant.idle = (variant.server.cpu() - spent) / (time.perf_counter() - begun)
        return variants

    def _seat_ours(self, server: Server) -> float:
        """Open our boards; the bytes of a move to each viewer, which the floor sends too."""
        counts = self._count("ours")
        cookies, made = asyncio.run(self._begin(server, len(counts)))
        by_id = {story.board_id: story for story, _ in made}
        seen = Running(server.url, server.pid, server.workers)
        ours = Variant("ours", "ours", seen, lambda board: asyncio.run(_drawing(by_id[board])), cookies)
        for count, (story, lanes) in zip(counts, made, strict=True):
            self._open_board(ours, story.board_id, count, lanes)
        return self.boards["ours", counts[0]].measure(20, 0.05).size

    async def _begin(self, server: Server, count: int) -> tuple[tuple[str, str], list[tuple[Story, dict]]]:
        ana, ben = [await sign_in(server.url, *stories.PASSWORDS[name]) for name in ("Ana", "Ben")]
        made = []
        for _ in range(count):
            story = await stories.begin(server, first=TASKS - 66)
            lanes = {story.lanes["To do"]: story.tasks}
            for name in ("Doing", "Done"):
                lanes[story.lanes[name]] = await story.fill(name, 33)
            await story.db.close()
            made.append((story, lanes))
        return (ana, ben), made

    def _seat_rival(self, stack: contextlib.ExitStack, name: str, size: float) -> None:
        url = self._store.create()
        counts = self._count(name)
        first = {count: count * 1000 for count in counts}
        lanes = {
            count: {lane: list(range(first[count] + lane, first[count] + TASKS, 3)) for lane in range(3)}
            for count in counts
        }
        database.begin(url, [(count, list(lanes[count].values())) for count in counts])
        module = {"socketio": "rooms", "nicegui": "nicegui_board"}.get(name, name)
        environment = {"DATABASE_URL": url, "PATCH_BYTES": f"{size:.0f}", **self._environment}
        server = stack.enter_context(started(module, workers=1 if name == "nicegui" else 2, **environment))
        variant = Variant(name, name, server, lambda board: database.held(url, board))
        for count in counts:
            self._open_board(variant, count, count, lanes[count])

    def _open_board(self, variant: Variant, id: int, viewers: int, lanes: dict[int, list[int]]) -> None:
        begun = time.perf_counter()
        self.boards[variant.name, viewers] = Board(variant, id, viewers, lanes, self._audience, self._crowd)
        print(f"{variant.name}: {viewers} opened in {time.perf_counter() - begun:.1f} s", file=sys.stderr, flush=True)

    def _count(self, name: str) -> list[int]:
        return [count for count in PRESENT[name] if count in self._viewers]


async def _drawing(story: Story) -> Any:
    drawing = await story.drawing()
    await story.db.close()
    return drawing


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench compare")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", nargs="+", choices=list(PRESENT), default=list(PRESENT), help="beside ours")
    parser.add_argument("--viewers", nargs="+", type=int, choices=list(PLAN), default=list(PLAN))
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # Being ended early must not leave servers behind.
    print(description(), flush=True)
    samples: Samples = defaultdict(list)
    with durable_postgresql() as postgresql, running(RedisServer) as redis_server:
        bench = Bench(postgresql, redis_server.url, chosen.viewers, chosen.only)
        with bench.open():
            for number in range(chosen.rounds):
                bench.round(number, samples)
    print("", *table.lines(samples), sep="\n")


if __name__ == "__main__":
    main()
