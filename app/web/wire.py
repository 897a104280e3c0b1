"""How a patch leaves the server: everything here that relies on the inside of Reflex's event namespace.

A packet is put right into the outgoing queue of each tab: encoded once, without a task for each viewer, and not beyond
what may wait there. A tab that does not read is cut off; when it comes back it is drawn anew.
`tests/live/test_wire_contract.py` holds these promises, so that an upgrade of Reflex fails there first, in words.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

import reflex as rx
from engineio.async_socket import AsyncSocket
from engineio.packet import MESSAGE, Packet
from reflex.app import EventNamespace
from reflex.event import Event
from reflex.state import OnLoadInternalState, StateUpdate
from socketio import packet as socketio_packet

logger = logging.getLogger(__name__)

Delta = Mapping[str, Mapping[str, Any]]
"""Entities by substate, by key: `{"…cards": {"t17": TaskCard(…)}}`; the browser merges it into what it has."""

Gone = Callable[[str, bool], None]
"""Called with a connection's id when it ends, and whether its person is known to have left rather than lost it."""

NORMAL_CLOSES = (1000, 1001, 1005)
"""WebSocket close codes of a tab that was closed or navigated away."""
MOST_PACKETS = 256
MOST_BYTES = 1024 * 1024
"""What may wait for a tab that does not read; text counts by its characters."""
OPEN = f"{OnLoadInternalState.get_full_name()}.on_load_internal"
FEW = 8
"""Packets that may wait whatever their size, which is not worth adding up for them."""


class Wire:
    def __init__(self, app: rx.App) -> None:
        assert app.event_namespace is not None and app.sio is not None
        self._namespace: EventNamespace = app.event_namespace
        self._server = app.sio
        self._server._send_eio_packet = self._send_own

    def pack(self, delta: Delta) -> Packet:
        """Encode it, once for everyone whom it is sent to."""
        return self._pack(StateUpdate(delta=delta))

    def send(self, sid: str, what: Delta | Packet) -> None:
        """To one tab."""
        self._put_to(sid, what if isinstance(what, Packet) else self.pack(what))

    def open_again(self, sid: str) -> None:
        """Have a tab send the event with which it opens the page that it is on."""
        self._put_to(sid, self._pack(StateUpdate(events=[Event(name=OPEN, payload={})])))

    def send_room(self, room: str, delta: Delta) -> None:
        """To every tab in a room."""
        packet = self.pack(delta)
        for _, eio_sid in self._server.manager.get_participants(self._namespace.namespace, room):
            self._put(eio_sid, packet)

    async def enter(self, sid: str, room: str) -> None:
        await self._namespace.enter_room(sid, room)

    async def leave(self, sid: str, room: str) -> None:
        await self._namespace.leave_room(sid, room)

    def is_connected(self, sid: str) -> bool:
        return sid in self._namespace._token_manager.sid_to_token

    def on_gone(self, gone: Gone) -> None:
        """Have `gone` called for every connection that ends."""
        namespace, forget = self._namespace, self._namespace.on_disconnect

        def on_disconnect(sid: str, reason: str = "") -> Any:
            left = reason in ("client disconnect", "ping timeout") or self._close_code(sid) in NORMAL_CLOSES
            gone(sid, left)
            return forget(sid)

        namespace.on_disconnect = on_disconnect

    def _pack(self, update: StateUpdate) -> Packet:
        event = self._server.packet_class(
            socketio_packet.EVENT, namespace=self._namespace.namespace, data=["event", update]
        )
        return Packet(MESSAGE, event.encode())

    async def _send_own(self, eio_sid: str, packet: Packet) -> None:
        """What Reflex and Socket.IO themselves send goes the same way."""
        self._put(eio_sid, packet)

    def _put_to(self, sid: str, packet: Packet) -> None:
        self._put(self._server.manager.eio_sid_from_sid(sid, self._namespace.namespace), packet)

    def _put(self, eio_sid: str | None, packet: Packet) -> None:
        socket: AsyncSocket | None = self._server.eio.sockets.get(eio_sid)
        if socket is None or socket.closed:
            return
        waiting = socket.queue.qsize()
        if waiting >= MOST_PACKETS or (waiting >= FEW and _size(socket) + len(_encoded(packet)) > MOST_BYTES):
            self._cut(eio_sid, waiting)
        else:
            socket.queue.put_nowait(packet)

    def _cut(self, eio_sid: str | None, waiting: int) -> None:
        """Drop the connection, and what waits for it, without a word: it would not be read."""
        scope = self._server.environ[eio_sid]["asgi.scope"]
        if not scope.get("tandem.is_cut"):
            scope["tandem.is_cut"] = True
            logger.warning("A tab does not read, with %s packets waiting: it is cut off", waiting)
            scope["tandem.abort"]()

    def _close_code(self, sid: str) -> int | None:
        """The close code that guard.py noted in the connection's scope, if the peer sent one."""
        environ = self._server.get_environ(sid, self._namespace.namespace) or {}
        return environ.get("asgi.scope", {}).get("tandem.close_code")


def _size(socket: AsyncSocket) -> int:
    return sum(len(_encoded(packet)) for packet in socket.queue._queue if packet is not None)


def _encoded(packet: Packet) -> str | bytes:
    return packet.encode() or ""  # Done once, then remembered.
