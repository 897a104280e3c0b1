"""A board of one variant with everyone who looks at it: the author, the measured tab on the other worker, the crowd."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bench.rivals.audience import PATIENCE, Audience
from bench.rivals.servers import Running
from tests.support.stores import ROOT

WARM_UP = 4


@dataclass
class Sample:
    """Of one variant, number of viewers and round. Seconds; `cpu` and `size` (bytes) are for a delivery."""

    to_other: list[float]
    to_last: list[float]
    cpu: float
    size: float
    faults: list[str] = field(default_factory=list)
    """Why it counts for nothing."""


@dataclass
class Variant:
    """`held(board)` is the board as the database has it; `cookies` are the author's and the others'."""

    name: str
    kind: str
    server: Running
    held: Callable[[int], Any]
    cookies: tuple[str, str] = ("", "")
    idle: float = 0.0
    """Seconds of processor time a second with everyone looking and nobody doing anything; of this round."""


class Crowd:
    """The viewers in a process of their own."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.rivals.audience"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def ask(self, audience: Audience, **request: Any) -> Any:
        """Its answer; our own tabs are served meanwhile."""
        process = self._process
        assert process.stdin and process.stdout
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    def leave(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


class Board:
    def __init__(
        self, variant: Variant, id: int, viewers: int, lanes: dict[int, list[int]], audience: Audience, crowd: Crowd
    ) -> None:
        self.variant, self.id, self.viewers = variant, id, viewers
        self._lanes, self._audience, self._crowd = {lane: list(ids) for lane, ids in lanes.items()}, audience, crowd
        self._number = count()
        self._group = f"{variant.name}:{viewers}"
        server = variant.server
        first, second = server.workers[0], server.workers[-1]
        nobody = dict.fromkeys(server.workers, 0)
        own = {"group": self._group, "kind": variant.kind, "url": server.url, "board": id}
        [self.author] = audience.admit(**own, cookie=variant.cookies[0], seats=nobody | {first: 1})
        [self.other] = audience.admit(**own, cookie=variant.cookies[1], seats=nobody | {second: 1})
        seats = nobody.copy()
        for number in range(viewers - 2):
            seats[(first, second)[number % 2]] += 1
        if viewers > 2:
            crowd.ask(audience, do="admit", **own, cookie=variant.cookies[1], seats=seats)

    def measure(self, moves: int, pace: float) -> Sample:
        """So many moves, `pace` seconds from one to the next, after a few to warm up."""
        for _ in range(WARM_UP):
            self._move()
        self._report()
        server, rest = self.variant.server, self._audience.rest
        before, received, started = server.cpu(), self.other.tab.received, time.perf_counter()
        made = []
        for number in range(1, moves + 1):
            made.append(self._move())
            rest(started + number * pace)
        last, faults = self._report()
        spent = server.cpu() - before - self.variant.idle * (time.perf_counter() - started)
        if spent <= 0:
            faults.append("no more processor time than when idle")
        return Sample(
            to_other=[arrived - begun for _, begun, arrived in made],
            to_last=[max(arrived, _reached(last, revision)) - begun for revision, begun, arrived in made],
            cpu=spent / (moves * self.viewers),
            size=(self.other.tab.received - received) / moves,
            faults=faults,
        )

    def _move(self) -> tuple[int, float, float]:
        """A lane's first task to the end of it or of the next, in turn; revision, start, arrival at the other tab."""
        number = next(self._number)
        lane_ids = list(self._lanes)
        source = lane_ids[number // 2 % 3]
        target = lane_ids[(number // 2 + number % 2) % 3]
        task = self._lanes[source].pop(0)
        self._lanes[target].append(task)
        wanted = max(self.author.revision, self.other.revision) + 1
        started = time.perf_counter()
        self.author.tab.send(self.author.dialect.move(task, target, source == target))
        if not self._audience.all_have(self._group, wanted):
            return wanted, started, time.perf_counter()
        return wanted, started, _reached(self.other.arrivals, wanted)

    def _report(self) -> tuple[list[tuple[int, float]], list[str]]:
        """When the last of all had which revision, and what is wrong, if something is."""
        revision = max(self.author.revision, self.other.revision)
        reports = [self._audience.report(self._group, revision)]
        if self.viewers > 2:
            reports.append(self._crowd.ask(self._audience, do="report", group=self._group, revision=revision))
        last = sorted((number, arrived) for report in reports for number, arrived in report["last"])
        boards = [board for report in reports for board in report["boards"]]
        truth = json.loads(json.dumps(self.variant.held(self.id)))
        faults = []
        if late := sum(report["late"] for report in reports):
            faults.append(f"{late} of {self.viewers} never had the last move")
        elif any(board != truth for board in boards):
            faults.append("somebody holds another board than the database")
        if not self.variant.server.is_whole():
            faults.append("a worker was replaced")
        return last, faults


def _reached(arrivals: list[Any], revision: int) -> float:
    """When the last of them had this revision or a newer one."""
    return max((arrived for number, arrived in arrivals if number == revision), default=0.0) or min(
        (arrived for number, arrived in arrivals if number > revision), default=PATIENCE * 1e6
    )
