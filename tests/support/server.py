"""The program itself, as bin/start runs it: a parent that watches and its workers, on a free port."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from app.settings_shown import every_setting
from tests.support.stores import ROOT

PATIENCE = 60.0
"""Seconds that the program may take to start, on a machine that is busy with other things."""
UNHURRIED = {
    "MESSAGE_RATE_LIMIT": "1000000",
    "MAX_CONNECTIONS_PER_USER": "1000",
    "MAX_CONNECTIONS_PER_ADDRESS": "100000",
    "SOCKET_EVENT_RATE": "100000",
}
"""Limits for those who are no people and have other questions."""


class Server:
    """A running program; `environment` are its settings, and those of this process do not reach it.

    All tests come from one address: how often it may try to get in is what few of them are about.
    """

    program = ("-m", "app.serve")
    """What Python runs."""
    pid: int
    database_url: str
    """That of the program, also where it chose one by itself."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        _build_pages()
        self.database_url = environment.get("DATABASE_URL") or f"sqlite+aiosqlite:///{folder}/data/tandem.db"
        self.data_dir = Path(environment.get("DATA_DIR") or folder / "data")
        self.port = int(environment.get("PORT") or free_port())
        self.url = f"http://127.0.0.1:{self.port}"
        self._output = folder / "output"
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, *self.program, *arguments],
                env=plain_environment()
                | {"PORT": str(self.port), "DATA_DIR": str(folder / "data"), "DOOR_RATE_LIMIT": "1000000"}
                | environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C is for the tests, which then stop the program.
            )
        self.pid = self._process.pid
        self.worker_count = int(environment.get("WORKERS", 1))
        try:
            _wait_for(self._is_healthy, lambda: f"The program does not answer:\n{self.log}")
            _wait_for(lambda: len(self.workers) == self.worker_count, lambda: f"Workers are missing:\n{self.log}")
        except BaseException:
            self.stop()
            raise

    @property
    def workers(self) -> list[int]:
        """The process ids of the workers that run now."""
        return _children(self.pid)

    @property
    def log(self) -> str:
        """Everything that it has printed so far."""
        return self._output.read_text(errors="replace")

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        """End it as a person would; what does not end so is killed."""
        workers = self.workers
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            for pid in [self.pid, *workers]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._process.wait()

    def _is_healthy(self) -> bool:
        assert self.is_running, f"The program ended:\n{self.log}"
        try:
            with urllib.request.urlopen(f"{self.url}/health/ready", timeout=PATIENCE) as answer:
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError):
            return False


@contextlib.contextmanager
def serving(*arguments: str, **environment: str) -> Iterator[Server]:
    """The program in a folder of its own; both are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="tandem-") as folder:
        server = Server(Path(folder), *arguments, **environment)
        try:
            yield server
        finally:
            server.stop()


def free_port() -> int:
    with socket.create_server(("", 0)) as listener:
        return listener.getsockname()[1]


def at_its_address() -> dict[str, str]:
    """Settings of a program that must know its own address before it runs."""
    port = free_port()
    return {"PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}"}


def _build_pages() -> None:
    if not (ROOT / ".web/build/client").exists():
        subprocess.run([sys.executable, "-m", "app.build"], cwd=ROOT, check=True)


def plain_environment() -> dict[str, str]:
    """That of this process, without what is set for a Tandem in it."""
    ours = {item.metadata["name"] for item in every_setting()}
    return {name: value for name, value in os.environ.items() if name not in ours}


def _children(pid: int) -> list[int]:
    """In the order in which they were started."""
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in listing.splitlines()]
    return sorted(int(child) for child, parent, state in rows if int(parent) == pid and not state.startswith("Z"))


def _wait_for(is_so: Callable[[], bool], words: Callable[[], str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, words()
        time.sleep(0.05)
