"""How each part that a Tandem stands on is looked at; health.py says when, and what becomes of it."""

import asyncio
import os
import shutil
import time
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from redis.asyncio import Redis
from redis.asyncio.cluster import RedisCluster
from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from app import mail, reasons
from app.domain.leases import BEAT, LAPSE
from app.ears import AWAY
from app.figures.declared import memory
from app.scheduler import Scheduler
from app.settings import Settings

ROOM = 32 * 1024 * 1024
"""Bytes that must be free on the disk of DATA_DIR."""
REFUSED = 15.0
"""Seconds for which a database that had no room counts as full: how much it has now, only the next write tells."""
SILENCE = BEAT + LAPSE + 6.0
"""Seconds without a sign of life from any scheduler: another should long have taken over."""
STARTING = 60.0
"""Seconds after the start of a worker in which others may still be on their way."""
MAIL_KEPT = 15.0
"""Seconds for which is believed what a mail server said: it should not be knocked at all the time."""

T = TypeVar("T")
Check = Callable[[], Awaitable[str]]


class Unwell(Exception):
    """A part is not well: a sentence for everybody, and what was found, for whoever runs this Tandem.

    `is_expected` says that it is to be so for a while, and nothing for the log.
    """

    def __init__(self, words: str, reason: str = "", is_expected: bool = False) -> None:
        super().__init__(words)
        self.words, self.reason, self.is_expected = words, reason, is_expected


def why(error: BaseException) -> str:
    return f"({reasons.of(error)[:200]})"


def of_a_worker(chosen: Settings, redis: Redis | RedisCluster | None, scheduler: Scheduler) -> dict[str, Check]:
    """By the names of the parts, in the order in which a Tandem needs them."""
    started = time.monotonic()
    return {
        "database": lambda: database(chosen),
        "schema": lambda: schema(chosen),
        "redis": lambda: doorbell(redis),
        "workers": lambda: workers(chosen, time.monotonic() - started),
        "scheduler": lambda: scheduling(scheduler),
        "disk": lambda: asyncio.to_thread(disk, chosen),
        "mail": Mail(chosen).check,
    }


async def database(chosen: Settings) -> str:
    """Over a connection of its own: those of the pool may be in use, and an old one may work where no new one does."""
    await ask(chosen, lambda connection: connection.execute(text("SELECT 1")))
    return "It answers."


async def schema(chosen: Settings) -> str:
    async def version(connection: AsyncConnection) -> str:
        return str((await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one())

    wanted = await asyncio.to_thread(newest_schema)
    found = await ask(chosen, version)
    if found != wanted:
        raise Unwell("The database has another version than this program. Start Tandem again.", f"({found}, {wanted})")
    return "It is the newest."


@cache
def newest_schema() -> str:
    """The revision that this program's migrations lead to."""
    from app import migrating

    return migrating.head(migrating.configuration())


async def doorbell(redis: Redis | RedisCluster | None) -> str:
    if redis is None:
        return "None is set, and one worker needs none."
    try:
        await cast(Any, redis).ping()
    except AWAY as error:
        raise Unwell(
            "It does not answer. Until it does, changes take up to two seconds to reach other workers.",
            why(error),
        ) from None
    return "It answers."


async def workers(chosen: Settings, age: float) -> str:
    """Those of this machine, which share memory; `age` is that of the worker that asks, in seconds."""
    found = len(memory.alive())
    words = f"{found} of {chosen.workers} give signs of life."
    if found < chosen.workers:
        raise Unwell(words, is_expected=age < STARTING)
    return words


async def scheduling(scheduler: Scheduler) -> str:
    if scheduler.silence > SILENCE:
        raise Unwell("No worker gives a sign that it does what is to happen by itself, such as sending e-mail.")
    return "It is at work."


def disk(chosen: Settings) -> str:
    """That of the files, and that of the database: of a server is only known what it lately refused."""
    url, free = make_url(chosen.database_url), _room("The folder of files", chosen.data_dir)
    if url.get_backend_name() == "sqlite" and url.database:
        free = min(free, _room("The folder of the database", Path(url.database).parent))
    elif memory.since_refused() < REFUSED:
        raise Unwell("The disk of the database is full. Make room on it.")
    return f"{free / 1e9:,.1f} GB are left."


def _room(name: str, folder: Path) -> int:
    """Bytes that are left there."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise Unwell(f"{name} cannot be reached.", why(error)) from None
    if not os.access(folder, os.W_OK):
        raise Unwell(f"{name} cannot be written to.", f"({folder})")
    if free < ROOM:
        raise Unwell("The disk is full. Make room on it.", f"({free // 2**20} MiB are left at {folder})")
    return free


class Mail:
    """Asks the mail server whether it is there, now and then; nothing is sent, and nobody signs in."""

    def __init__(self, chosen: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._chosen, self._clock = chosen, clock
        self._said: str | Unwell = ""
        self._said_at: float | None = None

    async def check(self) -> str:
        if not self._chosen.smtp_host:
            return "None is sent: no mail server is set."
        if self._said_at is None or self._clock() - self._said_at >= MAIL_KEPT:
            self._said, self._said_at = await self._ask(), self._clock()
        if isinstance(self._said, Unwell):
            raise Unwell(self._said.words, self._said.reason)
        return self._said

    async def _ask(self) -> str | Unwell:
        try:
            await mail.greet(self._chosen)
        except mail.NotTaken as error:
            return Unwell("The mail server cannot be reached. What is to go out waits.", f"({error.why})")
        return "The mail server answers."


async def ask(chosen: Settings, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """Over a connection of its own, which is closed again. Unwell when the database does not answer as it should."""
    engine = create_async_engine(chosen.database_url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            return await work(connection)
    except SQLAlchemyError as error:
        raise Unwell("It does not answer as it should.", why(error)) from None
    finally:
        await engine.dispose()
