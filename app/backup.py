"""A backup of the whole instance: every table as of one moment, every file, and the keys; while the program runs.

It is written aside and gets its name when all of it is on the disk, so that there is no half a backup.
"""

import hashlib
import os
import secrets
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from app import tables, upkeep
from app.archive import PART
from app.domain.models import now
from app.keeping import Keeping
from app.manifest import KEYS, NAME, Manifest, Part, file_member, mark, table_member
from app.progress import Tell

NAMED = {"attachment": ("key", "thumb"), "person": ("avatar",)}
"""Where rows name files."""
LEVEL = 3
"""Of compression: text gets small enough, soon enough."""


class CannotBackUp(Exception):
    """One sentence: what is in the way."""


def make(path: Path, connection: Connection, tell: Tell, keeping: Keeping | None = None) -> Manifest:
    """Write a backup: of the database alone where nothing else is given. A file that is there is never touched."""
    if path.exists():
        raise CannotBackUp(f"{path} is there already: choose another name.")
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
                manifest = _write(archive, connection, tell, keeping)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        raise CannotBackUp(f"{path} is there already: choose another name.") from None
    except OSError as error:
        reason = os.strerror(error.errno or 0).lower()
        raise CannotBackUp(f"{path} cannot be written ({reason}): nothing was kept of it.") from None
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _write(archive: zipfile.ZipFile, connection: Connection, tell: Tell, keeping: Keeping | None) -> Manifest:
    with upkeep.one_snapshot(connection):
        manifest = Manifest(schema=_revision(connection), made_at=now().isoformat(timespec="seconds"))
        found = tables.reflect(connection)
        manifest.last_ids = tables.last_ids(connection, found)
        named = set(_write_tables(archive, manifest, connection, found, tell))
    if keeping:
        manifest.key_mark = mark(keeping.secret_key)
        _write_files(archive, manifest, keeping, tell)
        manifest.missing = sorted(named - manifest.files.keys())
    archive.writestr(NAME, manifest.as_json())
    return manifest


def _revision(connection: Connection) -> str:
    from alembic.runtime.migration import MigrationContext

    if revision := MigrationContext.configure(connection).get_current_revision():
        return revision
    raise CannotBackUp("There is nothing to back up: this database has no tables of Tandem.")


def _write_tables(
    archive: zipfile.ZipFile, manifest: Manifest, connection: Connection, found: list, tell: Tell
) -> Iterator[str]:
    """Write each, one line a row; the keys of the files that rows name."""
    total, done = sum(tables.count(connection, table) for table in found), 0
    for table in found:
        rows, columns = 0, NAMED.get(table.name, ())
        with member(archive, table_member(table.name)) as written:
            for row in tables.rows(connection, table):
                written.write(tables.line(row))
                rows += 1
                tell("Backing up the database", done + rows, total)
                yield from (key for column in columns if (key := row.get(column)))
        done += rows
        manifest.tables[table.name] = Part(written.size, written.sha256, rows, [column.name for column in table.c])


def _write_files(archive: zipfile.ZipFile, manifest: Manifest, keeping: Keeping, tell: Tell) -> None:
    found = list(keeping.files())
    for number, path in enumerate(found):
        tell("Backing up files", number, len(found))
        if part := _copy(archive, path, file_member(path.name)):
            manifest.files[path.name] = part
    for name in KEYS:
        if part := _copy(archive, keeping.data_dir / name, f"keys/{name}"):
            manifest.keys[name] = part


def _copy(archive: zipfile.ZipFile, path: Path, name: str) -> Part | None:
    """None for a file that was taken away at this moment."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return None
    with file, member(archive, zipfile.ZipInfo(name)) as written:  # As it is: files mostly are compressed already.
        for piece in iter(lambda: file.read(PART), b""):
            written.write(piece)
    return Part(written.size, written.sha256)


class Written:
    """A member of the archive that is being written, and what came of it."""

    def __init__(self, file) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, piece: bytes) -> None:
        self._file.write(piece)
        self._digest.update(piece)
        self.size += len(piece)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


@contextmanager
def member(archive: zipfile.ZipFile, name: str | zipfile.ZipInfo) -> Iterator[Written]:
    with archive.open(name, "w", force_zip64=True) as file:
        yield Written(file)


def prune(folder: Path, pattern: str, kept: int) -> Iterable[Path]:
    """Take away all but the newest so many files of a folder; which those were."""
    gone = sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime)[:-kept]
    for path in gone:
        path.unlink()
    return gone
