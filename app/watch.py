"""The parent of the workers: it ends those that hang, lets others take the place of those that have grown too large
(succession.py), and says in our words how one ended.

A worker that has not given its sign of life (workers.py) hangs, or it is late because the machine is short of
processors, in which case killing it makes everything worse. So its silence counts only as far as it could have
broken it: not while it waited for a processor, and not while its parent was asleep itself and saw nothing.
"""

import logging
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gunicorn.arbiter import Arbiter

from app.succession import Succession

HUNG = 30.0
"""Seconds of silence for which a worker has no excuse."""
LONGEST_LOOK = 2.0
"""Seconds between two looks, which are one apart, that count; in the rest the parent itself was not there."""


class Watch(Arbiter):
    """Every request to stop is the gentle one: gunicorn's own Ctrl-C tells uvicorn's workers nothing and waits."""

    log: Any  # gunicorn gives it no type.
    handle_int = handle_quit = handle_hup = Arbiter.handle_term

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self._silences = Silences()
        self._succession = Succession(self, app.largest_worker)
        self._ended: set[int] = set()
        """Those that were killed from here, and not by somebody else."""

    def setup(self, app: Any) -> None:
        super().setup(app)
        self.log.error_log.addFilter(self._in_our_words)

    def murder_workers(self) -> None:
        """End the workers that hang, and see to those that have grown; called once a second."""
        for pid in self._silences.hung(self._signs(), time.monotonic()):
            worker = self.WORKERS[pid]
            if not worker.aborted:
                self.log.critical("Worker %s has given no sign of life for %d s: it is ended, and replaced", pid, HUNG)
            self.kill_worker(pid, signal.SIGKILL if worker.aborted else signal.SIGABRT)
            worker.aborted = True
        self._succession.look(time.monotonic())

    def kill_worker(self, pid: int, sig: int) -> None:
        if sig != signal.SIGTERM:
            self._ended.add(pid)
        super().kill_worker(pid, sig)

    def _signs(self) -> dict[int, float]:
        """When each worker gave its last sign of life."""
        signs = {}
        for pid, worker in self.WORKERS.items():
            try:
                signs[pid] = worker.tmp.last_update()
            except (OSError, ValueError):  # It has just ended.
                continue
        return signs

    def _in_our_words(self, record: logging.LogRecord) -> bool:
        """gunicorn takes every SIGKILL for a lack of memory."""
        if isinstance(record.msg, str) and record.msg.startswith("Worker (pid:%s) was sent %s!"):
            assert isinstance(record.args, tuple)
            pid, name = record.args
            ours, others = "it did not stop by itself", "it was somebody, or the system for want of memory"
            why = ours if pid in self._ended else others if name == "SIGKILL" else "it failed"
            record.msg, record.args = "Worker %s was ended by %s: %s", (pid, name, why)
        return True


@dataclass(frozen=True)
class Silence:
    """That of a worker since its last `sign`; `waited` is for how long it has ever waited for a processor."""

    sign: float
    waited: float
    seconds: float = 0.0


class Silences:
    def __init__(self, waited: Callable[[int], float] | None = None) -> None:
        self._waited = waited or waited_for_a_processor
        self._known: dict[int, Silence] = {}
        self._looked_at = float("inf")

    def hung(self, signs: Mapping[int, float], now: float) -> list[int]:
        """Whose silence has no excuse any more, of workers with the times of their last signs; to be asked each second.

        One that has never given one is still starting: its sign lies in the future.
        """
        passed, self._looked_at = min(max(now - self._looked_at, 0.0), LONGEST_LOOK), now
        self._known = {pid: self._judged(pid, sign, passed) for pid, sign in signs.items() if sign <= now}
        return [pid for pid, silence in self._known.items() if silence.seconds > HUNG]

    def _judged(self, pid: int, sign: float, passed: float) -> Silence:
        waited, before = self._waited(pid), self._known.get(pid)
        if before is None or before.sign != sign:
            return Silence(sign, waited)
        return Silence(sign, waited, before.seconds + max(passed - (waited - before.waited), 0.0))


def waited_for_a_processor(pid: int) -> float:
    """Seconds for which the thread of a process that has its event loop was ready and had to wait (Linux)."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):  # Not on this system: then all silence counts.
        return 0.0
