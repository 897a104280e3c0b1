"""python-socketio as its documentation has it for several workers: rooms, and its manager over Redis."""

import os
from typing import Any

import socketio

from bench.rivals.database import Pool
from bench.rivals.patch import drawing, patch

HEARTBEAT = 600
"""Seconds: in no variant does a heartbeat fall into what is measured."""


def app() -> socketio.ASGIApp:
    """Called in each worker."""
    manager = socketio.AsyncRedisManager(os.environ["REDIS_URL"], channel="rooms")
    sio = socketio.AsyncServer(
        async_mode="asgi", client_manager=manager, transports=["websocket"], ping_interval=HEARTBEAT
    )
    pool = Pool()

    @sio.on("join")
    async def join(sid: str, board: int) -> None:
        await sio.enter_room(sid, f"board:{board}")
        await sio.emit("board", drawing(*await pool.board(board)), to=sid)

    @sio.on("move")
    async def move(sid: str, wanted: dict[str, Any]) -> None:
        revision, title = await pool.move(wanted["board"], wanted["task"], wanted["lane"])
        moved = patch(revision, wanted["task"], wanted["lane"], title)
        await sio.emit("board", moved, room=f"board:{wanted['board']}")

    return socketio.ASGIApp(sio)
