"""What a worker process has while it runs: its database, bus, presence and live loop."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import reflex as rx
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from app import settings
from app.bus import Bus
from app.db import Database
from app.presence import Presence
from app.web import live
from app.web.wire import Wire


@contextlib.asynccontextmanager
async def lifespan(app: rx.App) -> AsyncIterator[None]:
    """Set all of it up, run the loop while the app is up, and let go of it."""
    configured = settings.get()
    redis, listening = _connect(configured.redis_url), _connect(configured.redis_url, answers_within=None)
    db = Database(configured.database_url)
    own = live.Live(Wire(app), db, Bus(redis, listening), Presence(redis))
    live.begin(own)
    loop = asyncio.create_task(own.run())
    try:
        yield
    finally:
        loop.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await loop
        for client in (redis, listening):
            if client is not None:
                await client.aclose()
        await db.close()


def _connect(url: str, answers_within: float | None = 1.0) -> Redis | None:
    """A client that tries once and does not wait for long (seconds): bus.py and presence.py do without Redis."""
    if not url:
        return None
    return Redis.from_url(
        url,
        decode_responses=True,
        socket_connect_timeout=1.0,
        socket_timeout=answers_within,
        retry=Retry(NoBackoff(), 0),
    )
