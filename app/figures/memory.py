"""Numbers in memory that the parent shares with its workers: each worker has a row, and writes to no other.

Counting is one addition in place: no lock, no file, no message. A worker that is killed takes nothing with it, as the
one that replaces it goes on counting in the same row; so sums over the rows never go back. A row begins with its
worker's process id, its last sign of life, and when a database last refused it something for want of room, by the
clock that all processes of a machine have in common.
"""

import math
import mmap
import os
import secrets
import socket
import time
from collections.abc import Iterable

ROWS = 320
"""One for each of 256 workers, and for those that replace them while they still end. Memory that nobody uses costs
nothing."""
PID, BEAT, REFUSED, HEAD = 0, 1, 2, 3
ALIVE = 10.0
"""Seconds without a sign of life after which a worker counts as gone. A killed one is replaced in two."""


class Memory:
    """`width` numbers a row, of which those at `passing` are a worker's own and end with it."""

    def __init__(self, width: int, passing: Iterable[int] = ()) -> None:
        self.instance = f"{socket.gethostname()[:40]}-{secrets.token_hex(3)}"
        """This machine's program, unlike every other; the workers that are forked from here have it too."""
        self._width, self._passing = HEAD + width, tuple(passing)
        self._cells = memoryview(mmap.mmap(-1, ROWS * self._width * 8)).cast("d")
        self.row = 0
        self.mine = self._row(0)

    def take(self, row: int) -> None:
        """Count there from now on, in the place of whoever did so before."""
        self.row, self.mine = row, self._row(row)
        for place in self._passing:
            self.mine[place] = 0.0
        self.beat()

    def beat(self) -> None:
        """A sign of life."""
        head = self._cells[self.row * self._width : self.row * self._width + HEAD]
        head[PID], head[BEAT] = float(os.getpid()), time.monotonic()

    def refuse(self) -> None:
        """The database had no room for what this worker would have written."""
        self._cells[self.row * self._width + REFUSED] = time.monotonic()

    def since_refused(self) -> float:
        """Seconds since any worker found no room."""
        last = max(self._cells[row * self._width + REFUSED] for row in range(ROWS))
        return time.monotonic() - last if last else math.inf

    def rest(self) -> None:
        """This worker ends: what is its own is over."""
        for place in self._passing:
            self.mine[place] = 0.0
        self._cells[self.row * self._width + BEAT] = 0.0

    def alive(self) -> list[int]:
        """The rows of the workers that have lately given a sign of life."""
        since = time.monotonic() - ALIVE
        return [row for row in range(ROWS) if self._cells[row * self._width + BEAT] > since]

    def used(self) -> list[int]:
        """The rows in which somebody has ever counted."""
        return [row for row in range(ROWS) if self._cells[row * self._width + PID]]

    def pid(self, row: int) -> int:
        return int(self._cells[row * self._width + PID])

    def numbers(self, row: int) -> list[float]:
        """All that is in a row now."""
        return list(self._row(row))

    def _row(self, row: int) -> "memoryview[float]":
        return self._cells[row * self._width + HEAD : (row + 1) * self._width]


def free_row(taken: Iterable[int]) -> int:
    """The first that no worker has."""
    rows = set(range(ROWS)) - set(taken)
    return min(rows, default=ROWS - 1)
