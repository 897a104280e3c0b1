"""A WebSocket client that costs next to nothing: a socket, a handshake by hand, frames cut out of what `recv` gives.

Hundreds of viewers share two cores with the servers that are measured, so reading for them has no event loop, no
masking (the mask is zeros) and no compression; it is the same for every variant.
"""

import base64
import os
import socket
import struct

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
CHUNK = 1 << 18
PATIENCE = 20.0
"""Seconds for what should have happened long ago."""


class Gone(AssertionError):
    """The other side ended a connection that should have stood."""


class Tab:
    """One connection; `connection` is open already, so that its worker can be chosen before anything is said."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(PATIENCE)  # A tab that does not open is to be heard of.
        self.connection = connection
        self.received = 0
        """Bytes of messages."""
        self._rest = b""

    def fileno(self) -> int:
        return self.connection.fileno()

    def upgrade(self, path: str, headers: dict[str, str]) -> None:
        """Turn the connection into a WebSocket."""
        host, port = self.connection.getpeername()[:2]
        lines = {
            "Host": f"{host}:{port}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Sec-WebSocket-Version": "13",
            **headers,
        }
        request = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self.connection.sendall(f"GET {path} HTTP/1.1\r\n{request}\r\n".encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._read()
        head, _, self._rest = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101"), f"{path} answered {head[:200]!r}"

    def send(self, text: str) -> None:
        self._write(TEXT, text.encode())

    def receive(self) -> list[bytes]:
        """Wait for something, and give the messages that are whole with it."""
        return self.whole(self._read())

    def whole(self, more: bytes = b"") -> list[bytes]:
        """The messages that are complete with these bytes; the rest is kept."""
        data = self._rest + more if self._rest else more
        messages, at, end = [], 0, len(data)
        while end - at >= 2:
            first, size = data[at], data[at + 1]
            start = at + 2
            if size == 126:
                start += 2
                size = int.from_bytes(data[at + 2 : start]) if end >= start else end
            elif size == 127:
                start += 8
                size = int.from_bytes(data[at + 2 : start]) if end >= start else end
            if start + size > end:
                break
            if first & 0x0F == CLOSE:
                raise Gone(f"Closed by the server: {data[start : start + size]!r}")
            assert first & 0x80, "A message in pieces, which none of these servers sends."
            at = start + size
            if first & 0x0F == PING:
                self._write(PONG, data[start:at])
                continue
            messages.append(data[start:at])
            self.received += size
        self._rest = data[at:]
        return messages

    def _read(self) -> bytes:
        data = self.connection.recv(CHUNK)
        if not data:
            raise Gone("The server closed the connection.")
        return data

    def _write(self, kind: int, payload: bytes) -> None:
        size = len(payload)
        assert size < 1 << 16
        long = struct.pack("!BH", 0x80 | 126, size) if size > 125 else struct.pack("!B", 0x80 | size)
        self.connection.sendall(bytes([0x80 | kind]) + long + b"\0\0\0\0" + payload)
