"""A WebSocket as uvicorn serves it, with a way out of its own for what many tabs are sent.

A server's frame is the same bytes for everyone, so web/wire.py makes it once; `push` writes it right into the
connection, past the queues, tasks and copies that an ASGI server and Engine.IO need for each message and tab. What a
tab does not read waits here, not copied: past MOST_PACKETS or MOST_BYTES the tab is cut off.
`tests/live/test_sockets.py` holds what this relies on in uvicorn.
"""

import logging
from collections import deque
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from app.figures.declared import CUT

logger = logging.getLogger(__name__)

MOST_PACKETS = 256
MOST_BYTES = 1024 * 1024


class WebSocket(WebSocketsSansIOProtocol):
    """uvicorn's "websockets-sansio", less that it keeps a connection open whose handshake it could not read.

    A connection that ends without a close frame has code 1006, as RFC 6455 has it, not 1005: it was lost, not closed.
    The scope has `tandem.push`, which takes whole frames.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._waiting: deque[bytes] = deque()
        self._bytes = 0

    def push(self, frame: bytes) -> None:
        """Send a frame, now or as soon as the tab has read what came before."""
        if self.close_sent or self.transport.is_closing():
            return
        if self.writable.is_set() and not self._waiting:
            self.transport.write(frame)
        elif len(self._waiting) < MOST_PACKETS and self._bytes + len(frame) <= MOST_BYTES:
            self._waiting.append(frame)
            self._bytes += len(frame)
        else:
            CUT.add("not-reading")
            logger.warning("A tab does not read, with %s packets waiting for it: it is cut off", len(self._waiting))
            self.transport.abort()

    def resume_writing(self) -> None:
        super().resume_writing()
        while self._waiting and self.writable.is_set():  # Writing much clears it.
            frame = self._waiting.popleft()
            self._bytes -= len(frame)
            self.transport.write(frame)

    def send_receive_event_to_app(self) -> None:
        """What is not UTF-8 is handed on as bytes, which the gate refuses: uvicorn would fail on it."""
        if self.curr_msg_data_type == "text":
            try:
                b"".join(self.frames).decode()
            except UnicodeDecodeError:
                self.curr_msg_data_type = "bytes"
        super().send_receive_event_to_app()

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.close_sent:
            cast(dict[str, Any], self.scope)["tandem.push"] = self.push

    def connection_lost(self, exc: Exception | None) -> None:
        if self.handshake_complete and self.conn.close_rcvd is None:
            self.queue.put_nowait({"type": "websocket.disconnect", "code": 1006})  # The first that is read counts.
        super().connection_lost(exc)
        self._waiting.clear()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self.transport.close()
