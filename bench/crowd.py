"""Viewers in a process of their own, so that reading for them does not slow down the tab that is measured.

`python -m bench.crowd <url> <path> <cookie> <worker>...` opens a tab on each worker named and says "ready"; for each
line with a revision it waits until all tabs have it and prints, as JSON, the digest of each tab's board.
"""

import asyncio
import hashlib
import json
import sys
from collections.abc import Sequence

from tests.live.client import Client


def digest(board: object) -> str:
    return hashlib.sha256(json.dumps(board, sort_keys=True).encode()).hexdigest()


class Crowd:
    """The other end of it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin and process.stdout
        self._process, self._stdin, self._stdout = process, process.stdin, process.stdout

    @classmethod
    async def gather(cls, url: str, path: str, cookie: str, workers: Sequence[str]) -> "Crowd":
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.crowd", url, path, cookie, *workers, stdin=pipe, stdout=pipe
        )
        crowd = cls(process)
        assert await crowd._stdout.readline() == b"ready\n"
        return crowd

    async def digests(self, revision: int) -> list[str]:
        """Of the boards that they hold once they have this revision."""
        self._stdin.write(f"{revision}\n".encode())
        return json.loads(await self._stdout.readline())

    async def leave(self) -> None:
        self._stdin.close()
        await self._process.wait()


async def main(url: str, path: str, cookie: str, *workers: str) -> None:
    tabs = [await Client(url, cookie).open(path, on=worker) for worker in workers]
    print("ready", flush=True)
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        revision = int(line)
        for tab in tabs:
            await tab.until(lambda _, tab=tab, wanted=revision: tab.revisions[-1] >= wanted, f"revision {revision}")
        print(json.dumps([digest(tab.board) for tab in tabs]), flush=True)
    await asyncio.gather(*(tab.close() for tab in tabs))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
