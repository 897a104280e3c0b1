"""Tries are counted over all workers, also while Redis is away, and nobody waits for it."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app import ears, limits
from app.limits import Buckets, Limit, Limits, Shared
from tests.support.cluster import RedisCluster
from tests.support.services import RedisServer, running

TEN = Limit("tries", 10)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisCluster]:
    with running(lambda folder: RedisCluster(Path(folder))) as cluster:
        yield cluster


@pytest.fixture(params=["redis", "cluster"])
async def urls(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """Of a Redis, and of a Redis Cluster."""
    server = request.getfixturevalue("redis_server" if request.param == "redis" else "cluster")
    yield server.url
    for node in getattr(server, "nodes", [server]):
        node.flush()


@pytest.fixture
async def workers(urls: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[Limits]]:
    """Three, as those of three processes, which wait for a machine that is busy with other things."""
    monkeypatch.setattr(limits, "PATIENCE", 10.0)
    clients = [ears.connect(urls) for _ in range(3)]
    for client in clients:
        assert client is not None
        await client.initialize()
    yield [Limits(client) for client in clients]
    for client in clients:
        assert client is not None
        await client.aclose()


async def test_a_hundred_tries_at_once_on_three_workers_are_counted_together(workers: list[Limits]):
    answers = await asyncio.gather(*(workers[number % 3].take(TEN, "ana") for number in range(100)))
    assert sum(answers) == 10
    assert await workers[0].take(TEN, "ben"), "Another name has its own."
    assert await workers[0].take(Limit("others", 10), "ana"), "Another limit has its own."


async def test_a_try_comes_back_with_time_and_when_it_is_given_back(workers: list[Limits]):
    quick = Limit("quick", 5, seconds=5.0)
    assert [await workers[0].take(quick, "ana") for _ in range(6)] == [True] * 5 + [False]
    await workers[1].give_back(quick, "ana")
    assert [await workers[2].take(quick, "ana") for _ in range(2)] == [True, False]
    await asyncio.sleep(1.1)
    assert [await workers[0].take(quick, "ana") for _ in range(2)] == [True, False]


async def test_giving_back_makes_no_bucket_fuller_than_full(workers: list[Limits]):
    for _ in range(20):
        await workers[0].give_back(TEN, "ana")
    assert sum([await workers[0].take(TEN, "ana") for _ in range(20)]) == 10


async def test_without_a_redis_the_one_worker_counts_at_the_full_rate():
    alone = Limits(None)
    assert sum([await alone.take(TEN, "ana") for _ in range(30)]) == 10
    for _ in range(3):
        await alone.give_back(TEN, "ana")
    assert sum([await alone.take(TEN, "ana") for _ in range(30)]) == 3


async def test_while_redis_is_away_each_worker_counts_at_half_the_rate_and_nobody_waits():
    with running(RedisServer) as server:
        client = ears.connect(server.url)
        assert client is not None
        worker = Limits(client)
        assert await worker.take(TEN, "ana")
        server.pause()
        try:
            began = time.monotonic()
            assert sum([await worker.take(TEN, "ana") for _ in range(30)]) == 5
            assert time.monotonic() - began < 0.3
        finally:
            server.resume()
        told_so = Limits(client, lambda: False)
        assert sum([await told_so.take(TEN, "ana") for _ in range(30)]) == 5
        await asyncio.sleep(limits.AVOIDED)
        await worker.take(TEN, "ana")
        assert await worker.take(TEN, "ben") and sum([await worker.take(TEN, "ben") for _ in range(30)]) == 9
        await client.aclose()


async def told(*workers: Shared) -> None:
    """Wait until they have told what was spent."""
    for worker in workers:
        if worker._telling:
            await worker._telling


async def test_what_is_shared_is_decided_at_once_and_known_to_all_soon(urls: str):
    clients = [ears.connect(urls) for _ in range(2)]
    here, there = (Shared(client, Limit("commands", 100)) for client in clients)
    assert all(here.spend("ana") for _ in range(60))
    assert there.spend("ana")
    await told(here, there)
    spent = 0
    while there.spend("ana"):
        spent += 1
        assert spent < 100
        if spent % 10 == 0:
            await asyncio.sleep(limits.GATHER * 2)
    assert 35 <= spent <= 45, "61 of 100 were gone."
    assert there.spend("ben")
    await told(here, there)
    for client in clients:
        assert client is not None
        await client.aclose()


async def test_what_is_shared_goes_on_without_redis():
    alone = Shared(None, Limit("commands", 100))
    assert sum(alone.spend("ana") for _ in range(300)) == 100
    away = ears.connect("redis://127.0.0.1:1/0")
    lonely = Shared(away, Limit("commands", 100))
    assert sum(lonely.spend("ana") for _ in range(300)) == 100
    await told(lonely)
    assert not lonely.spend("ana")


def test_a_process_counts_for_so_many_names_at_most(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MOST_NAMES", 100)
    buckets = Buckets()
    for number in range(1000):
        assert buckets.take(str(number), TEN)
    assert len(buckets._full_at) == 100
