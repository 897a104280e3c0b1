"""A worker that has grown too large gets a successor; when that one is up, it is asked to stop, gently.

gunicorn starts missing workers, and ends those beyond `num_workers`, right after it has looked for hung ones: so asking
for one more is all that it takes.
"""

import os
import signal
from pathlib import Path
from typing import Any

UP = 3.0
"""Seconds for a new worker to be up, before the one whose place it takes is asked to stop."""
REST = 60.0
"""Seconds at least from one such change to the next: people come back to their boards in between."""


class Succession:
    def __init__(self, arbiter: Any, largest: int) -> None:
        """`arbiter` is gunicorn's, whose log has no type; `largest` the bytes past which one has to go, 0 for none."""
        self._arbiter, self._largest = arbiter, largest
        self._leaving: int | None = None
        self._is_asked = False
        self._next = 0.0

    def look(self, now: float) -> None:
        """Called once a second."""
        if self._leaving is not None:
            self._see_off(self._leaving, now)
        elif self._largest and now > self._next:
            sizes = {pid: memory(pid) for pid in self._arbiter.WORKERS}
            pid = max(sizes, key=sizes.__getitem__, default=None)
            if pid is not None and sizes[pid] > self._largest:
                self._arbiter.log.warning("Worker %s has %d MB: a new one takes its place", pid, sizes[pid] / 1e6)
                self._leaving, self._is_asked, self._next = pid, False, now + UP
                self._arbiter.num_workers += 1

    def _see_off(self, pid: int, now: float) -> None:
        arbiter = self._arbiter
        if pid not in arbiter.WORKERS:
            arbiter.num_workers -= 1
            self._leaving, self._next = None, now + REST
        elif not self._is_asked and len(arbiter.WORKERS) >= arbiter.num_workers and now > self._next:
            self._is_asked = True
            arbiter.kill_worker(pid, signal.SIGTERM)


def memory(pid: int) -> int:
    """The bytes that a process has in memory; 0 where the system does not tell (macOS), or it has just ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0
