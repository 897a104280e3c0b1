"""The database: the only place that commits, and that announces after the commit.

`transaction()` is for commands: it commits what was recorded, then rings the doorbell of every topic in the news.
`reading()` is for drawings: one snapshot of the database, and nothing can be written through it.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from app.domain.errors import Busy
from app.domain.transaction import Transaction

logger = logging.getLogger(__name__)

WAIT = 2.0
"""Seconds to wait for a connection or a lock before a person is told to try again."""

Announce = Callable[[Mapping[str, int]], None]


class Database:
    """An engine, and the two ways of using it. `announce` gets the news of every commit: topic and revision."""

    def __init__(self, url: str, announce: Announce = lambda news: None) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self.engine = create_sqlite(url) if self.is_sqlite else create_postgresql(url)
        self.announce = announce
        reads = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reader = self.engine.execution_options(**({} if self.is_sqlite else reads))
        self._writer = self.engine.execution_options(writes=True)
        # SQLite has one writer at a time; here they queue in order instead of fighting over its lock.
        self._turn = asyncio.Lock() if self.is_sqlite else contextlib.nullcontext()

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Commit what the block recorded, then announce it. A block that recorded nothing leaves no trace."""
        async with _sentences(), self._turn, AsyncSession(self._writer, expire_on_commit=False) as session:
            tx = Transaction(session)
            yield tx
            if tx.is_silent:
                await session.rollback()
            else:
                await tx.give_back()
                await session.commit()
        self.announce(tx.news)

    @contextlib.asynccontextmanager
    async def unrecorded(self) -> AsyncIterator[AsyncSession]:
        """Write what nobody looks at together, such as sign-ins: committed, and not announced."""
        async with _sentences(), self._turn, AsyncSession(self._writer) as session, session.begin():
            yield session

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """Read from one snapshot of the database."""
        async with _sentences(), AsyncSession(self._reader, expire_on_commit=False) as session:
            yield Transaction(session)

    async def close(self) -> None:
        await self.engine.dispose()


def create_postgresql(url: str) -> AsyncEngine:
    # lock_timeout and statement_timeout turn waiting for ever into a sentence.
    options = f"-c lock_timeout={int(WAIT * 1000)} -c statement_timeout=15000"
    return create_async_engine(
        url,
        pool_size=8,
        max_overflow=4,
        pool_timeout=WAIT,
        pool_pre_ping=False,
        connect_args={"options": options, "connect_timeout": 5},
    )


def create_sqlite(url: str) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=8, pool_timeout=WAIT, connect_args={"timeout": WAIT})

    @event.listens_for(engine.sync_engine, "connect")
    def set_up(connection, _) -> None:
        connection.isolation_level = None  # The driver must not begin transactions: the next hook does.
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={WAIT * 1000:.0f}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextlib.asynccontextmanager
async def _sentences() -> AsyncIterator[None]:
    """Turn what a database does under load into a sentence; anything else is ours to mend."""
    try:
        yield
    except IntegrityError as error:
        logger.warning("Two writers met: %s", type(error.orig).__name__)
        raise Busy("Somebody else did the same thing at this moment. Please try again.") from error
    except (PoolTimeout, DBAPIError) as error:
        if isinstance(error, DBAPIError) and not is_passing(error):
            raise
        logger.warning("Database busy or away: %s", str(error).splitlines()[0][:200])
        raise Busy("That could not be saved just now. Please try again in a moment.") from error


def is_passing(error: DBAPIError) -> bool:
    """Whether waiting helps: a lock, a deadlock, a lost or refused connection."""
    state = getattr(error.orig, "sqlstate", None)
    if error.connection_invalidated or (state is not None and state[:2] in ("08", "40", "53", "55", "57")):
        return True
    words = str(error.orig).lower()
    return state is None and any(sign in words for sign in ("locked", "connection", "timeout", "server closed"))
