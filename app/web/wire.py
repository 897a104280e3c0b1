"""How a patch leaves the server: everything here that relies on the inside of Reflex's event namespace.

A frame is made once, and pushed right into the connection of each tab (app/sockets.py), without a task for each.
`tests/live/test_wire_contract.py` holds these promises, so that an upgrade of Reflex fails there first, in words.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

import reflex as rx
from engineio.packet import Packet as EnginePacket
from reflex.app import EventNamespace
from reflex.event import Event
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex.state import OnLoadInternalState, StateUpdate
from socketio.packet import EVENT
from websockets.frames import Frame, Opcode

from app.figures import declared

Delta = Mapping[str, Mapping[str, Any]]
"""Entities by substate, by key: `{"…cards": {"t17": TaskCard(…)}}`; the browser merges it into what it has."""

Gone = Callable[[str, bool], None]
"""Called with a connection's id when it ends, and whether its person is known to have left rather than lost it."""

NORMAL_CLOSES = (1000, 1001, 1005)
"""WebSocket close codes of a tab that was closed or navigated away."""
KEEP_STATE = 45.0
"""Seconds that the state of a tab is kept for it to come back."""
OPEN = f"{OnLoadInternalState.get_full_name()}.on_load_internal"
"""The handler that opens the page which a tab is on."""


class Wire:
    def __init__(self, app: rx.App) -> None:
        assert app.event_namespace is not None and app.sio is not None
        self._namespace: EventNamespace = app.event_namespace
        self._server, self._app = app.sio, app
        self._server._send_packet, self._server._send_eio_packet = self._send_own, self._send_own
        self._let_in, self._server._handle_connect = self._server._handle_connect, self._greet

    async def _greet(self, eio_sid: str, namespace: str | None, data: Any) -> None:
        """Socket.IO does this in a task of its own, and fails when the tab has gone by then; nothing of it stays."""
        if eio_sid in self._server.environ:
            await self._let_in(eio_sid, namespace, data)

    def pack(self, delta: Delta) -> bytes:
        """The frame that brings it, made once for everyone whom it is sent to."""
        return self._pack(StateUpdate(delta=delta))

    def send(self, sid: str, what: Delta | bytes) -> None:
        """To one tab."""
        self._push_to(sid, what if isinstance(what, bytes) else self.pack(what))

    def open_again(self, sid: str) -> None:
        """Have a tab send the event with which it opens the page that it is on."""
        self._push_to(sid, self._pack(StateUpdate(events=[Event(name=OPEN, payload={})])))

    def send_room(self, room: str, delta: Delta) -> None:
        """To every tab in a room."""
        frame, tabs = self.pack(delta), 0
        for _, eio_sid in self._server.manager.get_participants(self._namespace.namespace, room):
            self._push(eio_sid, frame)
            tabs += 1
        declared.PATCHES.add()
        declared.DELIVERIES.add(more=tabs)
        declared.SENT_BYTES.add(more=tabs * len(frame))

    async def enter(self, sid: str, room: str) -> None:
        await self._namespace.enter_room(sid, room)

    async def leave(self, sid: str, room: str) -> None:
        await self._namespace.leave_room(sid, room)

    def is_connected(self, sid: str) -> bool:
        return sid in self._namespace._token_manager.sid_to_token

    def session_of(self, sid: str) -> str | None:
        """The sign-in that a tab's browser had when it connected."""
        return self._scope(sid).get("tandem.session")

    def address_of(self, sid: str) -> str:
        """Where a tab's connection comes from."""
        return self._scope(sid).get("tandem.address", "")

    def shows(self, sid: str, board: str) -> None:
        """Note on a tab's connection which board it shows from now on, for what it reports of that (guard.py)."""
        if environ := self._server.get_environ(sid, self._namespace.namespace):
            environ["asgi.scope"]["tandem.board"] = (board, time.monotonic()) if board else None

    def on_gone(self, gone: Gone) -> None:
        """Have `gone` called for every connection that ends."""
        namespace, forget = self._namespace, self._namespace.on_disconnect

        def on_disconnect(sid: str, reason: str = "") -> Any:
            if token := namespace._token_manager.sid_to_token.get(sid):
                asyncio.get_running_loop().call_later(KEEP_STATE, self._let_go, token)
            left = reason in ("client disconnect", "ping timeout") or self._close_code(sid) in NORMAL_CLOSES
            gone(sid, left)
            return forget(sid)

        namespace.on_disconnect = on_disconnect

    def _let_go(self, token: str) -> None:
        """Forget the state of a tab that did not come back: Reflex would keep that of every token for an hour."""
        manager = self._app.state_manager
        assert isinstance(manager, StateManagerMemory)
        lock = manager._states_locks.get(token)
        if token not in self._namespace._token_manager.token_to_socket and not (lock and lock.locked()):
            manager._purge_token(BaseStateToken(ident=token, cls=rx.State))

    def _pack(self, update: StateUpdate) -> bytes:
        event = self._server.packet_class(EVENT, namespace=self._namespace.namespace, data=["event", update])
        return _frame(f"4{event.encode()}")

    async def _send_own(self, eio_sid: str, packet: Any) -> None:
        """What Reflex and Socket.IO themselves send goes the same way, or it could come too early or too late."""
        text = str(packet.encode())
        self._push(eio_sid, _frame(text if isinstance(packet, EnginePacket) else f"4{text}"))

    def _push_to(self, sid: str, frame: bytes) -> None:
        self._push(self._server.manager.eio_sid_from_sid(sid, self._namespace.namespace), frame)

    def _push(self, eio_sid: str | None, frame: bytes) -> None:
        if environ := self._server.environ.get(eio_sid):
            environ["asgi.scope"]["tandem.push"](frame)

    def _close_code(self, sid: str) -> int | None:
        """The close code that guard.py noted in the connection's scope, if the peer sent one."""
        return self._scope(sid).get("tandem.close_code")

    def _scope(self, sid: str) -> Mapping[str, Any]:
        """That of a tab's connection, with what guard.py has noted in it; empty when it has ended."""
        environ = self._server.get_environ(sid, self._namespace.namespace) or {}
        return environ.get("asgi.scope", {})


def _frame(text: str) -> bytes:
    """Half of a character, which somebody may send and be sent back, becomes a question mark."""
    return Frame(Opcode.TEXT, text.encode(errors="replace")).serialize(mask=False)
