"""The servers of all variants: started once, stopped at the end; and connections to the worker that is wanted."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bench.machine import cpu_seconds
from tests.support.stores import ROOT

PATIENCE = 60.0
VENV = ROOT / ".venv-rivals"
REQUIREMENTS = ROOT / "bench/rivals/requirements.txt"


@dataclass
class Running:
    """A server: `watcher` is the process that was started, `workers` those that serve (itself, where it has none)."""

    url: str
    watcher: int
    workers: list[int]

    def cpu(self) -> float:
        """Seconds of processor time of the whole tree."""
        return cpu_seconds({self.watcher, *self.workers})

    def is_whole(self) -> bool:
        """Whether the workers are those that it started with."""
        return (children(self.watcher) or [self.watcher]) == self.workers


@contextlib.contextmanager
def started(name: str, workers: int, **environment: str) -> Iterator[Running]:
    """A rival by the name of its module."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    python = nicegui_python() if name == "nicegui_board" else sys.executable
    command = [python, "-m", f"bench.rivals.{name}"]
    if name != "nicegui_board":
        command = [python, "-m", "bench.rivals.serve", name]
    with tempfile.TemporaryDirectory(prefix="tandem-") as folder:
        output = Path(folder) / "output"
        settings = {"PORT": str(port), "WORKERS": str(workers), "DATA_DIR": folder, "PYTHONPATH": str(ROOT)}
        with output.open("wb") as file:
            process = subprocess.Popen(
                command,
                env=os.environ | settings | environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        try:
            url = f"http://127.0.0.1:{port}"
            deadline = time.monotonic() + PATIENCE
            while not (answers(url) and len(children(process.pid)) == (workers if workers > 1 else 0)):
                said = output.read_text(errors="replace")
                assert process.poll() is None, f"{name} ended:\n{said}"
                assert time.monotonic() < deadline, f"{name} does not answer:\n{said}"
                time.sleep(0.05)
            yield Running(url, process.pid, children(process.pid) or [process.pid])
        finally:
            said = output.read_text(errors="replace").strip()
            if re.search("Traceback|ERROR|WARNING", said):
                print(f"{name} said:\n{said[-3000:]}", file=sys.stderr)
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                for pid in [*children(process.pid), process.pid]:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, 9)
                process.wait()


def connections(url: str, seats: Mapping[int, int]) -> Iterator[socket.socket]:
    """Open connections, so many that were accepted by each of the server's processes; the kernel says by which.

    Whichever worker is free accepts a connection, so some are opened in vain and closed before anything was said.
    """
    wanted = dict(seats)
    address = urlsplit(url)
    deadline = time.monotonic() + PATIENCE
    while any(wanted.values()):
        assert time.monotonic() < deadline, f"Worker {wanted} never took a connection."
        made = [
            socket.create_connection((address.hostname, address.port)) for _ in range(min(32, sum(wanted.values())))
        ]
        owners = accepted_by(made, wanted)
        for connection, owner in zip(made, owners, strict=True):
            if wanted.get(owner, 0):
                wanted[owner] -= 1
                yield connection
            else:
                connection.close()


def accepted_by(made: list[socket.socket], pids: Mapping[int, int]) -> list[int]:
    """The process id of the worker that holds the other end of each."""
    ports = {connection.getsockname()[1]: connection.getpeername()[1] for connection in made}
    deadline = time.monotonic() + PATIENCE
    while True:
        owner_of = {inode: pid for pid in pids for inode in _sockets(pid)}
        owners = {}
        for local, remote, inode in _connections():
            if ports.get(remote) == local and inode in owner_of:
                owners[remote] = owner_of[inode]
        if len(owners) == len(made):
            return [owners[connection.getsockname()[1]] for connection in made]
        assert time.monotonic() < deadline, "Connections were not accepted."
        time.sleep(0.005)


def children(pid: int) -> list[int]:
    """The process ids of those that it started and that run."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(FileNotFoundError):
            found += [int(child) for child in task.read_text().split()]
    return sorted(found)


def nicegui_python() -> str:
    """That of a virtual environment of its own, made when it is first wanted or when its pins changed."""
    wanted, mark = REQUIREMENTS.read_text(), VENV / "installed"
    if not mark.exists() or mark.read_text() != wanted:
        print("Installing the rivals' own packages …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
        pip = [VENV / "bin/python", "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", REQUIREMENTS], check=True)
        (VENV / ".gitignore").write_text("*\n")
        mark.write_text(wanted)
    return str(VENV / "bin/python")


def answers(url: str) -> bool:
    try:
        urllib.request.urlopen(f"{url}/", timeout=PATIENCE).close()
    except urllib.error.HTTPError:
        return True
    except (urllib.error.URLError, ConnectionError):
        return False
    return True


def _sockets(pid: int) -> Iterator[str]:
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            if found := re.fullmatch(r"socket:\[(\d+)\]", str(descriptor.readlink())):
                yield found[1]


def _connections() -> Iterator[tuple[int, int, str]]:
    """Of every TCP connection: its own port, the peer's, its inode."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            yield int(fields[1].rpartition(":")[2], 16), int(fields[2].rpartition(":")[2], 16), fields[9]
