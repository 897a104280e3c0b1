"""Painted delays by board, over the last hour: who runs a Tandem sees on which board changes are slow to appear.

Ids make no series of the table (declared.py), so these are kept beside it: of the boards with most reports only, and
in two halves, of which the older is forgotten after half an hour.
"""

import time
from bisect import bisect_left
from collections.abc import Callable, Mapping

from app.figures.declared import SECONDS

HALF = 1800.0
MOST = 100
"""Boards of which a worker tells."""

Buckets = list[int]


class Boards:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._turns_at = clock, clock() + HALF
        self._older: dict[int, Buckets] = {}
        self._newer: dict[int, Buckets] = {}

    def observe(self, board_id: int, seconds: float) -> None:
        self._turn()
        buckets = self._newer.setdefault(board_id, [0] * (len(SECONDS) + 1))
        buckets[bisect_left(SECONDS, seconds)] += 1

    def told(self) -> dict[int, Buckets]:
        """Of the boards with most reports: how many there were in each bucket, as those of a histogram."""
        self._turn()
        sums = {id: list(buckets) for id, buckets in self._older.items()}
        for id, buckets in self._newer.items():
            sums[id] = [a + b for a, b in zip(buckets, sums.get(id, [0] * len(buckets)), strict=True)]
        return dict(sorted(sums.items(), key=lambda item: -sum(item[1]))[:MOST])

    def add_all(self, told: Mapping[str, Buckets]) -> None:
        """What another worker tells, its ids as JSON has them."""
        for id, buckets in told.items():
            mine = self._newer.setdefault(int(id), [0] * (len(SECONDS) + 1))
            self._newer[int(id)] = [a + b for a, b in zip(mine, buckets, strict=False)]

    def _turn(self) -> None:
        now = self._clock()
        if now >= self._turns_at:
            self._older = self._newer if now < self._turns_at + HALF else {}
            self._newer, self._turns_at = {}, now + HALF
