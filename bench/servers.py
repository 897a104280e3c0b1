"""`bin/bench servers`: the program under gunicorn, as it is, and under uvicorn alone. notes/servers.md says how."""

import argparse
import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import httpx

from bench.crowd import Crowd, digest
from bench.machine import cpu_seconds, description, durable_postgresql
from tests.live import story as stories
from tests.support.server import UNHURRIED
from tests.support.services import RedisServer, running
from tests.support.stores import ROOT, PostgreSQLStore

VARIANTS = {"gunicorn": "app.serve", "uvicorn alone": "bench.plain_uvicorn"}
VIEWERS, CHANGES, PACE, IDLE = 50, 60, 0.05, 3.0
KILLS, MINUTE, PROBE = 10, 60.0, 0.02
PATIENCE = 60.0


class Started:
    """A running variant; `workers` are the processes that serve."""

    def __init__(self, process: subprocess.Popen[bytes], url: str, database_url: str) -> None:
        self.process, self.url, self.database_url = process, url, database_url

    @property
    def workers(self) -> list[int]:
        listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat=,args="], capture_output=True, text=True).stdout
        rows = [line.split(maxsplit=3) for line in listing.splitlines()]
        mine = [row for row in rows if int(row[1]) == self.process.pid and not row[2].startswith("Z")]
        return sorted(int(row[0]) for row in mine if "resource_tracker" not in row[3])


@contextmanager
def started(module: str, port: int, **environment: str) -> Iterator[Started]:
    with tempfile.TemporaryDirectory(prefix="tandem-") as folder, (Path(folder) / "output").open("wb") as output:
        given = os.environ | {"PORT": str(port), "DATA_DIR": folder} | environment
        process = subprocess.Popen([sys.executable, "-m", module], env=given, cwd=ROOT, stdout=output, stderr=output)
        server = Started(process, f"http://127.0.0.1:{port}", environment["DATABASE_URL"])
        try:
            end = time.monotonic() + PATIENCE
            while len(server.workers) < 2 or not is_healthy(server.url):
                words = (Path(folder) / "output").read_text(errors="replace")
                assert process.poll() is None and time.monotonic() < end, f"{module} does not answer:\n{words}"
                time.sleep(0.1)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def free_port() -> int:
    with socket.create_server(("", 0)) as listener:
        return listener.getsockname()[1]


def is_healthy(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/live", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


async def deliver(server: Started) -> tuple[float, float, float]:
    """Microseconds of the workers for a delivery; MB of a worker, and of the parent (PSS)."""
    story = await stories.begin(server, first=100)  # type: ignore[arg-type]  # It needs url, database_url and workers.
    author, other = await story.on_two_workers()
    spread = [(author, other)[number % 2].worker for number in range(VIEWERS - 2)]
    crowd = await Crowd.gather(server.url, story.path, other.cookie, spread)
    pids = server.workers
    before, began = cpu_seconds(pids), time.perf_counter()
    await asyncio.sleep(IDLE)
    idle = (cpu_seconds(pids) - before) / (time.perf_counter() - began)
    wanted, before, began = author.revisions[-1] + CHANGES, cpu_seconds(pids), time.perf_counter()
    for number in range(CHANGES):
        await author.do(("complete_task", "reopen_task")[number % 2], task_id=story.tasks[number // 2])
        await asyncio.sleep(max(0.0, began + (number + 1) * PACE - time.perf_counter()))
    for tab in (author, other):
        await tab.until(lambda _, tab=tab: tab.revisions[-1] == wanted, f"revision {wanted}")
    boards = await crowd.digests(wanted)
    spent = cpu_seconds(pids) - before - idle * (time.perf_counter() - began)
    assert set(boards) == {digest(author.board)} and server.workers == pids, "Void."
    memory = median(map(pss, pids))
    await crowd.leave()
    await story.end()
    return spent / CHANGES / VIEWERS * 1e6, memory, pss(server.process.pid)


def pss(pid: int) -> float:
    return int(re.findall(r"^Pss: +(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)[0]) / 1000


async def kill_ten(server: Started) -> tuple[int, int, float]:
    """Probes, how many of them failed, and the longest time until as many workers were there again, in seconds."""
    probes, failed, ended = 0, 0, asyncio.Event()

    async def probe() -> None:
        nonlocal probes, failed
        while not ended.is_set():
            async with httpx.AsyncClient(timeout=5) as client:  # A connection each, as a load balancer's.
                try:
                    failed += (await client.get(f"{server.url}/health/live")).status_code != 200
                except httpx.HTTPError:
                    failed += 1
            probes += 1
            await asyncio.sleep(PROBE)

    probing, longest = asyncio.create_task(probe()), 0.0
    for number in range(KILLS):
        victim, began = server.workers[number % 2], time.perf_counter()
        os.kill(victim, signal.SIGKILL)
        while victim in (now := server.workers) or len(now) < 2:
            assert server.process.poll() is None, "The program has ended."
            assert time.perf_counter() - began < PATIENCE, "The killed worker was not replaced."
            await asyncio.sleep(0.05)
        longest = max(longest, time.perf_counter() - began)
        await asyncio.sleep(max(0.0, MINUTE / KILLS - (time.perf_counter() - began)))
    ended.set()
    await probing
    return probes, failed, longest


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench servers")
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    print(description(), flush=True)
    found = {name: [] for name in VARIANTS}
    with durable_postgresql() as postgresql, running(RedisServer) as redis_server:
        store = PostgreSQLStore(postgresql)
        settings = {"REDIS_URL": redis_server.url, "WORKERS": "2"}
        settings |= UNHURRIED
        settings["DATABASE_URL"] = store.create("seeded")
        store.close()
        for number in range(rounds):
            for name, module in VARIANTS.items():
                with started(module, free_port(), **settings) as server:
                    found[name].append(asyncio.run(deliver(server)))
                    if number == rounds - 1:
                        print(f"{name}: probes, failed, longest until two again (s):", asyncio.run(kill_ten(server)))
    print("\n| server | CPU a delivery (µs) | a worker (MB) | the parent (MB) |\n|---|---|---|---|")
    for name, rows in found.items():
        cpu, worker, parent = zip(*rows, strict=True)
        spread = f"{median(cpu):.0f} ({min(cpu):.0f} to {max(cpu):.0f})"
        print(f"| {name} | {spread} | {median(worker):.0f} | {median(parent):.0f} |")


if __name__ == "__main__":
    main()
