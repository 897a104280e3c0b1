"""Starts the workers and keeps them running: `python -m app.serve [--demo]`.

The parent binds the port, imports the program once and watches. A worker is a copy of it, made in a moment; they share
nothing but the socket, for the parent opens no connection. A worker that dies or hangs is replaced, for ever.
"""

import asyncio
import errno
import multiprocessing
import os
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import Callable
from typing import IO

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from app import migrating, occupied, private, reasons, settings, upkeep, vapid
from app.migrating import CannotMigrate
from app.settings import Settings, SettingsError
from app.workers import LARGEST_FRAME, Server

PATIENCE = 5  # seconds for one try to connect
FOR_REDIS = 3  # seconds for a Redis that is just starting: without one people work all the same


class CannotStart(Exception):
    """One sentence: what is in the way, what to do."""


@private.by_default()
def main(arguments: list[str]) -> int:
    """Serves until it is asked to stop. Exit status: 0 then, 1 when it cannot start."""
    demo = arguments == ["--demo"]
    if arguments and not demo:
        print("usage: bin/start [--demo]", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # until gunicorn takes over
    try:
        chosen = settings.get()
        listener = listen(chosen.port)
        with use(chosen):
            in_a_child(prepare, chosen, demo)
            os.environ.update(reflex_environment(chosen))
            Server(chosen, listener).run()
    except (SettingsError, CannotStart) as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


def listen(port: int) -> socket.socket:
    """The port is ours from here on: whoever comes before the workers are up waits for them."""
    try:
        if socket.has_dualstack_ipv6():
            return socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True)
        return socket.create_server(("", port))
    except OSError as error:
        reason = os.strerror(error.errno or 0).lower()
        raise CannotStart(f"PORT is {port}, and cannot be used ({reason}): stop what has it, or set another.") from None


def use(chosen: Settings) -> IO[bytes]:
    """From here on nothing is restored, until what this returns is closed; while something is, this waits."""
    try:
        return occupied.share(chosen.data_dir, _waiting_for_a_restore)
    except OSError as error:
        raise _no_data_dir(chosen, error) from None


def _waiting_for_a_restore() -> None:
    print("A backup is being restored here: waiting until that is done …", file=sys.stderr, flush=True)


def in_a_child(work: Callable[..., None], *arguments: object) -> None:
    """Does the work in a process of its own, which takes its connections and threads with it when it ends."""
    forked = multiprocessing.get_context("fork")
    child = forked.Process(target=_or_a_sentence, args=(work, *arguments), daemon=True)
    child.start()
    child.join()
    if child.exitcode:
        raise SystemExit(1)


def _or_a_sentence(work: Callable[..., None], *arguments: object) -> None:
    try:
        work(*arguments)
    except (CannotStart, CannotMigrate) as reason:
        print(reason, file=sys.stderr)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(0) from None


def prepare(chosen: Settings, demo: bool) -> None:
    """Database and Redis answer, the schema is the newest, the demo world is there if it is wanted."""
    make_data_dir(chosen)
    wait_for_database(chosen)
    if chosen.redis_url:
        look_for_redis(chosen)
    migrating.bring_up_to_date(chosen.database_url, chosen.data_dir)
    if demo:
        load_demo()


def make_data_dir(chosen: Settings) -> None:
    try:
        chosen.data_dir.mkdir(parents=True, exist_ok=True)
        _ = chosen.secret_key
        vapid.key(chosen.data_dir)
        private.tighten(chosen)
    except OSError as error:
        raise _no_data_dir(chosen, error) from None


def _no_data_dir(chosen: Settings, error: OSError) -> CannotStart:
    reason = os.strerror(error.errno or 0).lower()
    remedy = "make room on it" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "set another"
    return CannotStart(f"DATA_DIR is {chosen.data_dir}, and cannot be used ({reason}): {remedy}.")


def wait_for_database(chosen: Settings) -> None:
    """A server may be just starting; a file is there or not."""
    url = make_url(chosen.database_url)
    shown = url.render_as_string(hide_password=True)
    end = time.monotonic() + (chosen.start_timeout if url.get_backend_name() == "postgresql" else 0)
    is_told = False
    while True:
        try:
            with upkeep.connected(chosen.database_url):
                return
        except (DBAPIError, sqlite3.Error) as error:
            reason = reasons.of(error)
        if time.monotonic() >= end:
            remedy = upkeep.remedy(chosen.database_url)
            raise CannotStart(f"The database at {shown} does not answer ({reason}): {remedy}.") from None
        if not is_told:
            is_told = True
            waiting = f"Waiting for the database at {shown} ({reason}), for {chosen.start_timeout} s at most …"
            print(waiting, file=sys.stderr, flush=True)
        time.sleep(0.5)


def look_for_redis(chosen: Settings) -> None:
    """Tandem works without it, more slowly; but an address or a password that is wrong is told at once."""
    from redis import Redis
    from redis.exceptions import AuthenticationError, RedisError, ResponseError

    url = chosen.redis_url.replace("+cluster", "", 1)
    shown = chosen.redis_url.rpartition("@")[2].partition("?")[0]
    end = time.monotonic() + min(FOR_REDIS, chosen.start_timeout)
    while True:
        try:
            Redis.from_url(url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE).ping()
            return
        except (AuthenticationError, ResponseError) as error:
            reason = reasons.of(error)
            raise CannotStart(f"Redis at {shown} does not let us in ({reason}): correct REDIS_URL.") from None
        except RedisError as error:
            reason = reasons.of(error)
        if time.monotonic() >= end:
            break
        time.sleep(0.2)
    print(
        f"Redis at {shown} does not answer ({reason}): start it, or correct REDIS_URL. Until then changes take up to "
        "two seconds to reach other workers.",
        file=sys.stderr,
    )


def load_demo() -> None:
    from app import seeds

    print("The demo world is there. Sign in as:")
    asyncio.run(seeds.main())


def reflex_environment(chosen: Settings) -> dict[str, str]:
    """How a worker runs Reflex: pages are compiled, one port serves all, the heartbeat is ours."""
    return {
        "REFLEX_ENV_MODE": "prod",
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        "REFLEX_SOCKET_INTERVAL": f"{chosen.heartbeat_interval}s",
        "REFLEX_SOCKET_TIMEOUT": f"{chosen.heartbeat_timeout}s",
        "REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE": str(LARGEST_FRAME),
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_REDIS_URL": "",  # Reflex keeps nothing in Redis, whatever the machine has set
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
