"""A PostgreSQL and a Redis of the tests' own: on unix sockets in a temporary folder, ended with the run."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import redis

PATIENCE = 30.0
"""Seconds that a server may take to start."""


class PostgreSQL:
    """One cluster, to be thrown away: nothing of it is flushed to the disk."""

    settings = (
        "listen_addresses=",
        "max_connections=200",
        "shared_buffers=64MB",
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "autovacuum=off",
    )

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._owner = _server_user() if os.getuid() == 0 else {}
        if self._owner:
            shutil.chown(folder, **self._owner)
        # Sorted as people would, not byte by byte: ranks must not depend on it.
        locale = ["--locale-provider=icu", "--icu-locale=en-US"] if self._knows_icu() else []
        self._run("initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", *locale)
        self.start()

    def start(self) -> None:
        options = [part for setting in self.settings for part in ("-c", setting)]
        command = [_postgresql("postgres"), "-D", self.folder / "data", "-k", self.folder, *options]
        self._process = _start(command, self.folder, **self._owner)
        _wait_for(self._process, self.folder, lambda: self.connect().close())

    def restart_immediately(self) -> None:
        """As after a crash: connections are cut, nothing is written down first, the log is replayed."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(PATIENCE)
        self.start()

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(host=str(self.folder), user="postgres", dbname=database, autocommit=True)

    def execute(self, statement: str) -> None:
        with self.connect() as connection:
            connection.execute(statement)  # type: ignore[arg-type]  # To psycopg a statement is a literal.

    def stop(self) -> None:
        _stop(self._process)

    def _knows_icu(self) -> bool:
        return "--locale-provider" in self._run("initdb", "--help")

    def _run(self, program: str, *arguments: str | Path) -> str:
        command = [_postgresql(program), *map(str, arguments)]
        ended = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, **self._owner)
        assert ended.returncode == 0, f"{program} failed:\n{ended.stderr}"
        return ended.stdout


class CrashSafePostgreSQL(PostgreSQL):
    """What it has committed survives `restart_immediately`; only the machine itself must not crash."""

    settings = ("listen_addresses=", "max_connections=200", "shared_buffers=64MB", "fsync=off", "synchronous_commit=on")


class RedisServer:
    """A Redis that keeps nothing; `stop` or `kill`, and `start` again, leave its address as it was."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"unix://{folder}/redis.sock"
        self.start()

    def start(self) -> None:
        program = shutil.which("redis-server")
        assert program, "The tests need redis-server: install it and start again."
        self._process = _start([program, "--save", "", "--appendonly", "no", *self._options()], self.folder)
        with self.client() as client:
            _wait_for(self._process, self.folder, client.ping)

    def stop(self) -> None:
        self.resume()
        _stop(self._process)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def pause(self) -> None:
        """It keeps its connections and says nothing any more."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def flush(self) -> None:
        """Forget everything that it holds."""
        with self.client() as client:
            client.flushall()

    def drop_listeners(self) -> int:
        """Cut everyone who is subscribed to something; how many that were."""
        with self.client() as client:
            return int(client.execute_command("CLIENT", "KILL", "TYPE", "pubsub"))

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def client(self) -> contextlib.closing[redis.Redis]:
        return contextlib.closing(redis.Redis.from_url(self.url, socket_timeout=PATIENCE))

    def _options(self) -> list[str | Path]:
        return ["--port", "0", "--unixsocket", self.folder / "redis.sock"]


@contextlib.contextmanager
def running(server: type[Any]) -> Iterator[Any]:
    """A server in a folder of its own; both are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="tandem-", dir=memory()))  # Short: a socket's path may have 107 bytes.
    try:
        started = server(folder)
        try:
            yield started
        finally:
            started.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def memory() -> str | None:
    """Where files cost nothing, if there is such a place and it has room."""
    memory = "/dev/shm"
    has_room = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**30
    return memory if has_room else None


def _server_user() -> dict[str, str | int]:
    """PostgreSQL refuses to run as root."""
    entry = pwd.getpwnam("postgres")
    return {"user": entry.pw_uid, "group": entry.pw_gid}


def _postgresql(program: str) -> str:
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: int(path.parts[4]))
    homebrew = sorted(Path("/opt/homebrew/opt").glob(f"postgresql*/bin/{program}"))
    found = shutil.which(program) or next(map(str, reversed(debian + homebrew)), None)
    assert found, f"The tests need PostgreSQL's {program}: install postgresql and start again."
    return found


def _start(command: list[Any], folder: Path, **options: Any) -> subprocess.Popen[bytes]:
    with (folder / "output").open("ab") as output:
        # Not in our process group: Ctrl-C is for the tests, which then stop the servers in order.
        return subprocess.Popen(
            list(map(str, command)), stdout=output, stderr=output, cwd=folder, start_new_session=True, **options
        )


def _wait_for(process: subprocess.Popen[bytes], folder: Path, answers: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            answers()
            return
        except (psycopg.OperationalError, redis.ConnectionError):
            output = (folder / "output").read_text(errors="replace")
            assert process.poll() is None, f"The server ended:\n{output}"
            assert time.monotonic() < deadline, f"The server does not answer:\n{output}"
            time.sleep(0.02)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)  # PostgreSQL takes SIGTERM as "when everyone has left".
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
