"""How long the program takes to answer meanwhile, asked from a thread of its own: by HTTP, and by a ping over a socket.

A ping over a tab's socket needs nothing but that loop: no database, no Redis, no thread. So what a ping waits is what
everything else in that worker waits too.
"""

import asyncio
import contextlib
import http.client
import threading
import time
from collections.abc import AsyncIterator
from typing import Any

from tests.live.client import Client
from tests.live.connection import NAMESPACE

EVERY = 0.02
"""Seconds between two pings."""


class PingingClient(Client):
    """A tab that also asks for an echo, with Reflex's own `ping`."""

    def __init__(self, url: str, cookie: str) -> None:
        super().__init__(url, cookie)
        self._echo = asyncio.Event()

    async def ping(self) -> float:
        """Seconds until the echo."""
        assert self._connection is not None
        self._echo.clear()
        started = time.monotonic()
        await self._connection.websocket.send(f'42{NAMESPACE},["ping"]')
        await asyncio.wait_for(self._echo.wait(), 30)
        return time.monotonic() - started

    def _take(self, message: list[Any], size: int) -> None:
        if message[0] == "ping":
            self._echo.set()
        else:
            super()._take(message, size)


class Pulse(threading.Thread):
    """`waits` are the seconds of every ping, by worker."""

    def __init__(self, url: str, cookie: str, workers: int) -> None:
        super().__init__(daemon=True)
        self._url, self._cookie, self._workers = url, cookie, workers
        self.waits: dict[int, list[float]] = {}
        self.is_felt, self.ends = threading.Event(), threading.Event()

    @property
    def longest(self) -> float:
        return max(max(waits) for waits in self.waits.values())

    def run(self) -> None:
        asyncio.run(self._feel())

    async def _feel(self) -> None:
        tabs: list[PingingClient] = []
        while len(tabs) < self._workers:
            tab = PingingClient(self._url, self._cookie)
            await tab.open("/", not_on=tabs[-1].worker if tabs else "")
            self.waits[tab.worker_pid] = []
            tabs.append(tab)
        self.is_felt.set()
        await asyncio.gather(*(self._feel_one(tab) for tab in tabs))

    async def _feel_one(self, tab: PingingClient) -> None:
        while not self.ends.is_set():
            self.waits[tab.worker_pid].append(await tab.ping())
            await asyncio.sleep(EVERY)
        await tab.close()


@contextlib.asynccontextmanager
async def feeling_the_pulse(url: str, cookie: str, workers: int = 2) -> AsyncIterator[Pulse]:
    pulse = Pulse(url, cookie, workers)
    pulse.start()
    assert await asyncio.to_thread(pulse.is_felt.wait, 60), "The pulse was never felt."
    try:
        yield pulse
    finally:
        pulse.ends.set()
        await asyncio.to_thread(pulse.join, 30)
    assert len(pulse.waits) == workers
    assert all(pulse.waits.values()), "Every worker answered."


class Probes(threading.Thread):
    """Asks for a page every 20 ms over a new connection, one after the other, from a thread of its own."""

    def __init__(self, url: str, path: str = "/health/live", cookie: str = "", patience: float = 10.0) -> None:
        super().__init__(daemon=True)
        self._host, self._path, self._patience = url.removeprefix("http://"), path, patience
        self._headers = {"Cookie": cookie} if cookie else {}
        self._ends = threading.Event()
        self.waits: list[float] = []
        """Seconds until each answer of status 200."""
        self.failures: list[tuple[float, str]] = []
        """When, by time.monotonic(), and why there was none."""

    def run(self) -> None:
        while not self._ends.wait(0.02):
            started = time.monotonic()
            connection = http.client.HTTPConnection(self._host, timeout=self._patience)
            try:
                connection.request("GET", self._path, headers=self._headers)
                answer = connection.getresponse()
                answer.read()
                assert answer.status == 200, f"status {answer.status}"
                self.waits.append(time.monotonic() - started)
            except (OSError, http.client.HTTPException, AssertionError) as error:
                self.failures.append((started, f"{type(error).__name__}: {error}"))
            finally:
                connection.close()


@contextlib.asynccontextmanager
async def probing(url: str, path: str = "/health/live", cookie: str = "") -> AsyncIterator[Probes]:
    probes = Probes(url, path, cookie)
    probes.start()
    try:
        yield probes
    finally:
        probes._ends.set()
        await asyncio.to_thread(probes.join)
