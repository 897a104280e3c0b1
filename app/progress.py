"""A line on the terminal that counts while long work goes on. Where nobody looks, nothing is written."""

import sys
import time
from typing import Protocol

PAUSE = 0.1
"""Seconds between two looks of the line."""


class Tell(Protocol):
    def __call__(self, what: str, done: int, total: int) -> None: ...


def silent(what: str, done: int, total: int) -> None: ...


class Progress:
    """Call it with what goes on, and how much of how much is done; `end` clears the line."""

    def __init__(self) -> None:
        self._is_seen = sys.stderr.isatty()
        self._next = 0.0
        self._what = ""

    def __call__(self, what: str, done: int, total: int) -> None:
        if not self._is_seen or (time.monotonic() < self._next and what == self._what):
            return
        self._what, self._next = what, time.monotonic() + PAUSE
        share = 100 * done // total if total else 100
        sys.stderr.write(f"\r\033[K{what} … {min(share, 100)} %")
        sys.stderr.flush()

    def end(self) -> None:
        if self._what:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
            self._what = ""
