"""Viewers: many tabs on one epoll. The author's and the measured one are in the bench's process, the crowd in another.

`python -m bench.rivals.audience` reads requests as JSON, one a line, and answers each in one; the clock is the
machine's, so that times can be compared between processes.
"""

import gc
import json
import os
import select
import sys
import time
from collections import defaultdict
from typing import Any

from bench.rivals.dialects import KINDS, Dialect, Store
from bench.rivals.servers import connections
from bench.rivals.tab import PATIENCE, Tab


class Viewer:
    """One tab, what it was sent and when; `store` is what the page would hold."""

    def __init__(self, dialect: Dialect, tab: Tab) -> None:
        self.dialect, self.tab = dialect, tab
        self.store: Store = {}
        self.revision = 0
        self.arrivals: list[tuple[int, float]] = []
        self._frames = dialect.open(tab)
        tab.connection.setblocking(True)
        self.revision = max(map(dialect.revision, self._frames))
        self.fold()

    def take(self) -> None:
        messages = self.tab.receive()
        now = time.perf_counter()
        for message in messages:
            if message == b"2":
                self.tab.send("3")
                continue
            self._frames.append(message)
            revision = self.dialect.revision(message)
            if revision > self.revision:
                self.revision = revision
                self.arrivals.append((revision, now))

    def fold(self) -> Any:
        """What a person sees now."""
        for frame in self._frames:
            self.dialect.fold(self.store, frame)
        self._frames = []
        return self.dialect.held(self.store)

    def since(self) -> list[tuple[int, float]]:
        """What arrived since the last call."""
        arrivals, self.arrivals = self.arrivals, []
        return arrivals


class Audience:
    def __init__(self) -> None:
        self._poll = select.epoll()
        self._viewers: dict[int, Viewer] = {}
        self.groups: dict[str, list[Viewer]] = defaultdict(list)

    def admit(self, group: str, kind: str, url: str, board: int, cookie: str, seats: dict[int, int]) -> list[Viewer]:
        """Open tabs, so many on each worker by its process id; those who are there already are served meanwhile."""
        admitted = []
        for connection in connections(url, seats):
            viewer = Viewer(KINDS[kind](url, board, cookie), Tab(connection))
            self._viewers[viewer.tab.fileno()] = viewer
            self._poll.register(viewer.tab.fileno(), select.EPOLLIN)
            admitted.append(viewer)
            while self.turn(0):
                pass
        self.groups[group] += admitted
        return admitted

    def turn(self, seconds: float) -> bool:
        """Read what there is, waiting for it as long as said; whether there was something."""
        ready = self._poll.poll(max(0.0, seconds))
        for descriptor, _ in ready:
            self._viewers[descriptor].take()
        return bool(ready)

    def watch(self, descriptor: int, viewer: Any) -> None:
        """Call `viewer.take()` when there is something to read."""
        self._viewers[descriptor] = viewer
        self._poll.register(descriptor, select.EPOLLIN)

    def rest(self, until: float) -> None:
        """Serve everyone until that time."""
        while (left := until - time.perf_counter()) > 0:
            self.turn(left)

    def all_have(self, group: str, revision: int, patience: float = PATIENCE) -> bool:
        """Whether all of a group have a revision, in the end."""
        deadline = time.perf_counter() + patience
        late = self.groups[group]
        while late := [viewer for viewer in late if viewer.revision < revision]:
            if time.perf_counter() > deadline:
                return False
            self.turn(0.02)
        return True

    def report(self, group: str, revision: int, patience: float = PATIENCE) -> dict[str, Any]:
        """Once all of a group have that revision: when the last had which, the boards they hold, how many are late."""
        self.all_have(group, revision, patience)
        last: dict[int, float] = {}
        boards: list[Any] = []
        for viewer in self.groups[group]:
            for number, arrived in viewer.since():
                last[number] = max(last.get(number, 0.0), arrived)
            board = viewer.fold()
            if board not in boards:
                boards.append(board)
        late = sum(viewer.revision < revision for viewer in self.groups[group])
        return {"last": list(last.items()), "boards": boards[:3], "late": late}


class Requests:
    """The other process's end of it: lines on stdin. They wait while tabs are read, as answering reads them too."""

    def __init__(self, audience: Audience) -> None:
        self._audience, self._rest = audience, b""
        self._waiting: list[bytes] = []
        audience.watch(sys.stdin.fileno(), self)

    def take(self) -> None:
        data = os.read(sys.stdin.fileno(), 1 << 16)
        if not data:
            sys.exit()
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._waiting += lines

    def answer(self) -> None:
        while self._waiting:
            request = json.loads(self._waiting.pop(0))
            print(json.dumps(self._answer(request.pop("do"), request)), flush=True)

    def _answer(self, what: str, request: dict[str, Any]) -> Any:
        if what == "report":
            return self._audience.report(**request)
        seats = {int(pid): count for pid, count in request.pop("seats").items()}
        admitted = len(self._audience.admit(seats=seats, **request))
        gc.collect()
        gc.freeze()
        return admitted


def main() -> None:
    gc.disable()
    audience = Audience()
    requests = Requests(audience)
    while True:
        audience.turn(1.0)
        requests.answer()


if __name__ == "__main__":
    main()
