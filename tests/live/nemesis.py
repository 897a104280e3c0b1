"""What goes wrong: workers die, Redis is away or forgets, PostgreSQL starts again, the network cuts and falls silent.

`plan` rolls which and when, the same for the same seed; `heal` brings everything back that a fault took away.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from random import Random

from tests.live.client import Client
from tests.live.proxy import Proxy
from tests.support.cluster import RedisCluster
from tests.support.server import Server
from tests.support.services import PostgreSQL, RedisServer

EVERY = 10.0
"""Seconds from one fault to the next."""
LONGEST = 8.0
"""Seconds that a fault lasts at most, so that the next one finds everything in its place."""
PATIENCE = 60.0
"""Seconds that workers may take to be back, on a machine that is busy with other things."""

FAULTS = (
    "kill_worker",
    "kill_every_worker",
    "freeze_worker",
    "stop_redis",
    "kill_redis",
    "pause_redis",
    "flush_redis",
    "drop_doorbells",
    "restart_postgresql",
    "cut_clients",
    "silence_clients",
    "slow_clients",
    "hang_clients",
)


def plan(dice: Random, seconds: float, worker_kills: int = 0) -> list[tuple[float, str]]:
    """When what goes wrong; `worker_kills` at least, and no kind twice before all others had their turn."""
    count = int(seconds // EVERY)
    faults = ["kill_worker"] * min(worker_kills, count)
    while len(faults) < count:
        faults += dice.sample(FAULTS, min(len(FAULTS), count - len(faults)))
    dice.shuffle(faults)
    return [(EVERY * (number + 0.2), fault) for number, fault in enumerate(faults)]


class Nemesis:
    def __init__(
        self,
        servers: Sequence[Server],
        redis: RedisServer | RedisCluster,
        postgresql: PostgreSQL,
        networks: Sequence[Proxy],
        clients: Sequence[Client],
        dice: Random,
    ) -> None:
        self.happened: list[str] = []
        self._servers, self._postgresql, self._networks, self._clients = servers, postgresql, networks, clients
        self._nodes = redis.nodes if isinstance(redis, RedisCluster) else [redis]
        self._redis, self._dice = redis, dice

    async def carry_out(self, planned: Sequence[tuple[float, str]], seconds: float) -> None:
        """Do what is planned, then wait until so many seconds are over."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        for at, name in planned:
            await asyncio.sleep(max(0.0, started + at - loop.time()))
            await self.strike(name)
        await asyncio.sleep(max(0.0, started + seconds - loop.time()))

    async def strike(self, name: str) -> None:
        """One fault, from its beginning to its end."""
        self.happened.append(name)
        fault: Callable[[], Awaitable[None]] = getattr(self, f"_{name}")
        await fault()

    async def heal(self) -> None:
        """Everything answers, everybody reads."""
        for network in self._networks:
            network.silence(False)
            network.refuse(False)
            network.delay = 0.0
        for client in self._clients:
            client.read_on()
        for node in self._nodes:
            node.resume()
            if not node.is_running:
                await asyncio.to_thread(node.start)
        if isinstance(self._redis, RedisCluster):
            await asyncio.to_thread(self._redis.wait_until_ready)
        await self.workers_are_back()

    async def workers_are_back(self) -> None:
        """Wait until each program has as many workers as it should, and they have looked up."""
        async with asyncio.timeout(PATIENCE):
            while any(len(server.workers) < server.worker_count for server in self._servers):  # noqa: ASYNC110 - no signal
                await asyncio.sleep(0.05)

    async def everybody_is_back(self) -> None:
        """Wait until every tab is connected and has its page."""
        async with asyncio.timeout(PATIENCE):
            for client in self._clients:
                await client.until(lambda _, client=client: client.is_drawn, "everybody is back", PATIENCE)

    async def _kill_worker(self) -> None:
        server = self._dice.choice(self._servers)
        self._kill(self._dice.choice(server.workers))

    async def _kill_every_worker(self) -> None:
        for server in self._servers:
            for pid in server.workers:
                self._kill(pid)

    @staticmethod
    def _kill(pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):  # It ended by itself meanwhile.
            os.kill(pid, signal.SIGKILL)

    async def _freeze_worker(self) -> None:
        """It holds what it has locked, and says nothing, but not for so long that it is replaced."""
        pid = self._dice.choice(self._dice.choice(self._servers).workers)
        os.kill(pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(self._a_while())
        finally:
            os.kill(pid, signal.SIGCONT)

    async def _stop_redis(self) -> None:
        node = self._dice.choice(self._nodes)
        await asyncio.to_thread(node.stop)
        await asyncio.sleep(self._a_while())
        await asyncio.to_thread(node.start)

    async def _kill_redis(self) -> None:
        for node in self._nodes:
            node.kill()
        for node in self._nodes:
            await asyncio.to_thread(node.start)

    async def _pause_redis(self) -> None:
        node = self._dice.choice(self._nodes)
        node.pause()
        await asyncio.sleep(self._a_while())
        node.resume()

    async def _flush_redis(self) -> None:
        for node in self._nodes:
            await asyncio.to_thread(node.flush)

    async def _drop_doorbells(self) -> None:
        """Whoever subscribes again is cut again, for a while."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self._a_while()
        while loop.time() < end:
            for node in self._nodes:
                await asyncio.to_thread(node.drop_listeners)
            await asyncio.sleep(0.3)

    async def _restart_postgresql(self) -> None:
        await asyncio.to_thread(self._postgresql.restart_immediately)

    async def _cut_clients(self) -> None:
        """Some at once, some of them refused for a moment when they come back."""
        network = self._dice.choice(self._networks)
        network.refuse(self._dice.random() < 0.5)
        network.cut()
        await asyncio.sleep(self._dice.uniform(0.1, 2.0))
        network.refuse(False)

    async def _silence_clients(self) -> None:
        network = self._dice.choice(self._networks)
        network.silence()
        await asyncio.sleep(self._a_while())
        if self._dice.random() < 0.5:
            network.cut()
        network.silence(False)

    async def _slow_clients(self) -> None:
        network = self._dice.choice(self._networks)
        network.delay = self._dice.uniform(0.1, 1.0)
        await asyncio.sleep(self._a_while())
        network.delay = 0.0

    async def _hang_clients(self) -> None:
        hanging = [client for client in self._dice.sample(list(self._clients), 4) if client.is_connected]
        for client in hanging:
            client.stop_reading()
        await asyncio.sleep(self._a_while())
        for client in hanging:
            client.read_on()

    def _a_while(self) -> float:
        return self._dice.uniform(2.0, LONGEST - 1.0)
