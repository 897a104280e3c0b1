"""Who is here: one entry for each open tab, with a short life that its worker renews.

A worker that dies renews nothing, so its people are gone when their entries run out. Leaving is a shortened life,
not a deletion: a reload or a short loss of the network comes back before it runs out, and nobody saw anything.
In Redis a place is one sorted set, scored by when each entry ends; without Redis, or without an answer from it,
each worker shows the people that it has itself.
"""

import json
import logging
import time
from dataclasses import dataclass

from redis.asyncio import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

PREFIX = "tandem:here:"
LIFE = 12.0
"""Seconds that an entry lives unless it is renewed."""
RENEWAL = 4.0
"""Seconds between renewals."""
AFTER_CLOSING = 1.0
"""Seconds that somebody stays on show after closing the tab: a reload is quicker."""
AFTER_LOSING = 5.0
"""The same after a connection broke: most are back by then."""


@dataclass(frozen=True)
class Here:
    """Somebody at a place: a board's topic. `tab` is unique over all workers."""

    tab: str
    person_id: int
    since: float


class Presence:
    def __init__(self, redis: Redis | None) -> None:
        self.redis = redis
        self._mine: dict[str, dict[Here, float]] = {}

    async def arrive(self, place: str, here: Here) -> None:
        await self._keep(place, here, LIFE)

    async def leave(self, place: str, here: Here, lingers: float) -> None:
        """Let the entry end after `lingers` seconds."""
        await self._keep(place, here, lingers)

    async def renew(self, places: dict[str, list[Here]]) -> None:
        """Renew the entries of all tabs of this worker."""
        for place, people in places.items():
            self._remember(place, people, LIFE)
        if self.redis is not None:
            try:
                async with self.redis.pipeline(transaction=False) as pipe:
                    for place, people in places.items():
                        pipe.zadd(PREFIX + place, {_encode(here): time.time() + LIFE for here in people})
                        pipe.expire(PREFIX + place, int(LIFE * 2))
                    await pipe.execute()
            except (RedisError, OSError) as error:
                logger.debug("Presence was not renewed: %s", error)

    async def people(self, place: str) -> tuple[list[int], float | None]:
        """The ids of the people at a place, by arrival, and the time at which the next entry ends."""
        present = await self._present(place)
        arrival: dict[int, float] = {}
        for here in present:
            arrival[here.person_id] = min(here.since, arrival.get(here.person_id, here.since))
        return sorted(arrival, key=lambda id: (arrival[id], id)), min(present.values(), default=None)

    async def tabs(self, place: str) -> list[Here]:
        """The tabs at a place, by arrival."""
        return sorted(await self._present(place), key=lambda here: here.since)

    async def _present(self, place: str) -> dict[Here, float]:
        entries, now = await self._entries(place), time.time()
        return {here: ends for here, ends in entries.items() if ends > now}

    async def _keep(self, place: str, here: Here, life: float) -> None:
        self._remember(place, [here], life)
        if self.redis is not None:
            try:
                async with self.redis.pipeline(transaction=False) as pipe:
                    pipe.zadd(PREFIX + place, {_encode(here): time.time() + life})
                    pipe.expire(PREFIX + place, int(LIFE * 2))
                    await pipe.execute()
            except (RedisError, OSError) as error:
                logger.debug("Presence was not kept: %s", error)

    async def _entries(self, place: str) -> dict[Here, float]:
        if self.redis is not None:
            try:
                async with self.redis.pipeline(transaction=False) as pipe:
                    pipe.zremrangebyscore(PREFIX + place, "-inf", time.time())
                    pipe.zrange(PREFIX + place, 0, -1, withscores=True)
                    _, rows = await pipe.execute()
                return {_decode(member): score for member, score in rows}
            except (RedisError, OSError) as error:
                logger.debug("Presence was not read: %s", error)
        return self._mine.get(place, {})

    def _remember(self, place: str, people: list[Here], life: float) -> None:
        now = time.time()
        kept = {here: ends for here, ends in self._mine.get(place, {}).items() if ends > now}
        kept.update(dict.fromkeys(people, now + life))
        self._mine[place] = kept


def _encode(here: Here) -> str:
    return json.dumps([here.tab, here.person_id, here.since])


def _decode(member: str) -> Here:
    return Here(*json.loads(member))
