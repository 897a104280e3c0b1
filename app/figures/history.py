"""How it went in the last minute, for rates, and in the last hour, for charts.

Every ten seconds each worker takes what all have counted since the time before. In Redis whichever comes first with
its sample has that moment, so that the past is there whoever dies; without Redis each has its own past.
"""

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, cast

from redis.asyncio import Redis
from redis.asyncio.cluster import RedisCluster

from app.ears import AWAY
from app.figures import declared, quantiles
from app.figures.shared import PATIENCE, Counts, View

logger = logging.getLogger(__name__)

KEY = "tandem:figures-hour"
EVERY = 10
"""Seconds between two samples."""
MOST = 360
MINUTE = 6
"""Samples that rates go back."""

_KEEP = """
local slot = math.floor(tonumber(redis.call('TIME')[1]) / tonumber(ARGV[2]))
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', slot - tonumber(ARGV[3]))
if redis.call('ZCOUNT', KEYS[1], slot, slot) == 0 then
    redis.call('ZADD', KEYS[1], slot, slot .. '|' .. ARGV[1])
end
redis.call('EXPIRE', KEYS[1], 7200)
"""

Sample = dict[str, float | None]
"""`at`, in seconds since 1970, and what was measured in the ten seconds before it."""


class Lately:
    """What was counted in the last minute, or since this began: `seconds` of it."""

    def __init__(self, seconds: float, counts: Counts) -> None:
        self.seconds, self.counts = max(seconds, 0.001), counts

    def a_second(self, *keys: str) -> float:
        return round(sum(self.counts.get(key, 0.0) for key in keys) / self.seconds, 3)


class History:
    """`look` brings the figures of all workers."""

    def __init__(
        self,
        redis: Redis | RedisCluster | None,
        is_up: Callable[[], bool],
        look: Callable[[], Awaitable[View]],
        ticks: Callable[[], float] = time.monotonic,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._redis, self._is_up, self._look, self._ticks, self._clock = redis, is_up, look, ticks, clock
        self._minute: deque[tuple[float, Counts]] = deque(maxlen=MINUTE + 1)
        self._hour: deque[Sample] = deque(maxlen=MOST)

    async def begin(self) -> None:
        """From here on is counted."""
        self._minute.append((self._ticks(), (await self._look()).counts))

    async def sample(self) -> None:
        view, now = await self._look(), self._ticks()
        since, before = self._minute[-1]
        self._minute.append((now, view.counts))
        sample = _sample(view, Lately(now - since, _more(view.counts, before)), self._clock())
        self._hour.append(sample)
        if self._redis is not None and self._is_up():
            try:
                async with asyncio.timeout(PATIENCE):
                    told = json.dumps(sample, separators=(",", ":"))
                    await cast(Any, self._redis).eval(_KEEP, 1, KEY, told, EVERY, MOST)
            except AWAY as error:
                logger.debug("A sample was not kept: %s", error)

    def lately(self, view: View) -> Lately:
        since, before = self._minute[0]
        return Lately(self._ticks() - since, _more(view.counts, before))

    async def hour(self) -> list[Sample]:
        """The samples of the last hour, oldest first."""
        if self._redis is not None and self._is_up():
            try:
                async with asyncio.timeout(PATIENCE):
                    kept = await cast(Any, self._redis).zrange(KEY, 0, -1)
                return [_at(*row.split("|", 1)) for row in kept]
            except AWAY as error:
                logger.debug("The last hour was not read: %s", error)
        return list(self._hour)


def _at(slot: str, told: str) -> Sample:
    """Its time is that of Redis, which all machines have in common."""
    return json.loads(told) | {"at": int(slot) * EVERY}


def _more(now: Counts, before: Counts) -> Counts:
    """What came in between; a series that went back, as when Redis forgot what ended, begins anew."""
    return {key: number - before.get(key, 0.0) for key, number in now.items() if number > before.get(key, 0.0)}


def _sample(view: View, lately: Lately, at: float) -> Sample:
    d = declared
    done = f"{d.COMMANDS.name}|done"
    refused = [key for key in d.COMMANDS.series if key != done]
    command, emit, painted = (
        quantiles.milliseconds(figure, lately.counts)
        for figure in (d.COMMAND_SECONDS, d.EMIT_SECONDS, d.PAINTED_SECONDS)
    )
    return {
        "at": int(at),
        "connections": view.total(d.CONNECTIONS.name),
        "people": len(view.people),
        "rooms": view.total(d.ROOMS.name),
        "memory": round(view.total(d.MEMORY.name) / 2**20, 1),
        "done": lately.a_second(done),
        "refused": lately.a_second(*refused),
        "published": lately.a_second(d.RUNG.name),
        "received": lately.a_second(d.HEARD.name),
        "deliveries": lately.a_second(d.DELIVERIES.name),
        "turned_away": lately.a_second(*d.REFUSED.series, *d.CUT.series),
        **{f"command_{name}": command[name] for name in ("p50", "p95", "p99")},
        **{f"emit_{name}": emit[name] for name in ("p50", "p95", "p99")},
        **{f"painted_{name}": painted[name] for name in ("p50", "p95")},
    }
