"""What a worker process has while it runs: its database, bus, presence and live loop."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import reflex as rx

from app import checks, ears, files, settings, sweeper
from app.bus import Bus
from app.db import Database
from app.figures.declared import memory
from app.health import Health
from app.presence import Presence
from app.scheduler import Scheduler
from app.web import complaints, figures, health, live, rate, session
from app.web.background import every, logged
from app.web.wire import Wire

LAST_LETTER = 2.0
"""Seconds for the e-mail that is being handed over when the worker ends."""


@contextlib.asynccontextmanager
async def lifespan(app: rx.App) -> AsyncIterator[None]:
    """Set all of it up, run the loop while the app is up, and let go of it."""
    configured = settings.get()
    redis = ears.connect(configured.redis_url)
    bus, db = Bus(redis), Database(configured.database_url)
    own = live.Live(Wire(app), db, bus, Presence(redis, lambda: bus.is_up))
    live.begin(own)
    complaints.begin()
    own.doubt = session.doubt
    rate.begin(redis, bus)
    scheduler = Scheduler(db, configured)
    health.begin(Health(checks.of_a_worker(configured, redis, scheduler)))
    figures.begin(figures.Figures(redis, bus, own))
    loop = asyncio.create_task(own.run())
    counting = asyncio.create_task(logged(figures.current().run()))
    scheduling = asyncio.create_task(scheduler.run())
    sweeping = asyncio.create_task(every(sweeper.EVERY, lambda: sweeper.sweep(db, files.kept())))
    try:
        yield
    finally:
        await logged(scheduler.end(LAST_LETTER))
        for task in (loop, counting, scheduling, sweeping):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        memory.rest()
        if redis is not None:
            await redis.aclose()
        await db.close()
