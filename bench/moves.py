"""`bin/bench moves`: moves a second with commit, against bare psycopg; what half of that does to the author's wait.

notes/moves.md says how it is measured.
"""

import argparse
import asyncio
import random
from collections.abc import Sequence
from statistics import quantiles

from bench import stage
from bench.machine import cpu_seconds, description
from bench.movers import Mover, at_rate, one_by_one, saturate
from bench.rivals.bare_psycopg import PROCESSES, Rival
from bench.rounds import HEAD, ROUNDS, Ratio, compared, is_void
from bench.statements import Board
from tests.live import story as stories
from tests.live.story import Story
from tests.support.server import Server

BOARDS = 20
TASKS = {"To do": 40, "Doing": 30, "Done": 30}
"""On each board; all of them are on show."""
SECONDS = 2.5
"""That each rate is measured for, in every round."""
TRIES = {"ours": (2, 4, 8, 16), "theirs": (2, 4, 8, 16, 32)}
"""How many moves at a time are tried."""
IDLE_MOVES, IDLE_PAUSE = 30, 0.06


class Place:
    """One board, or several: the tabs that make moves there, and what was measured, round by round."""

    def __init__(self, words: str, stories: list[Story]) -> None:
        self.words, self.stories = words, stories
        self.movers: list[Mover] = []
        """Those that have a tab."""
        self._known: list[Mover] = []
        self.best: dict[str, int] = {}
        """How many moves at a time gave the most, ours and theirs."""
        self.rates: dict[str, list[float]] = {"ours": [], "theirs": [], "again": []}
        self.waits: dict[str, list[float]] = {"idle": [], "half": []}
        """The 95th percentile of each round, in ms."""

    async def seat(self, at_once: int, workers: Sequence[str]) -> None:
        """Open as many tabs as moves are to be made at a time, at least one a board, half on each worker."""
        await self.leave()
        boards = len(self.stories)
        for number in range(max(at_once, boards)):
            story, turn = self.stories[number % boards], number // boards
            if number == len(self._known):
                self._known.append(Mover(story, turn))
            self._known[number].take(await story.tab("Ana", on=workers[(number + turn) % 2]))
            self.movers.append(self._known[number])

    async def leave(self) -> None:
        """Close the tabs; each must have seen the board that the database holds."""
        for mover in self.movers:
            await mover.story.all_equal(mover.tab)
            await mover.tab.close()
        self.movers.clear()

    def lines(self) -> list[str]:
        rates, waits = self.rates, self.waits
        words = f"moves a second, {self.words}; {self.best['ours']} and {self.best['theirs']} at a time"
        author = f"author's wait at half of that, {self.words}, p95"
        return [
            compared(words, Ratio(rates["ours"], rates["theirs"]), "/s", "bare psycopg", least=0.6),
            compared(author, Ratio(waits["half"], waits["idle"]), "ms", "idle", most=2),
        ]


class Run:
    def __init__(self, server: Server, workers: Sequence[str], rival: Rival) -> None:
        self.server, self.workers, self.rival = server, workers, rival
        self.chance = random.Random(3)
        self.spent = self.made = 0.0

    async def find_best(self, place: Place) -> None:
        for side, rate in (("ours", self.ours), ("theirs", self.theirs)):
            tried = {}
            for at_once in TRIES[side]:
                if side == "ours":
                    await place.seat(at_once, self.workers)
                tried[at_once] = await rate(place, at_once)
            place.best[side] = max(tried, key=lambda at_once, tried=tried: tried[at_once])
            print(f"{place.words}, {side}:", ", ".join(f"{k} at a time {tried[k]:.0f}/s" for k in tried), flush=True)

        await place.seat(place.best["ours"], self.workers)

    async def round(self, place: Place) -> None:
        place.rates["theirs"].append(await self.theirs(place, place.best["theirs"]))
        place.rates["ours"].append(await self.ours(place, place.best["ours"]))
        place.rates["again"].append(await self.theirs(place, place.best["theirs"]))
        idle = await one_by_one(place.movers, IDLE_MOVES, IDLE_PAUSE)
        half = await at_rate(place.movers, place.rates["ours"][-1] / 2, SECONDS, self.chance)
        for name, waits in (("idle", idle), ("half", half)):
            place.waits[name].append(quantiles(waits, n=20)[-1] * 1000)

    async def ours(self, place: Place, at_once: int) -> float:
        workers = self.server.workers
        before = cpu_seconds(workers)
        moves = await saturate(place.movers, at_once, SECONDS)
        self.spent, self.made = self.spent + cpu_seconds(workers) - before, self.made + moves
        return moves / SECONDS

    async def theirs(self, place: Place, at_once: int) -> float:
        return await self.rival.moves(len(place.stories), at_once, SECONDS)


async def begin(server: Server) -> Story:
    story = await stories.begin(server, first=TASKS["To do"])
    for lane in ("Doing", "Done"):
        await story.fill(lane, TASKS[lane])
    return story


async def begin_rival(server: Server) -> Rival:
    """On boards like ours, in the same database."""
    boards = []
    for _ in range(BOARDS + 2 * PROCESSES):
        story = await begin(server)
        await story.end()
        boards.append(Board(story.board_id, (story.lanes["To do"], story.lanes["Doing"]), tuple(story.tasks)))
    return await Rival.start(server.database_url, story.people["Ana"].id, boards)


async def measure(server: Server, rounds: int) -> None:
    rival = await begin_rival(server)
    one, several = await begin(server), [await begin(server) for _ in range(BOARDS)]
    places = [Place("one board", [one]), Place(f"{BOARDS} boards", several)]
    workers = [tab.worker for tab in await one.on_two_workers()]
    run = Run(server, workers, rival)
    for place in places:
        await run.find_best(place)
    for _ in range(rounds):
        for place in places:
            await run.round(place)
    for place in places:
        await place.leave()
    assert {int(worker.partition("-")[0]) for worker in workers} == set(server.workers), "A worker was replaced: void."
    await rival.end()
    for story in (one, *several):
        await story.end()
    report(run, places)


def report(run: Run, places: Sequence[Place]) -> None:
    print("", HEAD, sep="\n")
    for place in places:
        print(*place.lines(), sep="\n")
    print(f"\nCPU of our workers for a move: {run.spent / run.made * 1000:.1f} ms.")
    for place in places:
        control = Ratio(place.rates["again"], place.rates["theirs"])
        print(f"Control, bare psycopg against itself, {place.words}: {control}{', void' * is_void(control)}.")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench moves")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = parser.parse_args()
    print(description(), flush=True)
    with stage.program() as (server, _):
        asyncio.run(measure(server, chosen.rounds))


if __name__ == "__main__":
    main()
