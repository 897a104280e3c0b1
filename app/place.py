"""The database that a backup is to go into: what it has now, and whether a Tandem is running on it."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, inspect, text

from app import upkeep
from app.domain.leases import BEAT, LAPSE

LOOK = 0.5
"""Seconds between two looks whether a lease is kept."""


@dataclass(frozen=True)
class Held:
    people: int
    workspaces: int
    tasks: int

    def __str__(self) -> str:
        return f"{self.people:,} people, {self.workspaces:,} workspaces, {self.tasks:,} tasks"


Beats = list[tuple[str, int]]
_COUNTED = ("person", "workspace", "task")


def held(url: str) -> Held | None:
    """None for a database that nobody has used yet."""
    with upkeep.connected(url) as connection:
        if not set(_COUNTED) <= set(inspect(connection).get_table_names()):
            return None
        counts = [connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in _COUNTED]
    return Held(*counts) if any(counts) else None


def is_running(url: str, sleep: Callable[[float], None] = time.sleep) -> bool:
    """Whether an instance has the database: one of its workers keeps the scheduler's lease, and counts its beats.

    After a clean end nobody has the lease, and the answer is there at once; after a killed one it takes some seconds.
    """
    with upkeep.connected(url) as connection:
        if "lease" not in inspect(connection).get_table_names() or not (before := _beats(connection)):
            return False
        for _ in range(round((BEAT + LAPSE + 1) / LOOK)):
            sleep(LOOK)
            if (now := _beats(connection)) != before:
                return bool(now)
    return False


def beats(url: str) -> Beats:
    """Who has a lease, and how often they have counted it up: it is another when somebody has come."""
    with upkeep.connected(url) as connection:
        return _beats(connection) if "lease" in inspect(connection).get_table_names() else []


def _beats(connection: Connection) -> Beats:
    connection.rollback()  # Anew, not as of the last look.
    return [tuple(row) for row in connection.execute(text("SELECT holder, beat FROM lease WHERE holder <> ''"))]
