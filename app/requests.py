"""HTTP as uvicorn serves it, less that it waits for ever: for the head of a request, for the rest of its body.

Whoever opens a connection and says little would otherwise keep it, and a file descriptor of the worker, for good.
"""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD, SILENCE = 10.0, 15.0
"""Seconds for the head of a request, from its first byte or that of the connection; and between parts of its body."""


class HTTP(H11Protocol):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # As uvicorn does.
        super().connection_made(transport)
        self._wait(HEAD)

    def data_received(self, data: bytes) -> None:
        was_idle = self.conn.their_state is h11.IDLE
        super().data_received(data)
        if self.transport.get_protocol() is not self:
            self._wait_no_more()  # It is a WebSocket now.
        elif self.conn.their_state is h11.SEND_BODY:
            self._wait(SILENCE)
        elif self.conn.their_state is not h11.IDLE:
            self._wait_no_more()
        elif not was_idle or self._deadline is None:
            self._wait(HEAD)

    def send_400_response(self, msg: str) -> None:
        """Also to a request that was well-formed at first, and whose answer may have begun."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:
            self.transport.close()

    def on_response_complete(self) -> None:
        if self.conn.their_state is not h11.SEND_BODY:  # An answer may come before all that was asked.
            self._wait_no_more()  # Until the next request begins, uvicorn's own time for idle connections runs.
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait(self, seconds: float) -> None:
        self._wait_no_more()
        self._deadline = self.loop.call_later(seconds, self.transport.close)

    def _wait_no_more(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
