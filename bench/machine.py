"""What a figure depends on: the machine, the versions, what the servers under it promise, the CPU that was spent."""

import contextlib
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

from tests.support.services import PostgreSQL
from tests.support.stores import ROOT

PACKAGES = ("reflex", "uvicorn", "gunicorn", "websockets", "python-socketio", "sqlalchemy", "psycopg", "redis")


class DurablePostgreSQL(PostgreSQL):
    """As it comes: a commit is on the disk before it is answered."""

    settings = ("listen_addresses=", "max_connections=200", "shared_buffers=128MB")


@contextlib.contextmanager
def durable_postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL of the bench's own, on the disk where temporary files are."""
    folder = Path(tempfile.mkdtemp(prefix="tandem-"))
    try:
        server = DurablePostgreSQL(folder)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def description() -> str:
    """A line for above a table."""
    cores = len(os.sched_getaffinity(0))
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{cores} cores ({_model()}), {platform.system()} {platform.release()}, Python {platform.python_version()}, "
        f"{packages}; commit {_commit()}; load {os.getloadavg()[0]:.1f} at the start."
    )


def cpu_seconds(pids: Iterable[int]) -> float:
    """On all threads of these processes since they started; Linux only."""
    spent = 0
    for pid in pids:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(FileNotFoundError):
                spent += int((thread / "schedstat").read_text().split()[0])
    return spent / 1e9


def _model() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _commit() -> str:
    commit = _git("rev-parse", "--short", "HEAD")
    return commit + " with changes" * bool(_git("status", "--porcelain", "--", "app"))


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True).stdout.strip()
