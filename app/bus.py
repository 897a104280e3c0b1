"""Doorbells: "board 12 is at revision 40", within this process and, where there is a Redis, between processes.

The message carries no data. Lost, repeated and reordered ones are harmless: the revision decides, and live.py
asks the database every two seconds anyway. So publishing never waits and never fails the command that rings.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping

from redis.asyncio import Redis
from redis.asyncio.cluster import RedisCluster
from redis.exceptions import TimeoutError

from app.ears import AWAY, Cluster, Ear, Network, Single
from app.figures import declared

logger = logging.getLogger(__name__)

PREFIX = "tandem:ring:"
RETRIES = (0.05, 0.5, 1.0)
"""Seconds before each attempt to reach Redis again; the last is repeated."""
WAITING = 10_000
"""Doorbells that may wait to be sent; older ones are dropped, as the database will tell."""

Ring = Callable[[str, int], None]


class Bus:
    """`on_ring(topic, revision)` is called for every doorbell of a topic that was subscribed to.

    `on_change(is_up)` is called when Redis goes, and when it is back and everything is subscribed to again.
    """

    def __init__(self, redis: Redis | RedisCluster | None) -> None:
        self.on_ring: Ring = lambda topic, revision: None
        self.on_change: Callable[[bool], None] = lambda is_up: None
        self.is_up = True
        self.topics: set[str] = set()
        self._network: Network | None = None
        if redis is not None:
            self._network = Cluster(redis) if isinstance(redis, RedisCluster) else Single(redis)
        self._outbox: asyncio.Queue[tuple[str, int]] = asyncio.Queue(WAITING)
        self._ears: dict[object, Ear] = {}
        self._lost = asyncio.Event()

    def publish(self, news: Mapping[str, int]) -> None:
        """Ring the doorbell of each topic: here at once, elsewhere soon."""
        for topic, revision in news.items():
            if self._network is not None and self.is_up:
                if self._outbox.full():
                    self._outbox.get_nowait()
                    declared.DROPPED.add()
                self._outbox.put_nowait((topic, revision))
            if topic in self.topics:
                self.on_ring(topic, revision)

    async def subscribe(self, *topics: str) -> bool:
        """Hear the doorbells of these topics too; whether some of them are new."""
        new = set(topics) - self.topics
        self.topics |= new
        with self._noticing_when_redis_goes("subscribe"):
            for topic in new:
                if ear := self._ear(topic):
                    await ear.follow(PREFIX + topic)
        return bool(new)

    async def unsubscribe(self, *topics: str) -> None:
        gone = set(topics) & self.topics
        self.topics -= gone
        with self._noticing_when_redis_goes("unsubscribe"):
            for topic in gone:
                if ear := self._ear(topic):
                    await ear.forget(PREFIX + topic)

    async def run(self) -> None:
        """Carry doorbells to and from Redis until cancelled; without a Redis there is nothing to carry."""
        if self._network is not None:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._send(self._network))
                tasks.create_task(self._receive(self._network))

    async def _send(self, network: Network) -> None:
        while True:
            newest = dict([await self._outbox.get()])
            while not self._outbox.empty():
                topic, revision = self._outbox.get_nowait()
                newest[topic] = max(revision, newest.get(topic, 0))
            if self.is_up:
                with self._noticing_when_redis_goes("publish"):
                    await _publish(network, [(PREFIX + topic, revision) for topic, revision in newest.items()])
                    declared.RUNG.add(more=len(newest))

    async def _receive(self, network: Network) -> None:
        attempts = 0
        while True:
            self._lost.clear()
            with self._noticing_when_redis_goes("listen"):
                async with asyncio.TaskGroup() as tasks:
                    self._ears = {node: Ear(network, node, self._hear) for node in await network.nodes()}
                    for topic in self.topics:
                        if ear := self._ear(topic):
                            ear.channels.add(PREFIX + topic)
                    for ear in self._ears.values():
                        tasks.create_task(ear.listen())
                    for ear in self._ears.values():
                        await ear.is_open.wait()
                    attempts = 0
                    self._turn(True)
                    await self._lost.wait()
                    raise ConnectionError("it did not take what was sent")
            self._ears = {}
            await asyncio.sleep(RETRIES[min(attempts, len(RETRIES) - 1)])
            attempts += 1

    def _hear(self, channel: str, content: str) -> None:
        declared.HEARD.add()
        topic = channel.removeprefix(PREFIX)
        if topic in self.topics:
            self.on_ring(topic, int(content))

    def _ear(self, topic: str) -> Ear | None:
        """That of the node on which the topic's doorbell rings, while Redis is there."""
        return self._ears.get(self._network.node_of(PREFIX + topic)) if self._network and self._ears else None

    @contextlib.contextmanager
    def _noticing_when_redis_goes(self, doing: str) -> Iterator[None]:
        try:
            yield
        except* AWAY as failures:
            if self.is_up:
                logger.warning("Redis is away (%s): %s", doing, str(_reason(failures))[:200])
            self._lost.set()
            self._turn(False)

    def _turn(self, is_up: bool) -> None:
        if is_up != self.is_up:
            self.is_up = is_up
            if is_up:
                logger.warning("Redis is back")
            else:
                declared.BUS_LOST.add()
            self.on_change(is_up)


async def _publish(network: Network, messages: list[tuple[str, int]]) -> None:
    try:
        await network.publish(messages)
    except TimeoutError:  # Of a worker that was late itself the second attempt goes well.
        await network.publish(messages)


def _reason(failure: BaseException) -> BaseException:
    """The first of those in a group, however deep."""
    return _reason(failure.exceptions[0]) if isinstance(failure, BaseExceptionGroup) else failure
