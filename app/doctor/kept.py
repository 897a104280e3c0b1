"""What is here: the folder, the database, the files that people added, the pages."""

import asyncio
import errno
import os
import shutil
import tempfile
from datetime import UTC, datetime

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app import build, engines, migrating, reasons, upkeep
from app.doctor.finding import Noted, Unwell
from app.keeping import Keeping
from app.settings import Settings

LITTLE = 500_000_000
"""Bytes on the disk below which it is getting narrow."""
OFF = 5.0
"""Seconds by which the clocks of two machines may differ."""


async def folder(here: Settings) -> str:
    """DATA_DIR can be written to, and has room."""
    try:
        here.data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=here.data_dir) as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Unwell(f"The disk is full: make room on that of DATA_DIR, {here.data_dir}.") from None
        raise Unwell(f"DATA_DIR is {here.data_dir}, and cannot be used ({str(error.strerror).lower()}).") from None
    free = shutil.disk_usage(here.data_dir).free
    words = f"{here.data_dir} has {free / 1e9:,.1f} GB free"
    if free < LITTLE:
        raise Unwell(f"{words}: make room, or files and backups cannot be kept.")
    return f"{words}."


async def database(here: Settings) -> str:
    """It answers, has the schema of this program, enough connections, and our time."""
    try:
        return await asyncio.to_thread(_database, here)
    except DBAPIError as error:
        remedy = upkeep.remedy(here.database_url)
        raise Unwell(f"It does not answer ({reasons.of(error)}): {remedy}.") from None


def _database(here: Settings) -> str:
    with upkeep.connected(here.database_url) as connection:
        revision, newest = migrating.revision(connection), migrating.head(migrating.configuration())
        words = _of_postgresql(connection, here) if connection.dialect.name == "postgresql" else _of_sqlite(connection)
    if revision is None:
        raise Noted(f"{words}. It is empty: the first start makes the tables.")
    if not migrating.is_known(revision, migrating.configuration()):
        raise Unwell(f"{words}. Its schema {revision} is that of a newer Tandem: start that one.")
    if revision != newest:
        raise Noted(f"{words}. Its schema is {revision}; the next start brings it to {newest}.")
    return f"{words}, schema {revision}."


def _of_postgresql(connection: Connection, here: Settings) -> str:
    row = connection.execute(
        text("SELECT current_setting('server_version'), current_setting('max_connections')::int, clock_timestamp()")
    ).one()
    wanted = here.workers * (engines.WRITERS + engines.READERS + 2 * engines.AT_HAND) + 3
    if row[1] < wanted:
        raise Unwell(
            f"PostgreSQL takes {row[1]} connections, and {here.workers} workers may make {wanted}: raise its "
            "max_connections, or lower WORKERS."
        )
    if abs(off := (datetime.now(UTC) - row[2]).total_seconds()) > OFF:
        raise Unwell(f"Its clock and the one here differ by {off:+.0f} s: have both set by NTP.")
    return f"PostgreSQL {row[0]}"


def _of_sqlite(connection: Connection) -> str:
    found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if found != "ok":
        raise Unwell(f"The SQLite file is damaged ({found}): restore a backup (docs/backup.md).")
    return f"SQLite {connection.exec_driver_sql('SELECT sqlite_version()').scalar()}, the file is sound"


async def files(here: Settings) -> str:
    """What rows name lies in DATA_DIR."""
    return await asyncio.to_thread(_files, here)


def _files(here: Settings) -> str:
    keeping = Keeping(here.data_dir, "")
    try:
        with upkeep.connected(here.database_url) as connection:
            query = (
                "SELECT key FROM attachment WHERE trashed_at IS NULL UNION SELECT avatar FROM person WHERE avatar <> ''"
            )
            named = connection.execute(text(query)).scalars().all()
    except DBAPIError:
        raise Noted("They cannot be looked at without the database, or before the first start.") from None
    missing = [key for key in named if not keeping.path(key).exists()]
    if missing:
        raise Unwell(
            f"{len(missing):,} of {len(named):,} are not in {keeping.folder}, such as {missing[0]}: DATA_DIR must be "
            "the folder that they were added in, on all machines. Restore it from a backup (docs/backup.md)."
        )
    return f"All {len(named):,} are there."


async def pages(here: Settings) -> str:
    if not build.PAGES.exists():
        raise Unwell("They are not built: bin/start does that, or python -m app.build.")
    if not build.STAMP.exists() or build.STAMP.read_text() != await asyncio.to_thread(build.fingerprint):
        raise Unwell("They were built from other sources than these: bin/start builds them anew.")
    return "They are built from these sources."
