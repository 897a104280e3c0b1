"""Hundreds of tabs on one page, in a process of their own, and what one asks of them.

`python -m bench.audience <url> <path>` takes orders as lines of JSON, `["open", [cookie, …], at_once]`, and answers
each with a line. Times are those of the machine's monotonic clock, which all its processes share.
"""

import asyncio
import hashlib
import json
import math
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from bench.raw import Tab

AT_A_TIME = 8
"""Tabs that open together when they need not all open at once."""
PATIENCE = 30.0
"""Seconds after which a tab that is not right will never be."""
LONGEST_ANSWER = 2**26


def digest(board: object) -> str:
    return hashlib.sha256(json.dumps(board, sort_keys=True).encode()).hexdigest()


class Audience:
    """The asking end. It ends with the block: `async with Audience(url, path) as crowd`."""

    def __init__(self, url: str, path: str) -> None:
        self._arguments = [sys.executable, "-m", "bench.audience", url, path]

    async def __aenter__(self) -> "Audience":
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(
            *self._arguments, stdin=pipe, stdout=pipe, limit=LONGEST_ANSWER
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        await self._process.wait()

    @property
    def pid(self) -> int:
        return self._process.pid

    async def open(self, cookies: Sequence[str]) -> None:
        """One more tab for each Cookie header, a few at a time."""
        assert math.inf not in await self._ask("open", cookies, False), "Some tabs are never right."

    async def rush(self, cookies: Sequence[str]) -> list[float]:
        """The same, all at once; seconds until each was right, infinity for one that never was."""
        return await self._ask("open", cookies, True)

    async def reconnect(self) -> list[float]:
        """Cut all of them and connect all of them, at once; seconds until each was right again."""
        return await self._ask("reconnect")

    async def try_again(self) -> None:
        """Load the page again in the tabs that are not right."""
        await self._ask("try_again")

    async def cut(self) -> None:
        await self._ask("cut")

    async def workers(self) -> dict[str, int]:
        """How many tabs each worker serves."""
        return await self._ask("workers")

    async def until(self, revision: int) -> None:
        """Wait until all of them have this revision of the board."""
        await self._ask("until", revision)

    async def arrivals(self, after: int) -> list[list[tuple[int, float]]]:
        """For each tab, when it came to have which revision, of those that are newer than `after`."""
        return await self._ask("arrivals", after)

    async def digests(self) -> set[str]:
        """Of the boards that they hold."""
        return set(await self._ask("digests"))

    async def _ask(self, order: str, *arguments: Any) -> Any:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps([order, *arguments]).encode() + b"\n")
        answer = await self._process.stdout.readline()
        assert answer, f"The audience ended while it was asked to {order}."
        return json.loads(answer)


class Tabs:
    """The end that does it."""

    def __init__(self, url: str, path: str) -> None:
        self.url, self.path = url, path
        self.all: list[Tab] = []

    async def open(self, cookies: list[str], at_once: bool) -> list[float]:
        fresh = [Tab(self.url, self.path, cookie) for cookie in cookies]
        self.all += fresh
        return await _connect(fresh, len(fresh) if at_once else AT_A_TIME)

    async def reconnect(self) -> list[float]:
        await self.cut()
        return await _connect(self.all, len(self.all))

    async def try_again(self) -> None:
        wrong = [tab for tab in self.all if not tab.is_right.done()]
        for tab in wrong:
            tab.cut()
        lasts = await _connect(wrong, AT_A_TIME)
        assert math.inf not in lasts, "Some tabs are never right."

    async def cut(self) -> None:
        for tab in self.all:
            tab.cut()

    async def workers(self) -> dict[str, int]:
        return Counter(tab.worker for tab in self.all)

    async def until(self, revision: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while behind := [tab for tab in self.all if not tab.revisions or tab.revisions[-1][0] < revision]:
            assert time.monotonic() < deadline, f"{len(behind)} tabs never got revision {revision}."
            await asyncio.sleep(0.01)

    async def arrivals(self, after: int) -> list[list[tuple[int, float]]]:
        return [[noted for noted in tab.revisions if noted[0] > after] for tab in self.all]

    async def digests(self) -> list[str]:
        assert all(tab.is_connected for tab in self.all), "Somebody has lost the connection."
        return [digest(tab.board) for tab in self.all]


async def _connect(tabs: list[Tab], at_a_time: int) -> list[float]:
    turns = asyncio.Semaphore(at_a_time)
    started = time.monotonic()

    async def connect(tab: Tab) -> float:
        async with turns:
            await tab.connect()
            done, _ = await asyncio.wait([tab.is_right], timeout=PATIENCE)
            return tab.is_right.result() - started if done else math.inf

    return await asyncio.gather(*map(connect, tabs))


async def main(url: str, path: str) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    tabs = Tabs(url, path)
    lines = asyncio.StreamReader(limit=LONGEST_ANSWER)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        order, *arguments = json.loads(line)
        print(json.dumps(await getattr(tabs, order)(*arguments)), flush=True)
    await tabs.cut()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
