"""Doorbells: "board 12 is at revision 40", within this process and, where there is a Redis, between processes.

The message carries no data. Lost, repeated and reordered ones are harmless: the revision decides, and live.py
asks the database every two seconds anyway. So publishing never waits and never fails the command that rings.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

PREFIX = "tandem:ring:"
RETRY = 1.0
"""Seconds between attempts to reach Redis again."""
WAITING = 10_000
"""Doorbells kept for a Redis that is away; older ones are dropped, as the database will tell."""

Ring = Callable[[str, int], None]


class Bus:
    """`on_ring(topic, revision)` is called for every doorbell of a topic that was subscribed to."""

    def __init__(self, redis: Redis | None, listening: Redis | None = None) -> None:
        """`redis` answers soon or not at all; `listening` has no time limit, as it mostly waits."""
        self.redis, self.listening = redis, listening
        self.on_ring: Ring = lambda topic, revision: None
        self.on_return: Callable[[], None] = lambda: None
        self.is_up = True
        self.topics: set[str] = set()
        self._outbox: asyncio.Queue[tuple[str, int]] = asyncio.Queue(WAITING)
        self._pubsub: PubSub | None = None

    def publish(self, news: Mapping[str, int]) -> None:
        """Ring the doorbell of each topic: here at once, elsewhere soon."""
        for topic, revision in news.items():
            if topic in self.topics:
                self.on_ring(topic, revision)
            if self.redis is not None:
                if self._outbox.full():
                    self._outbox.get_nowait()
                self._outbox.put_nowait((topic, revision))

    async def subscribe(self, *topics: str) -> bool:
        """Hear the doorbells of these topics too; whether some of them are new."""
        new = set(topics) - self.topics
        self.topics |= new
        if new and self._pubsub is not None:
            with self._tolerate("subscribe"):
                await self._pubsub.subscribe(*(PREFIX + topic for topic in new))
        return bool(new)

    async def unsubscribe(self, *topics: str) -> None:
        gone = set(topics) & self.topics
        self.topics -= gone
        if gone and self._pubsub is not None:
            with self._tolerate("unsubscribe"):
                await self._pubsub.unsubscribe(*(PREFIX + topic for topic in gone))

    async def run(self) -> None:
        """Carry doorbells to and from Redis until cancelled; without a Redis there is nothing to carry."""
        if self.listening is not None:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._send())
                tasks.create_task(self._receive(self.listening))

    async def _send(self) -> None:
        assert self.redis is not None
        while True:
            batch = [await self._outbox.get()]
            while not self._outbox.empty():
                batch.append(self._outbox.get_nowait())
            with self._tolerate("publish"):
                async with self.redis.pipeline(transaction=False) as pipe:
                    for topic, revision in batch:
                        pipe.publish(PREFIX + topic, revision)
                    await pipe.execute()

    async def _receive(self, redis: Redis) -> None:
        while True:
            with self._tolerate("listen"):
                async with redis.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await self._listen(pubsub)
            self.is_up, self._pubsub = False, None
            await asyncio.sleep(RETRY)

    async def _listen(self, pubsub: PubSub) -> None:
        await pubsub.subscribe(PREFIX)  # Connects; what is subscribed to meanwhile comes with the next line.
        self._pubsub = pubsub
        if self.topics:
            await pubsub.subscribe(*(PREFIX + topic for topic in self.topics))
        if not self.is_up:
            logger.info("Redis is back")
            self.is_up = True
            self.on_return()
        async for message in pubsub.listen():
            topic = message["channel"].removeprefix(PREFIX)
            if topic in self.topics:
                self.on_ring(topic, int(message["data"]))

    @contextlib.contextmanager
    def _tolerate(self, doing: str):
        try:
            yield
        except (RedisError, OSError) as error:
            if self.is_up:
                logger.warning("Redis is away (%s): %s", doing, str(error)[:200])
            self.is_up = False
