"""Puts a backup in the place of what an instance has: into SQLite or PostgreSQL, whatever it was made from.

All of the backup is checked first. Files are put beside those that are there, then the database is changed in one
transaction, and the keys follow: what fails or is killed before leaves the instance as it was. A backup of an older
schema is read into tables of that schema, which are then migrated.
"""

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from alembic.config import Config
from sqlalchemy import Connection, Table, text
from sqlalchemy.exc import StatementError

from app import migrating, place, reasons, tables, upkeep
from app.archive import check, open_backup, read_table
from app.keeping import Keeping, NoRoom
from app.manifest import Manifest, mark, table_member
from app.place import Beats
from app.progress import Tell


class CannotRestore(Exception):
    """One sentence: what is in the way, and how things are."""


def look(path: Path, tell: Tell) -> Manifest:
    """What a backup has, after all of it was checked; archive.Unusable with the reason.

    CannotRestore for one that is whole, and that only a newer Tandem can bring back.
    """
    opened, manifest = open_backup(path)
    with opened:
        check(opened, manifest, tell)
    config = migrating.configuration()
    if not migrating.is_known(manifest.schema, config):
        raise CannotRestore(
            f"{path} is whole, but has the schema {manifest.schema}, and this Tandem knows those up to "
            f"{migrating.head(config)}: upgrade it first, then restore."
        )
    return manifest


def put(
    path: Path, url: str, keeping: Keeping, tell: Tell, *, own_key: bool = True, beats: Beats | None = None
) -> list[str]:
    """Replace everything with what a backup has, which must have been looked at; what else there is to say.

    `beats` are those with which it was seen that no Tandem runs; where they have changed since, one has been started.
    Without `own_key` SECRET_KEY comes from the environment, whatever lies in DATA_DIR.
    """
    config = migrating.configuration()
    beats = place.beats(url) if beats is None else beats
    opened, manifest = open_backup(path)
    with opened:
        put_now: list[Path] = []
        try:
            keeping.require_room(manifest)
            keeping.put_files(opened, manifest, put_now, tell)
            _put_tables(opened, manifest, url, config, tell, beats)
        except BaseException as error:
            for file in put_now:
                file.unlink(missing_ok=True)
            if isinstance(error, NoRoom | OSError):
                raise CannotRestore(f"{str(error).rstrip('.')}: make room first. Everything is as it was.") from error
            raise
        try:
            keeping.put_keys(opened, manifest)
        except OSError as error:
            raise CannotRestore(
                f"The data are restored, but the keys cannot be written to {keeping.data_dir} ({error.strerror}): make "
                "that possible and restore again."
            ) from error
    return _about_the_key(manifest, keeping, own_key)


def _put_tables(
    opened: zipfile.ZipFile, manifest: Manifest, url: str, config: Config, tell: Tell, beats: Beats
) -> None:
    with upkeep.connected(url) as connection, upkeep.alone(connection):
        if place.beats(url) != beats:
            raise CannotRestore("Tandem was started meanwhile: stop it, then restore. Everything is as it was.")
        try:
            with upkeep.all_or_nothing(connection):
                _empty(connection)
                migrating.upgrade(connection, manifest.schema, config)
                there = tables.reflect(connection)
                _fill(connection, opened, manifest, there, tell)
                tables.go_on_after(connection, there, manifest.last_ids)
                migrating.upgrade(connection, "head", config)
        except (StatementError, OverflowError, ValueError) as error:
            raise CannotRestore(
                f"The database does not take the backup ({reasons.of(error)}): everything is as it was."
            ) from error


def _empty(connection: Connection) -> None:
    """Take away every table that is Tandem's, and in PostgreSQL what their triggers call."""
    there = tables.reflect(connection)[::-1]
    called: Iterable[str] = ()
    if connection.dialect.name == "postgresql":
        called = connection.execute(_CALLED, {"names": [table.name for table in there]}).scalars().all()
    for table in there:
        table.drop(connection)
    for function in called:
        connection.execute(text(f"DROP FUNCTION {function}"))
    connection.execute(text(f"DROP TABLE IF EXISTS {tables.VERSIONS}"))


_CALLED = text(
    "SELECT DISTINCT t.tgfoid::regprocedure::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(:names)"
)


def _fill(connection: Connection, opened: zipfile.ZipFile, manifest: Manifest, there: list[Table], tell: Tell) -> None:
    if strange := manifest.tables.keys() ^ {table.name for table in there}:
        raise ValueError(f"it has other tables than the schema {manifest.schema}: {min(strange)}")
    for table in reversed(there):
        if tables.count(connection, table):  # What the migrations have put there.
            connection.execute(table.delete())
    done = 0

    def counted(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        nonlocal done
        for row in rows:
            done += 1
            tell("Restoring the database", done, manifest.rows)
            yield row

    for table in there:
        part = manifest.tables[table.name]
        if set(part.columns) != {column.name for column in table.c}:
            raise ValueError(f"the table {table.name} has other columns in the schema {manifest.schema}")
        tables.fill(connection, table, counted(read_table(opened, table_member(table.name), part)))


def _about_the_key(manifest: Manifest, keeping: Keeping, own_key: bool) -> list[str]:
    is_theirs = own_key and "secret_key" in manifest.keys
    if is_theirs or not manifest.key_mark or manifest.key_mark == mark(keeping.secret_key):
        return []
    return [
        "SECRET_KEY is another than that of the backup: everybody has to sign in again, and second factors cannot be "
        "checked. Set it to what it was, and restore again (docs/backup.md)."
    ]
