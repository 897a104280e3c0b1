"""The floor: what the work costs with no framework at all. Bare ASGI WebSockets, redis-py, psycopg."""

import asyncio
import json
import os
from collections import defaultdict
from typing import Any

from redis.asyncio import Redis

from bench.rivals.database import Pool
from bench.rivals.patch import drawing, patch

CHANNEL = "floor:"


class Floor:
    """Sends every patch that Redis brings to the board's sockets on this worker."""

    def __init__(self) -> None:
        self._redis = Redis.from_url(os.environ["REDIS_URL"])
        self._pool = Pool()
        self._sends: dict[int, dict[int, Any]] = defaultdict(dict)
        self._loop: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await self._serve(int(scope["path"].rpartition("/")[2]), receive, send)
        else:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"ok"})

    async def _serve(self, board: int, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        revision, tasks = await self._pool.board(board)
        await send({"type": "websocket.send", "text": json.dumps(drawing(revision, tasks))})
        self._sends[board][id(send)] = send
        while (message := await receive())["type"] == "websocket.receive":
            wanted = json.loads(message["text"])
            revision, title = await self._pool.move(board, wanted["task"], wanted["lane"])
            text = json.dumps(patch(revision, wanted["task"], wanted["lane"], title))
            await self._redis.publish(f"{CHANNEL}{board}", text)
        del self._sends[board][id(send)]

    async def _fan_out(self) -> None:
        async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
            await pubsub.psubscribe(f"{CHANNEL}*")
            async for message in pubsub.listen():
                board = int(message["channel"].rpartition(b":")[2])
                event = {"type": "websocket.send", "text": message["data"].decode()}
                for send in list(self._sends[board].values()):
                    await send(event)

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        self._loop = asyncio.create_task(self._fan_out())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._loop.cancel()
        await send({"type": "lifespan.shutdown.complete"})


def app() -> Floor:
    """Called in each worker."""
    return Floor()
