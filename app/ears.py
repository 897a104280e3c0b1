"""Listening to Redis: one connection to each node, told apart from a dead one by its answers to pings.

What is counted is pings without an answer, not time: a worker that was late itself, on a machine that is short of
processors, finds the answers waiting for it.

A Redis is one node and has pub/sub; a Redis Cluster has many, and sharded pub/sub: a channel lives on one of them.
Which node, and which commands, is all that the two classes of network differ in.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from redis.asyncio import Redis
from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisClusterException, RedisError

PING = 0.5
"""Seconds between pings of a connection that listens."""
UNANSWERED = 3
"""Pings in a row without an answer after which Redis counts as away."""
STUCK = 1.5
"""Seconds for which what is written may wait, when Redis takes nothing any more."""
CLUSTER = ("redis+cluster://", "rediss+cluster://")
"""How the address of a node of a Redis Cluster begins."""
AWAY = (RedisError, RedisClusterException, OSError)
"""What a client raises whose Redis is away, or too late; a cluster's own errors are no RedisError."""

Hear = Callable[[str, str], None]
"""Called with a channel and what was published on it."""


def connect(url: str) -> Redis | RedisCluster | None:
    """A client that tries once and gives up soon, as everybody here does without Redis; it opens no connection yet."""
    if not url:
        return None
    options: dict[str, Any] = {
        "decode_responses": True,
        "protocol": 2,
        "socket_connect_timeout": 1.0,
        "socket_timeout": 1.0,
        "retry": Retry(NoBackoff(), 0),
    }
    if url.startswith(CLUSTER):
        return RedisCluster.from_url(url.replace("+cluster", "", 1), **options)
    return Redis.from_url(url, **options)


class Network(Protocol):
    subscribe: str
    unsubscribe: str

    async def nodes(self) -> list[Any]:
        """Where there is something to listen to, as it is now."""
        ...

    def node_of(self, channel: str) -> Any: ...

    def connection(self, node: Any) -> AbstractConnection: ...

    async def publish(self, messages: Iterable[tuple[str, int]]) -> None:
        """Publish on each channel."""
        ...


class Single:
    subscribe, unsubscribe = "SUBSCRIBE", "UNSUBSCRIBE"

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def nodes(self) -> list[str]:
        return ["redis"]

    def node_of(self, channel: str) -> str:
        return "redis"

    def connection(self, node: str) -> AbstractConnection:
        return self._redis.connection_pool.make_connection()

    async def publish(self, messages: Iterable[tuple[str, int]]) -> None:
        async with self._redis.pipeline(transaction=False) as pipe:
            for channel, content in messages:
                pipe.publish(channel, content)
            await pipe.execute()


class Cluster:
    subscribe, unsubscribe = "SSUBSCRIBE", "SUNSUBSCRIBE"

    def __init__(self, redis: RedisCluster) -> None:
        self._redis = redis

    async def nodes(self) -> list[ClusterNode]:
        await self._redis.aclose()  # What it knows of the slots may be why we are asked again.
        await self._redis.initialize()
        return self._redis.get_primaries()

    def node_of(self, channel: str) -> ClusterNode | None:
        return self._redis.get_node_from_key(channel)

    def connection(self, node: ClusterNode) -> AbstractConnection:
        return node.connection_class(**node.connection_kwargs)

    async def publish(self, messages: Iterable[tuple[str, int]]) -> None:
        published = (self._redis.execute_command("SPUBLISH", channel, content) for channel, content in messages)
        for outcome in await asyncio.gather(*published, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome


class Ear:
    """Listens on one node until it fails; `channels` may change meanwhile."""

    def __init__(self, network: Network, node: Any, hear: Hear) -> None:
        self.is_open = asyncio.Event()
        self.channels: set[str] = set()
        self._is_connected = False
        self._unanswered = 0
        self._network, self._hear = network, hear
        self._connection = network.connection(node)
        self._connection.socket_timeout = None  # How long it has been silent is judged by the pings.

    async def listen(self) -> None:
        """Raises one of AWAY when the node is away, or does not have a channel that it should."""
        try:
            await self._connection.connect()
            self._is_connected = True
            await self._send(self._network.subscribe, self.channels)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._ping())
                tasks.create_task(self._read())
        finally:
            self._is_connected = False
            with contextlib.suppress(OSError):
                await self._connection.disconnect(nowait=True)

    async def follow(self, channel: str) -> None:
        self.channels.add(channel)
        if self._is_connected:
            await self._send(self._network.subscribe, [channel])

    async def forget(self, channel: str) -> None:
        self.channels.discard(channel)
        if self._is_connected:
            await self._send(self._network.unsubscribe, [channel])

    async def _send(self, command: str, channels: Iterable[str]) -> None:
        """One command for each channel: those of a shard may be in different slots."""
        if commands := [(command, channel) for channel in channels]:
            await self._write(commands)

    async def _ping(self) -> None:
        while True:
            if self._unanswered >= UNANSWERED:
                raise ConnectionError(f"{self._unanswered} pings were not answered")
            self._unanswered += 1
            await self._write([("PING",)])
            await asyncio.sleep(PING)

    async def _write(self, commands: list[tuple[str, ...]]) -> None:
        if not self._connection.is_connected:  # redis-py would connect again by itself, with nobody to read.
            raise ConnectionError("the connection was lost")
        try:
            async with asyncio.timeout(STUCK):
                await self._connection.send_packed_command(self._connection.pack_commands(commands))
        except AttributeError as lost:  # What redis-py makes of a disconnection while it writes.
            raise ConnectionError("the connection was lost while it was written to") from lost

    async def _read(self) -> None:
        while True:
            match await self._connection.read_response():
                case ["message" | "smessage", channel, content]:
                    self._hear(channel, content)
                case ["sunsubscribe", channel, _] if channel in self.channels:
                    raise ConnectionError(f"{channel} has moved to another node")
                case ["pong", _] | "PONG":
                    self._unanswered = 0
                    self.is_open.set()
