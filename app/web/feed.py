"""What happened to each topic lately, as this worker has read it: one reading for all rooms that depend on the topic.

A change never changes, and a topic's changes have no gaps: what was read up to a revision need not be read again, and a
doorbell for that revision asks nothing of the database.
"""

import asyncio
import contextlib
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from itertools import takewhile

from app.domain import history
from app.domain.drawings import Happening
from app.domain.transaction import Transaction

GAP = 500
"""Missed changes from which on a fresh drawing is cheaper than following them; no more are kept of a topic."""

Missed = Callable[[Transaction, Mapping[str, int], int], Awaitable[Sequence[Happening]]]


def is_broken(seen: Mapping[str, int], changes: Collection[Happening]) -> bool:
    """Whether something between what was seen and these changes has been forgotten (domain/pruning.py)."""
    first: dict[str, int] = {}
    for change in changes:
        first.setdefault(change.topic, change.revision)
    return any(revision > seen.get(topic, 0) + 1 for topic, revision in first.items())


class Feed:
    def __init__(self) -> None:
        self._heard: dict[str, int] = {}
        self._read: dict[str, deque[Happening]] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def hear(self, topic: str, revision: int) -> None:
        """The topic is at this revision, or at a later one."""
        self._heard[topic] = max(revision, self._heard.get(topic, 0))

    async def after(
        self, tx: Transaction, seen: Mapping[str, int], missed: Missed = history.changes_after, *, anew: bool = False
    ) -> list[Happening]:
        """The changes after each topic's given revision, up to the one that was heard of at least; in order by topic.

        `missed` asks the database, as `history.changes_after` does; with `anew` in any case. Of more than GAP
        not all are returned.
        """
        if not anew and not self._is_behind(seen):
            return []
        async with contextlib.AsyncExitStack() as locks:
            for topic in sorted(seen):  # In one order, so that no two wait for each other.
                await locks.enter_async_context(self._locks[topic])
            read = {topic: self._place(topic, at) for topic, at in seen.items()}
            # What else the asker depends on is read along: who was sent away must be gone before the next patch.
            found = await missed(tx, read, GAP + 1) if anew or self._is_behind(read) else ()
            if len(found) > GAP:
                return list(found)
            for change in found:
                self._add(change)
        return [change for topic, at in seen.items() for change in self._since(topic, at)]

    def keep(self, topics: Collection[str]) -> None:
        """Forget every other topic."""
        for kept in (self._heard, self._read, self._locks):
            for topic in [topic for topic in kept if topic not in topics]:
                del kept[topic]

    def _since(self, topic: str, seen: int) -> list[Happening]:
        """What was read of the topic after that revision; most often it is the last that came, of hundreds."""
        newest = list(takewhile(lambda change: change.revision > seen, reversed(self._read.get(topic, ()))))
        newest.reverse()
        return newest

    def _is_behind(self, seen: Mapping[str, int]) -> bool:
        return any(self._heard.get(topic, 0) > at for topic, at in seen.items())

    def _place(self, topic: str, seen: int) -> int:
        """How far the topic is read: `seen`, or further if what was read follows on it without a gap."""
        read = self._read.get(topic)
        return read[-1].revision if read and read[0].revision <= seen + 1 and read[-1].revision > seen else seen

    def _add(self, change: Happening) -> None:
        read = self._read.setdefault(change.topic, deque(maxlen=GAP))
        if read and read[-1].revision + 1 != change.revision:
            read.clear()
        read.append(change)
        self.hear(change.topic, change.revision)
