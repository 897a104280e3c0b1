"""backup and restore."""

import argparse
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import IO

from app import backup, occupied, place, restore, serve, settings, upkeep
from app.keeping import Keeping
from app.manifest import Manifest
from app.progress import Progress
from app.restore import CannotRestore
from app.settings import Settings


def add(commands) -> None:
    from app.cli import path

    backing = commands.add_parser("backup", help="write everything into one file", description=back_up.__doc__)
    backing.add_argument("file", type=path, help="the file to write; in a folder, it is named after the time")
    backing.set_defaults(work=back_up)
    restoring = commands.add_parser("restore", help="bring everything back from one", description=bring_back.__doc__)
    restoring.add_argument("file", type=path, help="what `backup` has written")
    restoring.add_argument("--check", action="store_true", help="only check whether it is whole, and can be restored")
    restoring.add_argument("--replace", action="store_true", help="also where there is something, which is then gone")
    restoring.add_argument("--yes", action="store_true", help="do not ask before that")
    restoring.set_defaults(work=bring_back)


def back_up(chosen: argparse.Namespace) -> int:
    """Write the whole instance into one file: database, files and keys, as of one moment, while Tandem runs. Whoever
    has that file has everything."""
    here = settings.get()
    serve.wait_for_database(here)
    file: Path = chosen.file
    if file.is_dir():
        file /= f"tandem-{datetime.now():%Y-%m-%d-%H%M%S}.zip"
    progress, started = Progress(), time.monotonic()
    try:
        with upkeep.connected(here.database_url) as connection:
            made = backup.make(file, connection, progress, _keeping(here))
    finally:
        progress.end()
    print(f"{file}: {_contents(made)}, in {time.monotonic() - started:.0f} s.")
    if made.missing:
        print(
            f"{len(made.missing):,} files that the database names are not in {here.data_dir / 'files'}: "
            f"{', '.join(made.missing[:5])}{' …' if len(made.missing) > 5 else ''}.",
            file=sys.stderr,
        )
    return 0


def bring_back(chosen: argparse.Namespace) -> int:
    """Bring an instance back from a file that `backup` has written, in the database of DATABASE_URL and in DATA_DIR.
    All of the file is checked before anything is changed; what fails leaves everything as it was."""
    progress = Progress()
    try:
        found = restore.look(chosen.file, progress)
        progress.end()
        print(f"{chosen.file} is whole: {_contents(found)}, made {found.made_at}, schema {found.schema}.")
        if chosen.check:
            return 0
        here = settings.get()
        serve.make_data_dir(here)
        with _alone(here):
            serve.wait_for_database(here)
            beats = _require_place(here, chosen)
            own_key, keeping = not here.given_secret_key, _keeping(here)
            told = restore.put(chosen.file, here.database_url, keeping, progress, own_key=own_key, beats=beats)
    finally:
        progress.end()
    print(f"Restored: {place.held(here.database_url) or 'nobody was in it'}. Start Tandem now.")
    for sentence in told:
        print(sentence, file=sys.stderr)
    return 0


def _alone(here: Settings) -> IO[bytes]:
    """Whoever starts from now on waits until what this returns is closed."""
    try:
        return occupied.take(here.data_dir)
    except occupied.Occupied:
        raise CannotRestore(
            f"Tandem is running on this database, or another command is at work with {here.data_dir}: stop it first, "
            "then restore."
        ) from None


def _require_place(here: Settings, chosen: argparse.Namespace) -> place.Beats:
    """Nobody runs here, and what is here may go; the beats with which that was seen."""
    if place.is_running(here.database_url):
        raise CannotRestore("Tandem is running on this database: stop it first, then restore.")
    beats, held = place.beats(here.database_url), place.held(here.database_url)
    if held is not None:
        _require_consent(held, chosen)
    return beats


def _require_consent(held: place.Held, chosen: argparse.Namespace) -> None:
    if not chosen.replace:
        raise CannotRestore(f"There is something here already: {held}. With --replace it is replaced, and gone.")
    if chosen.yes:
        return
    if not sys.stdin.isatty():
        raise CannotRestore(f"There is something here already: {held}. Say --yes as well, as nobody can be asked.")
    answer = input(f"There is something here already: {held}. It will be gone. Type `replace` to go on: ")
    if answer.strip() != "replace":
        raise CannotRestore("Nothing was changed.")


def _keeping(here: Settings) -> Keeping:
    return Keeping(here.data_dir, here.secret_key)


def _contents(made: Manifest) -> str:
    files = f"{len(made.files):,} files ({made.bytes_of_files / 1e6:,.1f} MB)"
    return f"{made.rows:,} rows in {len(made.tables)} tables, {files}"
