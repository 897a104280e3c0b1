"""Who is in an instance: programs that run share it, and a restore has it alone.

A lock of the system on a file in DATA_DIR says so. It ends with the last process that has the file open: a program that
was killed is out when its workers are. Machines that share DATA_DIR see each other where its file system carries locks,
as NFS 4 does; where it has none, only the lease in the database tells (place.py).
"""

import errno
import fcntl
from collections.abc import Callable
from pathlib import Path
from typing import IO

FILE = "in-use.lock"
WITHOUT_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)


class Occupied(Exception):
    """Others are in."""


def share(data_dir: Path, waiting: Callable[[], None]) -> IO[bytes]:
    """Be in, with all who share it, until what this returns is closed by every process that has it.

    Where a restore has it, `waiting` is called, and this takes until that is done.
    """
    file = _open(data_dir)
    if not _lock(file, fcntl.LOCK_SH):
        waiting()
        fcntl.flock(file, fcntl.LOCK_SH)
    return file


def take(data_dir: Path) -> IO[bytes]:
    """Be in alone, until what this returns is closed; Occupied if somebody is in."""
    file = _open(data_dir)
    if not _lock(file, fcntl.LOCK_EX):
        file.close()
        raise Occupied
    return file


def _open(data_dir: Path) -> IO[bytes]:
    data_dir.mkdir(parents=True, exist_ok=True)
    return (data_dir / FILE).open("a+b")  # Over NFS, what is to be had alone must be open for writing.


def _lock(file: IO[bytes], kind: int) -> bool:
    """False if others are in the way."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in WITHOUT_LOCKS:
            raise
    return True
