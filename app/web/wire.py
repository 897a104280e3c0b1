"""How a patch leaves the server: everything here that relies on the inside of Reflex's event namespace.

`tests/live/test_wire_contract.py` holds these promises, so that an upgrade of Reflex fails there first, in words.
"""

from collections.abc import Callable, Mapping
from typing import Any

import reflex as rx
from reflex.app import EventNamespace
from reflex.state import StateUpdate

Delta = Mapping[str, Mapping[str, Any]]
"""Entities by substate, by key: `{"…cards": {"t17": TaskCard(…)}}`; the browser merges it into what it has."""

Gone = Callable[[str, bool], None]
"""Called with a connection's id when it ends, and whether it was closed by its own side rather than lost."""

NORMAL_CLOSES = (1000, 1001, 1005)
"""WebSocket close codes of a tab that was closed or navigated away."""


class Wire:
    def __init__(self, app: rx.App) -> None:
        assert app.event_namespace is not None
        self._namespace: EventNamespace = app.event_namespace

    async def send(self, sid: str, delta: Delta) -> None:
        """To one tab."""
        await self._namespace.emit("event", StateUpdate(delta=delta), to=sid)

    async def send_room(self, room: str, delta: Delta) -> None:
        """To every tab in a room, encoded once."""
        await self._namespace.emit("event", StateUpdate(delta=delta), room=room)

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
            gone(sid, reason == "client disconnect" or self._close_code(sid) in NORMAL_CLOSES)
            return forget(sid)

        namespace.on_disconnect = on_disconnect

    def _close_code(self, sid: str) -> int | None:
        """The close code that guard.py noted in the connection's scope, if the peer sent one."""
        assert self._namespace.server is not None
        environ = self._namespace.server.get_environ(sid, self._namespace.namespace) or {}
        return environ.get("asgi.scope", {}).get("tandem.close_code")
