"""The database for those who look after it, in migrations and backups: plain connections, no hurry, no event loop."""

import contextlib
import fcntl
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.pool import NullPool

PATIENCE = 30
"""Seconds to wait for a lock that the running program has."""
CONNECTING = 5
"""Seconds that making a connection may take."""
NARROW = 1_000_000
"""Bytes on a disk below which SQLite may not even be able to open its file."""
LOCK = 8_263_360_001
"""The number of our advisory lock in PostgreSQL."""


def engine(url: str) -> Engine:
    """For a database of the settings; to be disposed of. On SQLite foreign keys are looked at in the end."""
    parts = make_url(url)
    if parts.get_backend_name() == "postgresql":
        return create_engine(parts, poolclass=NullPool, connect_args={"connect_timeout": CONNECTING})
    made = create_engine(parts.set(drivername="sqlite"), poolclass=NullPool, connect_args={"timeout": PATIENCE})

    @event.listens_for(made, "connect")
    def set_up(connection, _) -> None:
        connection.isolation_level = None  # The driver must not begin transactions: the next hook does.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=OFF")  # A migration may have to make a table anew.

    @event.listens_for(made, "begin")
    def begin(connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return made


@contextlib.contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection alone, and its engine gone with it."""
    made = engine(url)
    try:
        with made.connect() as connection:
            yield connection
    finally:
        made.dispose()


def remedy(url: str) -> str:
    """What to do about a database that does not answer."""
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite" and parts.database:
        with contextlib.suppress(OSError):  # A folder that is not there is no full one.
            if shutil.disk_usage(Path(parts.database).parent).free < NARROW:
                return "make room on its disk, which is full"
    return "start it, or correct DATABASE_URL"


@contextlib.contextmanager
def alone(connection: Connection, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Of all instances only this one is in here; a killed one is out. `waiting` is called if another is first."""
    if connection.dialect.name == "postgresql":
        if not connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}).scalar():
            waiting()
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        connection.commit()
        try:
            yield
        finally:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
            connection.commit()
        return
    with Path(f"{connection.engine.url.database}.lock").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def one_snapshot(connection: Connection) -> Iterator[None]:
    """What is read inside is of one moment, while the program runs on."""
    connection.rollback()
    if connection.dialect.name == "postgresql":
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with connection.begin():
        yield


@contextlib.contextmanager
def all_or_nothing(connection: Connection) -> Iterator[None]:
    """What is changed inside is kept as a whole at the end, the shape of tables too, or not at all."""
    connection.rollback()  # What was only read until now.
    connection.execution_options(writes=True)
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}s'"))
        yield
        if connection.dialect.name == "sqlite":
            _check_foreign_keys(connection)


def _check_foreign_keys(connection: Connection) -> None:
    if row := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise ValueError(f"a row of the table {row[0]} names one of {row[2]} that is not there")
