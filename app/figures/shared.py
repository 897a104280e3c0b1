"""The figures of all workers on all machines, by way of one hash in Redis.

Each program (an instance: a parent and its workers) has a field with its sums, which whichever of its workers looks
writes anew from the memory that they share; an older writing never replaces a newer one, so no counter goes back. What
an instance that ended has counted is kept, and an hour later added to those of all that ended before. A worker has a
field with the people it serves, and what its tabs have reported of boards.
Without Redis there is one instance. While Redis is away a worker tells of its own instance, and says so.
"""

import asyncio
import json
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from redis.asyncio import Redis
from redis.asyncio.cluster import RedisCluster

from app.ears import AWAY
from app.figures.boards import Boards
from app.figures.declared import FIGURES, memory

logger = logging.getLogger(__name__)

KEY = "tandem:figures"
EVERY = 2.0
"""Seconds between two times that a worker shares its figures."""
PATIENCE = 1.0
LAPSE = 10
"""Seconds after which what is passing, such as connections and people, no longer counts."""
KEPT = 3600
"""Seconds after which the counters of an instance that ended are added to the others'."""

_EXCHANGE = """
local now = tonumber(redis.call('TIME')[1])
local ours = redis.call('HGET', KEYS[1], ARGV[1])
if not ours or tonumber(string.match(ours, '^%d+|([%d.]+)|')) < tonumber(ARGV[2]) then
    redis.call('HSET', KEYS[1], ARGV[1], now .. '|' .. ARGV[2] .. '|' .. ARGV[3])
end
redis.call('HSET', KEYS[1], ARGV[4], now .. '|0|' .. ARGV[5])
redis.call('EXPIRE', KEYS[1], 90 * 86400)
local all = redis.call('HGETALL', KEYS[1])
for place = 1, #all, 2 do
    local at, told = string.match(all[place + 1], '^(%d+)|[%d.]+|(.*)$')
    local kind = string.sub(all[place], 1, 2)
    if kind == 'w:' and now - tonumber(at) > tonumber(ARGV[6]) then
        redis.call('HDEL', KEYS[1], all[place])
    elseif kind == 'i:' and now - tonumber(at) > tonumber(ARGV[7]) then
        local before = redis.call('HGET', KEYS[1], 'ended')
        local sums = before and cjson.decode(string.match(before, '^%d+|0|(.*)$')) or {}
        for name, number in pairs(cjson.decode(told).counts) do
            sums[name] = (sums[name] or 0) + number
        end
        redis.call('HSET', KEYS[1], 'ended', now .. '|0|' .. cjson.encode(sums))
        redis.call('HDEL', KEYS[1], all[place])
    end
end
if ARGV[8] == '0' then
    return {}
end
return {now, redis.call('HGETALL', KEYS[1])}
"""


Counts = Mapping[str, float]
"""Sums by series."""


@dataclass(frozen=True)
class WorkerView:
    """A worker as it is now: its gauges by name."""

    instance: str
    row: int
    pid: int
    gauges: dict[str, float]


@dataclass(frozen=True)
class View:
    """All of it. `counts` are of those that ended too; `boards` the painted delays by board's id."""

    counts: Counts
    workers: list[WorkerView]
    people: frozenset[int]
    boards: Boards = field(default_factory=Boards)
    is_whole: bool = True

    def total(self, gauge: str) -> float:
        return sum(worker.gauges.get(gauge, 0.0) for worker in self.workers)


class Shared:
    """`people` says whom this worker serves; `is_up` whether Redis is worth asking."""

    def __init__(
        self,
        redis: Redis | RedisCluster | None,
        is_up: Callable[[], bool],
        people: Callable[[], set[int]],
        boards: Boards,
    ) -> None:
        self._redis, self._is_up, self._people, self._boards = redis, is_up, people, boards

    async def share(self) -> None:
        """Let the others know; what cannot be told now is told the next time."""
        if self._redis is not None and self._is_up():
            try:
                await self._exchange(self._redis, wants_all=False)
            except AWAY as error:
                logger.debug("Figures were not shared: %s", error)

    async def look(self) -> View:
        """Everything as it is now."""
        if self._redis is not None and self._is_up():
            try:
                now, fields = await self._exchange(self._redis, wants_all=True)
                return _merged(int(now), dict(zip(fields[::2], fields[1::2], strict=True)))
            except AWAY as error:
                logger.debug("The figures of others were not read: %s", error)
        own = _own()
        is_whole = self._redis is None
        workers = [WorkerView(memory.instance, *worker) for worker in own["workers"]]
        return View(own["counts"], workers, frozenset(self._people()), self._boards, is_whole)

    async def _exchange(self, redis: Redis | RedisCluster, wants_all: bool) -> Any:
        read_at = time.monotonic()
        told = json.dumps(_own(), separators=(",", ":"))
        own = {"people": sorted(self._people()), "boards": self._boards.told()}
        arguments = (
            f"i:{memory.instance}", f"{read_at:.6f}", told,
            f"w:{memory.instance}:{memory.row}", json.dumps(own, separators=(",", ":")),
            LAPSE, KEPT, int(wants_all),
        )  # fmt: skip
        async with asyncio.timeout(PATIENCE):
            return await cast(Any, redis).eval(_EXCHANGE, 1, KEY, *arguments)


def _own() -> dict[str, Any]:
    """This instance: its sums, and its workers as they are."""
    counts: defaultdict[str, float] = defaultdict(float)
    alive, workers = set(memory.alive()), []
    for row in memory.used():
        numbers = memory.numbers(row)
        gauges = {}
        for figure in FIGURES.values():
            for key, place in figure.places.items():
                if figure.kind == "gauge":
                    gauges[key] = numbers[place]
                elif numbers[place]:
                    counts[key] += numbers[place]
        if row in alive:
            workers.append((row, memory.pid(row), gauges))
    return {"counts": counts, "workers": workers}


def _merged(now: int, fields: dict[str, str]) -> View:
    counts: defaultdict[str, float] = defaultdict(float)
    workers: list[WorkerView] = []
    people: set[int] = set()
    boards = Boards()
    for name, value in fields.items():
        at, _, told = value.split("|", 2)
        content, is_here = json.loads(told), now - int(at) <= LAPSE
        if name == "ended":
            _add(counts, content)
        elif name.startswith("i:"):
            _add(counts, content["counts"])
            if is_here:
                workers += [WorkerView(name[2:], *worker) for worker in content["workers"]]
        elif is_here:
            people |= set(content["people"])
            boards.add_all(content["boards"])
    workers.sort(key=lambda worker: (worker.instance, worker.row))
    return View(counts, workers, frozenset(people), boards)


def _add(sums: defaultdict[str, float], more: Counts) -> None:
    for series, number in more.items():
        sums[series] += number
