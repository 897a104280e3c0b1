"""The network between a tab and the server, to be cut, closed, silenced or slowed down.

A connection to `url` is passed on to the target. The switches work on connections that stand and on new ones alike.
"""

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit


class Proxy:
    """`delay` is in seconds for each direction; while `is_silent`, nothing passes and nothing is closed (half-open)."""

    def __init__(self, target: str) -> None:
        self._host, self._port = urlsplit(target).hostname, urlsplit(target).port
        self.delay = 0.0
        self._refuses = False
        self._speaks = asyncio.Event()
        self._speaks.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        await self._server.wait_closed()

    @property
    def connections(self) -> int:
        """How many stand now."""
        return len(self._writers) // 2

    def cut(self) -> None:
        """Break every connection, as when a cable is pulled and both ends are told."""
        for writer in self._writers:
            writer.transport.abort()
        self._speaks.set()

    def refuse(self, refuses: bool = True) -> None:
        """End every new connection at once; those that stand go on."""
        self._refuses = refuses

    @property
    def is_silent(self) -> bool:
        return not self._speaks.is_set()

    def silence(self, is_silent: bool = True) -> None:
        """Let nothing through and close nothing, as when a peer vanishes; what was held back passes afterwards."""
        if is_silent:
            self._speaks.clear()
        else:
            self._speaks.set()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._refuses:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(self._host, self._port)
        except OSError:
            writer.transport.abort()
            return
        pair = {writer, far_writer}
        self._writers |= pair
        try:
            await asyncio.gather(self._carry(reader, far_writer), self._carry(far_reader, writer))
        finally:
            self._writers -= pair

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One direction. Delayed data keeps its order, and later data does not wait behind the delay of earlier."""
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        out = asyncio.create_task(self._write(queue, writer))
        with suppress(OSError):
            while data := await reader.read(65536):
                queue.put_nowait((asyncio.get_running_loop().time() + self.delay, data))
        queue.put_nowait((0.0, b""))
        await out

    async def _write(self, queue: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while True:
                due, data = await queue.get()
                if (wait := due - asyncio.get_running_loop().time()) > 0:
                    await asyncio.sleep(wait)
                await self._speaks.wait()
                if not data:
                    break
                writer.write(data)
                await writer.drain()
        writer.close()
