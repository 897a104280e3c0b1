"""Connections to PostgreSQL or to a SQLite file: how many, and how each is set up. db.py uses them."""

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

WRITERS, READERS = 8, 4
"""Connections for each; a SQLite file has one writer at a time."""
LOCKED = 0.8
"""Seconds that a statement waits for what somebody else has locked."""
CONNECTING = 5.0
"""Seconds that making a connection may take; a pool makes few."""


def create_postgresql(url: str) -> AsyncEngine:
    # lock_timeout and statement_timeout turn waiting for ever into a sentence.
    options = f"-c lock_timeout={int(LOCKED * 1000)} -c statement_timeout=15000"
    return create_async_engine(
        url,
        pool_size=WRITERS + READERS,
        max_overflow=0,
        pool_timeout=CONNECTING,
        pool_pre_ping=False,
        connect_args={"options": options, "connect_timeout": int(CONNECTING)},
    )


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
