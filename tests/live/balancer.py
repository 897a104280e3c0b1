"""A load balancer in front of several instances, as dumb as they come: it passes on TCP and knows no HTTP.

Each connection goes to the next target; one that refuses is skipped. There is no stickiness and no health check.
"""

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit


class Balancer:
    """`targets` are the addresses of the instances, and may be changed at any time."""

    def __init__(self) -> None:
        self.targets: list[str] = []
        self.turned_away = 0
        """Connections for which no target was found."""
        self._next = 0
        self._server: asyncio.Server | None = None
        self._standing: dict[asyncio.Task[None], set[asyncio.StreamWriter]] = {}

    async def __aenter__(self) -> "Balancer":
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0, backlog=1000)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for writer in set().union(*self._standing.values()):
            writer.transport.abort()
        if self._standing:
            await asyncio.wait(self._standing)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await self._dial()
        except OSError:
            self.turned_away += 1
            writer.transport.abort()
            return
        task, pair = asyncio.current_task(), {writer, far_writer}
        assert task is not None
        self._standing[task] = pair
        try:
            await asyncio.gather(_carry(reader, far_writer), _carry(far_reader, writer))
        finally:
            del self._standing[task]
            for one in pair:
                one.close()

    async def _dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to the next target that takes one."""
        first, targets = self._next, self.targets
        self._next += 1
        for place in range(first, first + len(targets)):
            target = urlsplit(targets[place % len(targets)])
            with suppress(OSError):
                return await asyncio.open_connection(target.hostname, target.port)
        raise ConnectionRefusedError


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One direction, until its end; an end passes on as an end."""
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    with suppress(OSError):
        if writer.can_write_eof():
            writer.write_eof()
