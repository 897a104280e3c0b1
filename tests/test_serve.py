"""The program starts or says why not, outlives its workers, and stops when it is asked to."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator

import pytest
import redis

from app import occupied
from tests.support.server import Server, serving
from tests.support.services import RedisServer
from tests.support.stores import ROOT


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("PORT", "three"),
        ("WORKERS", "2"),
        ("DATA_DIR", "/dev/null/here"),
        ("DATABASE_URL", "postgresql://ana:hunter2@127.0.0.1:1/tandem"),
        ("DATABASE_URL", "sqlite:////dev/null/here.db"),
    ],
)
def test_what_is_in_the_way_is_told_in_one_sentence_that_names_the_setting(setting, value, tmp_path):
    ended = start(**{"DATA_DIR": str(tmp_path), "PORT": free_port(), "START_TIMEOUT": "0", setting: value})
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert setting in ended.stderr
    assert "hunter2" not in ended.stderr


def test_a_database_that_is_not_up_yet_is_waited_for_and_named(tmp_path):
    away = "postgresql://ana:hunter2@127.0.0.1:1/tandem"
    ended = start(DATA_DIR=str(tmp_path), PORT=free_port(), DATABASE_URL=away, START_TIMEOUT="1")
    waits, gives_up = ended.stderr.splitlines()
    assert ended.returncode == 1
    assert waits.startswith("Waiting for the database at postgresql") and waits.endswith("for 1 s at most …")
    assert gives_up.endswith("start it, or correct DATABASE_URL.")
    assert "hunter2" not in ended.stderr


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "tandem.db").write_text("This is my diary, and no database of any kind. " * 100)
    ended = start(DATA_DIR=str(tmp_path), PORT=free_port())
    assert ended.returncode == 1
    assert "file is not a database" in ended.stderr and len(ended.stderr.splitlines()) == 1


def test_a_port_that_is_taken_is_told(tmp_path):
    with socket.create_server(("", 0)) as other:
        taken = other.getsockname()[1]
        ended = start(DATA_DIR=str(tmp_path), PORT=str(taken))
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"PORT is {taken}")
    assert len(ended.stderr.splitlines()) == 1


def test_a_redis_that_refuses_the_password_is_told(tmp_path, redis_server: RedisServer):
    client = redis.Redis.from_url(redis_server.url)
    client.config_set("requirepass", "another")
    try:
        ended = start(DATA_DIR=str(tmp_path), PORT=free_port(), REDIS_URL=redis_server.url + "?password=hunter2")
    finally:
        client.config_set("requirepass", "")
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert "REDIS_URL" in ended.stderr
    assert "hunter2" not in ended.stderr


def test_a_redis_that_is_away_is_told_and_the_program_starts_all_the_same():
    with serving(REDIS_URL="redis://:hunter2@127.0.0.1:1/0", START_TIMEOUT="0") as server:
        first = server.log.splitlines()[0]
        assert first.startswith("Redis at 127.0.0.1:1/0 does not answer") and "REDIS_URL" in first
        assert "hunter2" not in server.log
        assert answers(server)


@pytest.mark.parametrize("request_to_stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_stops_at_once_without_a_word_when_it_is_asked_to(server, request_to_stop):
    wait_until(lambda: "now the scheduler" in server.log)
    workers, said = server.workers, server.log
    os.kill(server.pid, request_to_stop)
    started = time.monotonic()
    wait_until(lambda: not server.is_running)
    assert time.monotonic() - started < 4
    assert server._process.returncode == 0
    assert not any(map(is_alive, workers))
    assert server.log == said


def test_a_worker_that_dies_is_replaced_every_time(server):
    for _ in range(3):
        [worker] = server.workers
        os.kill(worker, signal.SIGKILL)
        wait_until(lambda gone=worker: server.workers and gone not in server.workers)
        wait_until(lambda: answers(server))
        assert f"Worker {worker} was ended by SIGKILL: it was somebody, or the system" in server.log
    assert "Perhaps out of memory" not in server.log


def test_a_worker_that_hangs_is_replaced(tmp_path):
    server = Hasty(tmp_path)
    try:
        [worker] = server.workers
        os.kill(worker, signal.SIGSTOP)
        wait_until(lambda: server.workers and worker not in server.workers)
        wait_until(lambda: answers(server))
        assert f"Worker {worker} has given no sign of life for 1 s: it is ended, and replaced" in server.log
        assert f"Worker {worker} was ended by SIGKILL: it did not stop by itself" in server.log
    finally:
        server.stop()


class Hasty(Server):
    """It takes a worker for hung after a few seconds."""

    program = (
        "-c",
        "import runpy, app.watch; app.watch.HUNG = 1.5; runpy.run_module('app.serve', run_name='__main__')",
    )


def test_a_worker_that_has_grown_too_large_makes_room_when_its_successor_is_up():
    with serving(WORKER_MEMORY_MB="1") as server:
        wait_until(lambda: "a new one takes its place" in server.log)
        large = int(re.findall(r"Worker (\d+) has", server.log)[0])
        while is_alive(large):
            assert answers(server)
        wait_until(lambda: len(server.workers) == 1)
        assert large not in server.workers and answers(server)
        assert server.log.count("takes its place") == 1, "The next one has to wait."
        assert "Traceback" not in server.log and "was sent" not in server.log


def test_workers_do_not_outlive_a_parent_that_was_killed(server):
    [worker] = server.workers
    with pytest.raises(occupied.Occupied):
        occupied.take(server.data_dir)
    os.kill(server.pid, signal.SIGKILL)
    wait_until(lambda: not is_alive(worker))
    occupied.take(server.data_dir).close()


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    """A start that is expected to fail."""
    clean = {name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "DATABASE_URL", "WORKERS")}
    command = [sys.executable, "-m", "app.serve"]
    return subprocess.run(command, env=clean | environment, cwd=ROOT, capture_output=True, text=True, timeout=30)


def answers(server: Server) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(f"{server.url}/health/ready", timeout=20) as answer:
        return answer.status == 200
    return False


def free_port() -> str:
    with socket.create_server(("", 0)) as listener:
        return str(listener.getsockname()[1])


def is_alive(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def wait_until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
