"""A tab that costs next to nothing: its WebSocket is read by hand, its frames are kept and not understood.

Hundreds of them share a process, and the two cores with the server that is measured. What a frame says is looked for
with four searches (Freshness.revision, Session.worker, State.is_hydrated, a board's header); a board is put together
from the frames only when somebody asks for it. tests/live/client.py tells the protocol.
"""

import asyncio
import base64
import json
import os
import re
import time
import uuid
from typing import Any
from urllib.parse import urlsplit

from tests.live.client import FIELD, NAMESPACE, PROTOCOL, ROOT, Client, Store

TEXT, CLOSE = 0x1, 0x8
EVENT = f"42{NAMESPACE},".encode()
REVISION = re.compile(rb'"revision_rx_state_":\s*(\d+)')
WORKER = re.compile(rb'"worker_rx_state_":\s*"([^"]+)"')
HYDRATED = re.compile(rb'"is_hydrated_rx_state_":\s*true')
HEADER = b"store____header"


class Tab(asyncio.Protocol):
    """One tab of whoever has this Cookie header, on `path`. Times are those of the machine's monotonic clock."""

    def __init__(self, url: str, path: str, cookie: str) -> None:
        self.url, self.path, self.cookie = url, path, cookie
        self.token = str(uuid.uuid4())
        self.needs_board = path.startswith("/b/")
        self.is_wanted = False
        self._begin()

    def _begin(self) -> None:
        self.frames: list[bytes] = []
        self.revisions: list[tuple[int, float]] = []
        self.received = 0
        self.worker = ""
        self.is_right: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        """When the page was drawn: its state is there and, on a board, so is the board."""
        self._buffer = bytearray()
        self._is_open = self._has_header = self._is_hydrated = False

    async def connect(self) -> None:
        """Connect with nothing in hand but the token, as the page of a tab does that lost its connection."""
        self._begin()
        self.is_wanted = True
        address = urlsplit(self.url)
        await asyncio.get_running_loop().create_connection(lambda: self, address.hostname, address.port)

    def cut(self) -> None:
        """Lose the connection without a word."""
        self.is_wanted = False
        self._transport.abort()

    @property
    def board(self) -> dict[str, Any]:
        """What the frames of this connection come to, merged as the browser does."""
        store: Store = {}
        for frame in self.frames:
            name, content, *_ = json.loads(frame[len(EVENT) :])
            for substate, values in ((content.get("delta") or {}) if name == "event" else {}).items():
                place = store.setdefault(substate.rpartition("____")[2], {})
                place.update((key.removesuffix(FIELD), value) for key, value in values.items())
        client = Client(self.url)
        client.store = store
        return client.board

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # TCP's can write.
        self._transport = transport
        address = urlsplit(self.url)
        lines = [
            f"GET {NAMESPACE}/?token={self.token}&EIO=4&transport=websocket HTTP/1.1",
            f"Host: {address.netloc}",
            f"Origin: {self.url}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            f"Sec-WebSocket-Protocol: {PROTOCOL}",
            *([f"Cookie: {self.cookie}"] if self.cookie else []),
        ]
        transport.write("\r\n".join([*lines, "", ""]).encode())

    def connection_lost(self, error: Exception | None) -> None:
        if self.is_wanted and not self.is_right.done():
            self.is_right.set_exception(AssertionError(f"The server ended the connection: {error}"))

    @property
    def is_connected(self) -> bool:
        return self.is_wanted and not self._transport.is_closing()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._is_open:
            head, mark, rest = bytes(self._buffer).partition(b"\r\n\r\n")
            if not mark:
                return
            assert head.startswith(b"HTTP/1.1 101"), f"The server refused the socket: {head[:200]!r}"
            self._is_open, self._buffer = True, bytearray(rest)
        while (frame := self._next_frame()) is not None:
            self._take(*frame)

    def _next_frame(self) -> tuple[int, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        size, start = buffer[1] & 0x7F, 2
        if size > 125:
            start = 4 if size == 126 else 10
            size = int.from_bytes(buffer[2:start], "big")
        if len(buffer) < start + size:
            return None
        frame = buffer[0], bytes(buffer[start : start + size])
        assert frame[0] & 0x80, "A frame came in parts, which this does not read."
        del buffer[: start + size]
        return frame

    def _take(self, first: int, frame: bytes) -> None:
        if first & 0x0F != TEXT:
            assert first & 0x0F == CLOSE, f"A frame of kind {first & 0x0F}, which this does not read."
            self._transport.close()
            return
        self.received += len(frame)
        if frame.startswith(EVENT):
            self._look(frame)
        elif frame == b"2":
            self._send(b"3")
        elif frame.startswith(b"0{"):
            event = {"name": f"{ROOT}.hydrate_and_load", "router_data": self._router_data()}
            self._send(f"40{NAMESPACE},{json.dumps({'event': event})}".encode())

    def _look(self, frame: bytes) -> None:
        self.frames.append(frame)
        if found := REVISION.search(frame):
            self.revisions.append((int(found[1]), time.monotonic()))
        if self.is_right.done():
            return
        self._has_header = self._has_header or HEADER in frame
        self._is_hydrated = self._is_hydrated or HYDRATED.search(frame) is not None
        if found := WORKER.search(frame):
            self.worker = found[1].decode()
        if self._is_hydrated and (self._has_header or not self.needs_board):
            self.is_right.set_result(time.monotonic())

    def _send(self, text: bytes) -> None:
        """Masked, as a browser must, with a mask that changes nothing."""
        size = len(text)
        head = bytes([0x81, 0x80 | size]) if size < 126 else bytes([0x81, 0xFE]) + size.to_bytes(2, "big")
        self._transport.write(head + b"\0\0\0\0" + text)

    def _router_data(self) -> dict[str, Any]:
        query = {"board": self.path.removeprefix("/b/")} if self.needs_board else {}
        return {"pathname": self.path, "asPath": self.path, "query": query}
