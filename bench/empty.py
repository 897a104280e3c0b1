"""An empty Reflex app: one state, one page, nothing of ours but the server under it. What any Reflex app costs.

`python -m bench.empty` serves it on PORT with as many workers as WORKERS says; its pages are never asked for.
"""

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
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app import settings
from app.serve import Server, listen, reflex_environment
from tests.support.stores import ROOT

PATIENCE = 60.0


@dataclass
class Empty:
    url: str
    pid: int

    @property
    def workers(self) -> list[int]:
        listing = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return sorted(map(int, listing.split()))


@contextlib.contextmanager
def serving(workers: int = 2) -> Iterator[Empty]:
    """The empty app on a free port."""
    with socket.create_server(("", 0)) as listener:
        port = listener.getsockname()[1]
    with tempfile.TemporaryFile() as output:
        environment = os.environ | {"PORT": str(port), "WORKERS": str(workers)} | _shared()
        command = [sys.executable, "-m", "bench.empty"]
        process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=output, stderr=output, start_new_session=True
        )
        empty = Empty(f"http://127.0.0.1:{port}", process.pid)
        try:
            _wait(process, empty, workers)
            yield empty
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(15)


def _shared() -> dict[str, str]:
    """More than one worker is only allowed with these, which the empty app never opens."""
    return {"DATABASE_URL": "postgresql://nobody@localhost/nothing", "REDIS_URL": "redis://localhost:1"}


def _wait(process: subprocess.Popen[bytes], empty: Empty, workers: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        assert process.poll() is None, "The empty app did not start."
        assert time.monotonic() < deadline, "The empty app does not answer."
        with (
            contextlib.suppress(urllib.error.URLError, ConnectionError),
            urllib.request.urlopen(f"{empty.url}/ping", timeout=PATIENCE) as answer,
        ):
            if answer.status == 200 and len(empty.workers) == workers:
                return
        time.sleep(0.05)


class EmptyServer(Server):
    """Ours, with another app in it."""

    def load(self) -> Any:
        return make()


def make() -> Any:
    import reflex as rx

    class Nothing(rx.State):
        number: int = 0

    app = rx.App()
    app.add_page(lambda: rx.el.main(Nothing.number), route="/", title="Nothing")
    return app


def main() -> None:
    chosen = settings.get()
    listener = listen(chosen.port)
    os.environ.update(reflex_environment(chosen) | {"__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "false"})
    EmptyServer(chosen, listener).run()


if __name__ == "__main__":
    main()
