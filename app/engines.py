"""Connections to PostgreSQL or to a SQLite file: how many, and how each is set up. db.py uses them."""

import contextlib
import select
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.domain.direct import Way, keep_in_order, way
from app.domain.transaction import Transaction

WRITERS, READERS = 8, 4
"""Connections for each; a SQLite file has one writer at a time."""
AT_HAND = 2
"""Connections to PostgreSQL that are kept for glances, and as many for commands."""
LOCKED = 0.8
"""Seconds that a statement waits for what somebody else has locked."""
CONNECTING = 5.0
"""Seconds that making a connection may take; a pool makes few."""


def create_postgresql(url: str) -> AsyncEngine:
    # lock_timeout and statement_timeout turn waiting for ever into a sentence.
    options = f"-c lock_timeout={int(LOCKED * 1000)} -c statement_timeout=15000"
    engine = create_async_engine(
        url,
        pool_size=WRITERS + READERS + 2 * AT_HAND,
        max_overflow=0,
        pool_timeout=CONNECTING,
        pool_pre_ping=False,  # It would cost each way to the database another one.
        connect_args={"options": options, "connect_timeout": int(CONNECTING)},
    )

    @event.listens_for(engine.sync_engine, "checkout")
    def look(_, record, __) -> None:
        if has_ended(record.driver_connection):
            raise DisconnectionError("PostgreSQL has ended this connection.")  # The pool makes another one.

    keep_in_order(engine)
    return engine


def has_ended(driver: Any) -> bool:
    """Whether PostgreSQL ended an idle connection of psycopg's, without asking it: it said something unasked.

    A new setting of the server is told in that way, too, and then a new connection is no loss. One that was lost
    without a word, as with a cable, is found out in use.
    """
    if driver.closed:
        return True
    poll = select.poll()
    poll.register(driver.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def create_sqlite(url: str) -> AsyncEngine:
    engine = create_async_engine(
        url, pool_size=1 + READERS, max_overflow=0, pool_timeout=CONNECTING, connect_args={"timeout": LOCKED}
    )

    @event.listens_for(engine.sync_engine, "connect")
    def set_up(connection, _) -> None:
        connection.isolation_level = None  # The driver must not begin transactions: the next hook does.
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            f"busy_timeout={LOCKED * 1000:.0f}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


class AtHand:
    """Connections to PostgreSQL that do not go back to the pool: to come and go costs more than what a change asks."""

    def __init__(self) -> None:
        self._idle: defaultdict[AsyncEngine, list[tuple[AsyncConnection, Way]]] = defaultdict(list)

    @contextlib.asynccontextmanager
    async def transaction(self, engine: AsyncEngine) -> AsyncIterator[Transaction]:
        """A transaction on one of an engine's: kept if the block ends what it began; if it was lost, so are all."""
        idle, is_over = self._idle[engine], False
        connection, to_it = await self._taken(engine)
        try:
            async with contextlib.aclosing(Transaction(connection, to_it)) as tx:
                yield tx
            is_over = to_it is not None and not to_it.is_open
        finally:
            if to_it is not None and is_over and len(idle) < AT_HAND:
                idle.append((connection, to_it))
            else:
                was_lost = connection.invalidated
                await connection.close()
                if was_lost:
                    await self.let_go()

    async def _taken(self, engine: AsyncEngine) -> tuple[AsyncConnection, Way | None]:
        idle = self._idle[engine]
        while idle:
            connection, to_it = idle.pop()
            if not has_ended(to_it.driver):
                return connection, to_it
            await connection.close()
        connection = await engine.connect()
        return connection, await way(connection)

    async def let_go(self) -> None:
        """Give all of them back to the pool, which knows whether they are still good."""
        for idle in self._idle.values():
            while idle:
                connection, _ = idle.pop()
                await connection.close()
