"""The frames under a tab: one WebSocket, as Socket.IO's client in the browser speaks on it.

A frame is an Engine.IO digit (0 open, 2 ping, 3 pong, 4 message), then for messages a Socket.IO digit (0 connect,
1 disconnect, 2 event), the namespace, a comma and JSON. Whoever hears no ping for too long gives the connection up.
"""

import asyncio
import contextlib
import json
import socket
from collections.abc import Callable, Mapping
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Origin, Subprotocol

PROTOCOL = "0.10.1"
"""The version of Reflex that the pages were built with, which the browser offers as its subprotocol."""
NAMESPACE = "/_event"
PATIENCE = 10.0
"""Seconds that a client waits for what should have happened long ago."""

Hear = Callable[[list[Any], int], None]
"""Called with the name and the arguments of every event, and the bytes of its frame."""
Stir = Callable[[int], None]
"""Called after every frame with its bytes, and with 0 when the connection has ended."""


class Gone(AssertionError):
    """The connection ended while something was awaited on it."""


class Connection:
    """Reads from the moment it is made. `is_open` once the server let the tab in."""

    def __init__(self, websocket: ClientConnection, heartbeat: float, hear: Hear, stir: Stir) -> None:
        self.is_open = False
        self.is_dismissed = False
        """The server said goodbye, after which a browser does not come back by itself."""
        self.fault: AssertionError | None = None
        self.websocket, self._heartbeat, self._hear, self._stir = websocket, heartbeat, hear, stir
        self._reads = asyncio.Event()
        self._reads.set()
        self._given_up: asyncio.TimerHandle | None = None
        self._listen_for_a_ping()
        self._reader = asyncio.create_task(self._read())

    @property
    def stands(self) -> bool:
        return not self._reader.done()

    async def ended(self) -> None:
        await asyncio.wait([self._reader])

    def how_it_ended(self) -> str:
        return f"{self.websocket.close_code} {self.websocket.close_reason or ''}"

    async def emit(self, event: dict[str, Any]) -> None:
        """Send an event of Reflex's; Gone when the connection has ended."""
        try:
            await self.websocket.send(f"42{NAMESPACE},{json.dumps(['event', event])}")
        except ConnectionClosed as closed:
            self._abort()
            await self.ended()  # Whoever is told that it is gone may connect again at once.
            raise Gone(f"The connection had ended ({closed}) before {event['name']} was sent.") from None

    def stop_reading(self) -> None:
        """Take nothing from the network any more, as a tab that hangs: what is sent to it piles up."""
        self._reads.clear()
        self._stop_listening()
        self.websocket.transport.pause_reading()
        # Little room in the kernel, so that the server soon has to keep what is sent.
        self.websocket.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)

    def read_on(self) -> None:
        if not self.websocket.transport.is_closing():
            self.websocket.transport.resume_reading()
            self._listen_for_a_ping()
        self._reads.set()

    async def close(self) -> None:
        """Leave as a closed tab does: say so, then close."""
        self.read_on()
        with contextlib.suppress(ConnectionClosed):
            await self.websocket.send(f"41{NAMESPACE},")
        await self.websocket.close()
        await self.ended()

    async def drop(self) -> None:
        """Lose it without a word, as when a laptop is shut."""
        self._abort()
        await self.ended()

    def _abort(self) -> None:
        self.websocket.transport.abort()
        self._reads.set()

    async def _read(self) -> None:
        try:
            async for frame in self.websocket:
                await self._reads.wait()
                text = frame if isinstance(frame, str) else frame.decode()
                size = len(text) if text.isascii() else len(text.encode())
                await self._take(text, size)
                self._stir(size)
        except WebSocketException:
            pass
        finally:
            self._stop_listening()
            self._stir(0)

    async def _take(self, text: str, size: int) -> None:
        if text == "2":
            self._listen_for_a_ping()
            await self.websocket.send("3")
        elif text.startswith(f"42{NAMESPACE},"):
            self._hear(json.loads(text[len(NAMESPACE) + 3 :]), size)
        elif text.startswith(f"40{NAMESPACE},"):
            self.is_open = True
        elif text.startswith(f"41{NAMESPACE},"):
            self.is_dismissed = True
        else:
            self.fault = self.fault or AssertionError(f"An unexpected frame: {text[:200]}")

    def _listen_for_a_ping(self) -> None:
        self._stop_listening()
        self._given_up = asyncio.get_running_loop().call_later(self._heartbeat, self._abort)

    def _stop_listening(self) -> None:
        if self._given_up is not None:
            self._given_up.cancel()


async def dial(url: str, token: str, cookie: str, headers: Mapping[str, str] | None = None) -> ClientConnection:
    """The WebSocket of a tab."""
    return await connect(
        f"{url.replace('http', 'ws', 1)}{NAMESPACE}/?token={token}&EIO=4&transport=websocket",
        origin=Origin(url),
        additional_headers={"Cookie": cookie} | dict(headers or {}) if cookie else headers or {},
        subprotocols=[Subprotocol(PROTOCOL)],
        compression=None,
        ping_interval=None,
        max_size=None,
        open_timeout=PATIENCE,
        close_timeout=1,
        proxy=None,
    )


async def greet(websocket: ClientConnection, first: dict[str, Any], hear: Hear, stir: Stir) -> Connection:
    """Begin to speak, with the event in hand that starts the page; Gone when the other side does not."""
    try:
        async with asyncio.timeout(PATIENCE):
            opened = str(await websocket.recv())
            assert opened.startswith("0{"), f"Engine.IO did not open: {opened[:100]}"
            agreed = json.loads(opened[1:])
            await websocket.send(f"40{NAMESPACE},{json.dumps({'event': first})}")
    except BaseException as error:
        websocket.transport.abort()
        if isinstance(error, OSError | WebSocketException):
            raise Gone(f"No connection: {error}") from None
        raise
    return Connection(websocket, (agreed["pingInterval"] + agreed["pingTimeout"]) / 1000, hear, stir)
