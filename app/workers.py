"""The worker processes: gunicorn replaces those that die or hang (watch.py); uvicorn serves in each."""

import asyncio
import gc
import os
import select
import signal
import socket
import sys
import time
from typing import Any, cast

import uvicorn
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from uvicorn_worker import UvicornWorker

from app import allocator, checks, log, watch
from app.figures import declared, memory
from app.requests import HTTP
from app.settings import Settings
from app.sockets import WebSocket

LARGEST_FRAME = 128 * 1024 + 1024  # bytes from a browser: what web/guard.py lets through, and Socket.IO's envelope
PATIENCE = 5  # seconds for workers that were asked to stop
BACKLOG = 2048  # connections that may wait to be accepted
GIVE_BACK_EVERY = 60  # seconds
ACCEPTING = 1  # seconds for those who have connected and were not accepted when a worker is asked to stop
LAST_WORDS = 0.3  # seconds for what was just committed, or refused, to reach its tabs before they are closed


class Server(BaseApplication):
    """gunicorn, told everything here: it reads no file, no command line and no GUNICORN_CMD_ARGS."""

    def __init__(self, chosen: Settings, listener: socket.socket):
        self.chosen = chosen
        self.largest_worker = chosen.worker_memory_mb * 1_000_000
        address = chosen.public_url or f"http://localhost:{chosen.port}"
        self.options = {
            "bind": f"fd://{listener.fileno()}",
            "workers": chosen.workers,
            "worker_class": Worker,
            "preload_app": True,
            "pre_fork": _give_a_row,
            "when_ready": lambda _: print(f"Tandem is at {address}", flush=True),
            "timeout": int(watch.HUNG),
            "graceful_timeout": PATIENCE,
            "keepalive": 65,  # longer than the minute that load balancers keep an idle connection
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        gc.disable()  # Nothing of what is imported goes away: to look for that would be a seventh of the time.
        from app.app import app

        log.begin(self.chosen.log_level)
        checks.newest_schema()  # Asked of each worker later: what it takes to find out is shared.
        # What is here now stays. A collector that looked through it in every worker would write to all its pages, which
        # they share as long as nobody does.
        gc.collect()
        gc.freeze()
        gc.enable()
        allocator.settle()
        allocator.give_back()
        return app

    def run(self) -> None:
        watch.Watch(self).run()


def _give_a_row(arbiter: Arbiter, worker: Any) -> None:
    """Which of the shared rows of figures a worker counts in: the one that a dead worker has left, if there is one."""
    others = cast("dict[int, Worker]", arbiter.WORKERS)
    worker.row = memory.free_row(other.row for other in others.values())


class Gentle(uvicorn.Server):
    """Shares a crowd evenly with its siblings; ends what runs before it closes connections."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or []:
            listener.listen(BACKLOG)  # uvicorn made it as short as the number that asyncio accepts in one go.

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        from app.web import running

        await _accept_all(sockets or [])
        for listener in [*self.servers, *(sockets or [])]:
            listener.close()  # Whoever comes now goes to another worker or instance.
        await running.end(PATIENCE - 2)
        await asyncio.sleep(LAST_WORDS)
        await super().shutdown(sockets)


async def _accept_all(listeners: list[socket.socket]) -> None:
    """Have the loop accept those who have connected: when the last worker closes the port, the others are cut off."""
    waiting = select.poll()
    for listener in listeners:
        waiting.register(listener, select.POLLIN)
    end = time.monotonic() + ACCEPTING
    while waiting.poll(0) and time.monotonic() < end:  # noqa: ASYNC110 - there is no event: the loop takes one a turn.
        await asyncio.sleep(0)
    for listener in listeners:
        asyncio.get_running_loop().remove_reader(listener)
    for _ in range(3):  # Who was accepted last is handed over in the turns after that, while the server is still open.
        await asyncio.sleep(0)


class Worker(UvicornWorker):
    CONFIG_KWARGS: dict[str, Any] = {  # noqa: RUF012 - uvicorn-worker's own declaration
        "factory": True,
        "backlog": 1,  # One connection accepted in one go, so that no worker takes the whole of a crowd.
        "http": HTTP,
        "ws": WebSocket,
        "ws_max_size": LARGEST_FRAME,
        "ws_per_message_deflate": False,
        "ws_ping_interval": None,  # Socket.IO has a heartbeat of its own
        "timeout_graceful_shutdown": 1,
        "timeout_notify": 1,
        "server_header": False,
        "proxy_headers": False,  # X-Forwarded-For is what anybody writes into it: web/address.py decides
    }

    row: int = 0
    """Given by the parent (`_give_a_row`)."""
    gave_back = 0.0
    """When it last gave back memory, by time.monotonic."""

    def init_process(self) -> None:
        declared.memory.take(self.row)
        os.setpgid(0, 0)  # Ctrl-C is for the parent, which then stops the workers
        try:
            super().init_process()
        except (Exception, SystemExit):
            if self.age <= self.cfg.workers:
                raise  # one of the first: the start has failed
            # gunicorn gives up when a worker cannot boot. Once others have, the reason passes: a database that is away.
            self.log.exception("A new worker could not start; trying again.")
            time.sleep(1)
            sys.exit(1)

    async def _serve(self) -> None:
        """As uvicorn-worker's, with the gentle server."""
        self.config.app = self.wsgi
        server = Gentle(config=self.config)
        self._install_sigquit_handler()
        await server.serve(sockets=self.sockets)
        if not server.started:
            sys.exit(Arbiter.WORKER_BOOT_ERROR)

    async def callback_notify(self) -> None:
        """Runs every second: a sign of life; and when the parent was killed, the port is set free."""
        self.notify()
        if (now := time.monotonic()) > self.gave_back + GIVE_BACK_EVERY:
            self.gave_back = now
            allocator.give_back()
        if os.getppid() != self.ppid:
            os.kill(os.getpid(), signal.SIGTERM)
