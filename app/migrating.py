"""Brings the database to the newest schema, when the program starts: one instance of all does, and the others wait.

Before it changes anything it keeps what there was, as a backup without files, in DATA_DIR/snapshots. The migrations
then are one transaction, on SQLite too: one that fails, or is killed, leaves the old data, and is begun anew next time.
"""

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from sqlalchemy import Connection

from app import backup, reasons, upkeep
from app.progress import Progress

ROOT = Path(__file__).parent.parent
SNAPSHOTS = 5
"""How many are kept."""


class CannotMigrate(Exception):
    """One sentence: what is in the way."""


def configuration() -> Config:
    return Config(str(ROOT / "alembic.ini"))


def bring_up_to_date(url: str, data_dir: Path, config: Config | None = None) -> None:
    """CannotMigrate if that cannot be done: then everything is as it was."""
    config = config or configuration()
    with upkeep.connected(url) as connection, upkeep.alone(connection, _waiting):
        here, newest = revision(connection), head(config)
        if here == newest:
            return
        _require_known(here, config)
        kept = _snapshot(url, data_dir / "snapshots", here, newest) if here else None
        try:
            with upkeep.all_or_nothing(connection):
                upgrade(connection, newest, config)
        except Exception as error:
            where = f", and a snapshot of it is {kept}" if kept else ""
            raise CannotMigrate(
                f"The database could not be brought from {here or 'nothing'} to {newest} ({reasons.of(error)}): "
                f"it is as it was{where}."
            ) from error


def head(config: Config) -> str:
    """The revision of the newest schema that this program knows."""
    newest = ScriptDirectory.from_config(config).get_current_head()
    assert newest is not None
    return newest


def revision(connection: Connection) -> str | None:
    """That of the database; None for one without tables of ours."""
    here = MigrationContext.configure(connection).get_current_revision()
    connection.rollback()
    return here


def is_known(revision: str, config: Config) -> bool:
    """By its whole name: to Alembic `head`, or the beginning of a name, would be one as well."""
    try:
        found = ScriptDirectory.from_config(config).get_revision(revision)
    except (CommandError, ResolutionError):
        return False
    return found is not None and found.revision == revision


def upgrade(connection: Connection, revision: str, config: Config) -> None:
    """Migrate within the transaction of the connection."""
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    finally:
        del config.attributes["connection"]


def _require_known(here: str | None, config: Config) -> None:
    if here and not is_known(here, config):
        raise CannotMigrate(
            f"The database has the schema {here}, which this Tandem does not know: it was used by a newer one. Start "
            "that, or restore a backup that was made before (docs/upgrade.md)."
        )


def _snapshot(url: str, folder: Path, here: str, newest: str) -> Path:
    progress = Progress()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"before-{newest}-from-{here}.zip"
        path.unlink(missing_ok=True)  # Of a try that failed: since then people may have worked.
        with upkeep.connected(url) as connection:
            backup.make(path, connection, progress)
        backup.prune(folder, "before-*.zip", SNAPSHOTS)
    except (OSError, backup.CannotBackUp) as error:
        raise CannotMigrate(f"The database is not migrated, as no snapshot of it can be made ({error}).") from error
    finally:
        progress.end()
    return path


def _waiting() -> None:
    print("Another Tandem is looking after this database: waiting until it is done …", file=sys.stderr, flush=True)
