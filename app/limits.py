"""How often something may be tried, counted over all workers.

A name has a bucket of tries, `most` of them, which fills up evenly over `seconds`. All that is kept of it is when it is
full again: in Redis, where a script looks and takes in one step, so that no two workers give out the same try.
While Redis is away each worker counts by itself at half the rate; without one there is one worker, at the full rate.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from redis.asyncio import Redis
from redis.asyncio.cluster import RedisCluster

from app.ears import AWAY

logger = logging.getLogger(__name__)

PREFIX = "tandem:limit:"
PATIENCE = 0.2
"""Seconds to wait for Redis before going by what this worker has counted itself."""
AVOIDED = 1.0
"""Seconds without asking a Redis that has just let somebody wait."""
GATHER = 0.02
"""Seconds for which what is shared is gathered: so long a worker may not know yet what others have spent."""
MOST_NAMES = 50_000
"""Names that a worker counts for; past that the ones that were used longest ago have a full bucket again."""
ROUNDING = 0.001

_TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local each, most, count, must = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4] == '1'
local full_at = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now) + count * each
if count > 0 and not must and full_at - now > most * each + 0.001 then
    return ''
end
full_at = math.min(full_at, now + most * each)
if full_at <= now then
    redis.call('DEL', KEYS[1])
    return '0'
end
redis.call('SET', KEYS[1], string.format('%.6f', full_at), 'PX', math.ceil((full_at - now) * 1000))
return string.format('%.6f', full_at - now)
"""
"""Takes `count` tries, gives them back when it is negative, takes what there is when it must.

Answers in how many seconds the bucket is full again, or nothing when there were not so many.
"""


@dataclass(frozen=True)
class Limit:
    """`name` tells its buckets apart from those of other limits."""

    name: str
    most: int
    seconds: float = 60.0

    @property
    def each(self) -> float:
        """Seconds in which the bucket gets one try more."""
        return self.seconds / self.most


class Buckets:
    """Those of this process: by name, when each is full again."""

    def __init__(self) -> None:
        self._full_at: dict[str, float] = {}

    def take(self, name: str, limit: Limit, share: float = 1.0, count: int = 1) -> bool:
        """Take tries out of a bucket that holds this share of the limit, and at least one; whether there were any."""
        now, most = time.monotonic(), max(1.0, limit.most * share)
        each = limit.seconds / most
        full_at = max(self._full_at.pop(name, 0.0), now) + count * each
        has_some = count < 0 or full_at - now <= most * each + ROUNDING
        self._full_at[name] = full_at if has_some else full_at - count * each
        if len(self._full_at) > MOST_NAMES:
            del self._full_at[next(iter(self._full_at))]
        return has_some

    def learn(self, name: str, full_in: float) -> None:
        """The bucket is full again in so many seconds, as another place says."""
        self._full_at[name] = time.monotonic() + full_in


class Limits:
    """For what is tried now and then, and must be counted exactly. `is_up` says whether Redis is worth asking."""

    def __init__(self, redis: Redis | RedisCluster | None, is_up: Callable[[], bool] = lambda: True) -> None:
        self._redis, self._is_up = redis, is_up
        self._buckets = Buckets()
        self._avoided_until = 0.0

    async def take(self, limit: Limit, name: str) -> bool:
        """Count a try; whether it may be made."""
        answer = await self._ask(limit, name, 1)
        if answer is None:
            share = 1.0 if self._redis is None else 0.5
            return self._buckets.take(f"{limit.name}:{name}", limit, share)
        return answer != ""

    async def give_back(self, limit: Limit, name: str) -> None:
        """The try was none of those that the limit is about."""
        if await self._ask(limit, name, -1) is None:
            share = 1.0 if self._redis is None else 0.5
            self._buckets.take(f"{limit.name}:{name}", limit, share, -1)

    async def _ask(self, limit: Limit, name: str, count: int) -> str | None:
        """Redis's answer; None when there is none in time."""
        if self._redis is None or not self._is_up() or time.monotonic() < self._avoided_until:
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                return await _evaluate(self._redis, limit, name, count)
        except AWAY as error:
            logger.warning("Tries are counted by each worker for itself: %s", str(error)[:200] or "no answer")
            self._avoided_until = time.monotonic() + AVOIDED
            return None


class Shared:
    """For what is done all the time: each worker decides at once, and hears right after what all have spent.

    So Redis costs nobody a moment. A name gets more than its limit only by as much as other workers let it have within
    GATHER; while Redis is away, by what each lets it have.
    """

    def __init__(self, redis: Redis | RedisCluster | None, limit: Limit, is_up: Callable[[], bool] = lambda: True):
        self._redis, self._limit, self._is_up = redis, limit, is_up
        self._buckets = Buckets()
        self._spent: Counter[str] = Counter()
        self._telling: asyncio.Task[None] | None = None

    def spend(self, name: str) -> bool:
        """Take one; whether there was one."""
        if not self._buckets.take(name, self._limit):
            return False
        if self._redis is not None and self._is_up():
            self._spent[name] += 1
            if self._telling is None:
                self._telling = asyncio.ensure_future(self._tell(self._redis))
        return True

    async def _tell(self, redis: Redis | RedisCluster) -> None:
        """Report what was spent, and learn what all have; what cannot be told is forgotten."""
        try:
            while self._spent:
                await asyncio.sleep(GATHER)
                spent, self._spent = self._spent, Counter()
                told = (_evaluate(redis, self._limit, name, count, must=True) for name, count in spent.items())
                async with asyncio.timeout(1.0):
                    answers = await asyncio.gather(*told)
                for name, full_in in zip(spent, answers, strict=True):
                    # What was spent meanwhile is not in the answer yet.
                    self._buckets.learn(name, float(full_in) + self._spent[name] * self._limit.each)
        except AWAY as error:
            logger.debug("What was spent was not told: %s", error)
        finally:
            self._telling = None


async def _evaluate(redis: Redis | RedisCluster, limit: Limit, name: str, count: int, must: bool = False) -> str:
    key = f"{PREFIX}{limit.name}:{name}"
    arguments = (limit.each, limit.most, count, int(must))
    return cast(str, await cast(Any, redis).eval(_TAKE, 1, key, *arguments))
