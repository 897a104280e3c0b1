"""What Tandem keeps is for the user that runs it, and for no other: addresses, password hashes, texts, keys.

Whatever is made while `by_default` holds is so from its first moment. `tighten` sees to what versions before have made.
"""

import contextlib
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import make_url

from app import occupied
from app.settings import Settings

OTHERS = 0o077
"""The bits of a mode that let somebody in who is not the owner."""
BESIDE = ("", "-wal", "-shm", ".lock")
"""What a SQLite database has beside it, by the end of its name (the last one is ours: upkeep.py)."""
IN_DATA_DIR = ("files", "imports", "snapshots", occupied.FILE)
"""What we make there, beside keys and backups, which always were closed. What is in a folder is closed with it."""


@contextlib.contextmanager
def by_default() -> Iterator[None]:
    """Files and folders that this process makes inside, and the processes that it starts, are its owner's alone."""
    before = os.umask(OTHERS)
    try:
        yield
    finally:
        os.umask(before)


def tighten(chosen: Settings) -> None:
    """Close to others what is there and ours. DATA_DIR itself stays as it is: it may be so on purpose."""
    for path in [*_of_the_database(chosen.database_url), *(chosen.data_dir / name for name in IN_DATA_DIR)]:
        _close(path)


def _of_the_database(url: str) -> list[Path]:
    parts = make_url(url)
    if parts.get_backend_name() != "sqlite" or not parts.database:
        return []
    return [Path(f"{parts.database}{end}") for end in BESIDE]


def _close(path: Path) -> None:
    try:
        found = path.stat()
    except OSError:  # What cannot be reached is told by whoever needs it.
        return
    mode = stat.S_IMODE(found.st_mode)
    if found.st_uid != os.geteuid() or not mode & OTHERS:
        return
    try:
        path.chmod(mode & ~OTHERS)
    except OSError as error:
        print(f"{path} can be read by others, and that cannot be changed ({error.strerror}).", file=sys.stderr)
