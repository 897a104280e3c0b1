"""Who is here: one entry for each open tab, with a short life that its worker renews.

A worker that dies renews nothing, so its people are gone when their entries run out. Leaving is a shortened life,
not a deletion: a reload or a short loss of the network comes back before it runs out, and nobody saw anything.
In Redis a place is one sorted set, scored by when each entry ends. While Redis is away a worker goes by what it last
heard, until that runs out, and by the people that it has itself.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from redis.asyncio import Redis
from redis.asyncio.cluster import RedisCluster

from app.ears import AWAY

logger = logging.getLogger(__name__)

PREFIX = "tandem:here:"
LIFE = 12.0
"""Seconds that an entry lives unless it is renewed."""
RENEWAL = 4.0
"""Seconds between renewals."""
AFTER_CLOSING = 1.0
"""Seconds that somebody stays on show after closing the tab: a reload is quicker."""
AFTER_LOSING = 4.0
"""The same after a connection broke: most are back by then."""


@dataclass(frozen=True)
class Here:
    """Somebody at a place: a board's topic. `tab` is unique over all workers, `task_id` what is open there, or 0."""

    tab: str
    person_id: int
    since: float
    task_id: int = 0


Entries = dict[Here, float]
"""When each of them ends, in seconds since the epoch."""


class Presence:
    """`is_up` says whether it is worth asking Redis: each operation would wait for one that is away."""

    def __init__(self, redis: Redis | RedisCluster | None, is_up: Callable[[], bool] = lambda: True) -> None:
        self._redis, self._is_up = redis, is_up
        self._mine: dict[str, Entries] = {}
        self._heard: dict[str, Entries] = {}

    async def keep(self, places: Mapping[str, Mapping[Here, float]]) -> list[str]:
        """Let entries end after so many seconds: LIFE for who arrives, less for who leaves.

        The places where one is new to Redis.
        """
        now = time.time()
        for place, lives in places.items():
            kept = {here: ends for here, ends in self._mine.get(place, {}).items() if ends > now}
            self._mine[place] = kept | {here: now + life for here, life in lives.items()}
        if self._redis is not None and self._is_up() and places:
            try:
                async with self._redis.pipeline(transaction=False) as pipe:
                    for place, lives in places.items():
                        pipe.zadd(PREFIX + place, {_encode(here): now + life for here, life in lives.items()})
                        pipe.zremrangebyscore(PREFIX + place, "-inf", now)  # Nothing stays of who is not to be seen.
                        pipe.expire(PREFIX + place, int(LIFE * 2))
                    added = (await pipe.execute())[::3]
                return [place for place, count in zip(places, added, strict=True) if count]
            except AWAY as error:
                logger.debug("Presence was not kept: %s", error)
        return []

    async def renew(self, places: Mapping[str, Collection[Here]]) -> list[str]:
        """Renew the entries of all tabs of this worker; the places where Redis had forgotten one.

        What was known of other places is forgotten here, once it has ended.
        """
        now = time.time()
        for known in (self._mine, self._heard):
            for place in known.keys() - places.keys():
                if all(ends <= now for ends in known[place].values()):
                    del known[place]
        return await self.keep({place: dict.fromkeys(people, LIFE) for place, people in places.items()})

    async def people(self, *places: str) -> dict[str, tuple[list[int], float | None]]:
        """By place: the ids of the people there, by arrival, and the time at which the next entry ends."""
        return {
            place: (by_arrival(present), min(present.values(), default=None))
            for place, present in (await self.entries(*places)).items()
        }

    def tabs_at(self, place: str) -> int:
        """How many tabs were there when somebody last asked for them, on all workers as far as this one knew."""
        return max(len(known.get(place, ())) for known in (self._heard, self._mine))

    @property
    def hears_everyone(self) -> bool:
        """Whether the people of other workers are known too, or there are none."""
        return self._redis is None or self._is_up()

    async def entries(self, *places: str) -> dict[str, Entries]:
        """By place: the entries that have not ended."""
        now = time.time()
        if self._redis is not None and self._is_up() and places:
            try:
                async with self._redis.pipeline(transaction=False) as pipe:
                    for place in places:
                        pipe.zremrangebyscore(PREFIX + place, "-inf", now)
                        pipe.zrange(PREFIX + place, 0, -1, withscores=True)
                    rows = (await pipe.execute())[1::2]
                for place, found in zip(places, rows, strict=True):
                    self._heard[place] = {_decode(member): score for member, score in found}
            except AWAY as error:
                logger.debug("Presence was not read: %s", error)
        return {place: {here: ends for here, ends in self._known(place).items() if ends > now} for place in places}

    def _known(self, place: str) -> Entries:
        """What Redis said last, but for this worker's own tabs, which it knows itself."""
        return self._heard.get(place, {}) | self._mine.get(place, {})


def by_arrival(present: Iterable[Here]) -> list[int]:
    """The ids of these people, who came first first."""
    arrival: dict[int, float] = {}
    for here in present:
        arrival[here.person_id] = min(here.since, arrival.get(here.person_id, here.since))
    return sorted(arrival, key=lambda id: (arrival[id], id))


def _encode(here: Here) -> str:
    return f"{here.tab}|{here.person_id}|{here.since!r}|{here.task_id}"


@lru_cache(maxsize=4096)
def _decode(member: str) -> Here:
    """Those who stay are read again and again."""
    tab, person_id, since, *task_id = member.split("|")  # An older worker, while it is replaced, names no task.
    return Here(tab, int(person_id), float(since), int(task_id[0]) if task_id else 0)
