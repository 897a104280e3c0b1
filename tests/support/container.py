"""The image's entry, run in a tree of its own as the image's user would run it: no root, nothing of it writable."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.support.server import free_port
from tests.support.services import memory
from tests.support.stores import ROOT

LAID_OUT = ("app", "alembic", "container", "alembic.ini", "rxconfig.py", ".venv", ".web")
"""What of the project is in the image."""
PATIENCE = 240.0
"""Seconds that anything may take, on a machine that is busy with other things."""


class Container:
    """A tree and its folder for data; `start`, `stop` and `start` again, as a container with a volume."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.tree, self.data = folder / "tandem", folder / "data"
        self.tree.mkdir()
        for name in LAID_OUT:
            (self.tree / name).symlink_to(ROOT / name)
        self.data.mkdir()
        self._run_dir = folder / "run"
        self._run_dir.mkdir()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(self.data),
            "PORT": str(self.port),
            "DATA_DIR": str(self.data),
            "RUN_DIR": str(self._run_dir),
            "WORKERS": "2",
            "DOOR_RATE_LIMIT": "1000000",
        } | environment
        self._output = folder / "output"
        self._output.touch()
        self._user = _postgres() if os.getuid() == 0 else []
        if self._user:
            for mine in (self.data, self._run_dir, self._output):  # An engine, too, gives the output to the user.
                shutil.chown(mine, "postgres")

    def start(self, *arguments: str) -> None:
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(
                [*self._user, self.tree / "container/entry", *arguments],
                env=self._environment,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.until(self.is_healthy)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The entry with other arguments, beside the one that runs: its answer."""
        command = [*self._user, self.tree / "container/entry", *arguments]
        return subprocess.run(command, env=self._environment, cwd="/", capture_output=True, text=True, timeout=PATIENCE)

    def stop(self) -> float:
        """As `docker stop`; after how many seconds it had ended, and everything in it."""
        started, inside = time.monotonic(), self.processes
        self._process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(30)
        took = time.monotonic() - started
        for pid in {self._process.pid, *inside} & set(every_process()):
            os.kill(pid, signal.SIGKILL)
            took = PATIENCE
        self._process.wait()
        return took

    @property
    def status(self) -> int | None:
        return self._process.poll()

    @property
    def log(self) -> str:
        return self._output.read_text(errors="replace")

    @property
    def processes(self) -> dict[int, str]:
        """Everything that runs in it but the supervisor: what each is, by its id."""
        table, found, news = every_process(), {}, [self._process.pid]
        while news:
            parent = news.pop()
            for pid, (its_parent, name) in table.items():
                if its_parent == parent:
                    found[pid] = name
                    news.append(pid)
        return found

    def part(self, name: str) -> int:
        """The process that the supervisor started for it: postgres, redis-server or python."""
        table = every_process()
        return next(pid for pid, told in self.processes.items() if told == name and table[pid][0] == self._process.pid)

    def is_healthy(self) -> bool:
        assert self.status is None, f"It ended:\n{self.log}"
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=PATIENCE) as answer:
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def until(self, is_so: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < deadline, f"It did not come to that:\n{self.log}"
            time.sleep(0.1)


@contextlib.contextmanager
def container(**environment: str) -> Iterator[Container]:
    folder = Path(tempfile.mkdtemp(prefix="tandem-", dir=memory()))
    folder.chmod(0o755)
    made = Container(folder, **environment)
    try:
        yield made
    finally:
        with contextlib.suppress(AttributeError):  # It was never started.
            made.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _postgres() -> list[str]:
    """No root, who still may read where root's Python lies."""
    may_read = [f"--{kind}-caps=+dac_read_search" for kind in ("inh", "ambient")]
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *may_read]


def every_process() -> dict[int, tuple[int, str]]:
    """Every process that is no zombie: its parent and what it is called."""
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat=,comm="], capture_output=True, text=True, check=True)
    rows = [line.split(None, 3) for line in listing.stdout.splitlines()]
    return {int(pid): (int(parent), name) for pid, parent, state, name in rows if not state.startswith("Z")}
