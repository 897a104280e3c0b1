"""Figures are right over machines and workers, whoever ends in which order, and medians are where they should be."""

import json
import re
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from app import ears, settings_shown, version
from app.figures import boards, declared, history, points, quantiles, shared
from app.figures.boards import Boards
from app.figures.declared import COMMANDS, CONNECTIONS, SECONDS, Histogram
from app.figures.history import History
from app.figures.memory import HEAD, Memory
from app.figures.shared import Shared, View
from tests.support.services import RedisServer

DONE = f"{COMMANDS.name}|done"


@pytest.fixture
async def redis(redis_server: RedisServer) -> AsyncIterator[Redis]:
    client = ears.connect(redis_server.url)
    assert isinstance(client, Redis)
    await client.delete(shared.KEY, history.KEY)
    yield client
    await client.delete(shared.KEY, history.KEY)
    await client.aclose()


class Machine:
    """A program on a machine of its own, whose memory a test makes that of this process whenever it speaks."""

    def __init__(self, redis: Redis | None, patch: pytest.MonkeyPatch, people: set[int]) -> None:
        self.memory = Memory(declared.memory._width - HEAD, declared.memory._passing)
        self.memory.beat()
        self.is_up, self._patch = True, patch
        self._shared = Shared(redis, lambda: self.is_up, lambda: people, Boards())

    def count(self, done: int, connections: int) -> None:
        self._become()
        COMMANDS.add("done", done)
        CONNECTIONS.set(connections)

    async def share(self) -> None:
        self._become()
        await self._shared.share()

    async def look(self) -> View:
        self._become()
        return await self._shared.look()

    def _become(self) -> None:
        self._patch.setattr(declared, "memory", self.memory)
        self._patch.setattr(shared, "memory", self.memory)


async def test_what_a_machine_has_counted_stays_when_it_ends_and_nothing_goes_back(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
):
    one, two = Machine(redis, monkeypatch, {1, 2}), Machine(redis, monkeypatch, {2, 3})
    one.count(5, connections=2)
    two.count(7, connections=3)
    await one.share()
    view = await two.look()
    assert view.counts[DONE] == 12
    assert (view.total(CONNECTIONS.name), view.people, view.is_whole) == (5, {1, 2, 3}, True)
    assert len({worker.instance for worker in view.workers}) == 2

    await has_not_been_heard_of(redis, one, seconds=shared.LAPSE + 2)
    view = await two.look()
    assert view.counts[DONE] == 12
    assert (view.total(CONNECTIONS.name), view.people) == (3, {2, 3})

    await has_not_been_heard_of(redis, one, seconds=shared.KEPT + 2)
    await two.share()
    assert f"i:{one.memory.instance}" not in await redis.hgetall(shared.KEY)  # type: ignore[misc]  # Here it is awaitable.
    two.count(1, connections=3)
    assert (await two.look()).counts[DONE] == 13


async def test_what_was_read_earlier_does_not_replace_what_was_read_later(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
):
    one = Machine(redis, monkeypatch, set())
    one.count(5, connections=1)
    await one.share()
    with monkeypatch.context() as earlier:
        earlier.setattr("app.figures.shared.time.monotonic", lambda: 0.0)
        one.memory.mine[COMMANDS.places[DONE]] = 4.0
        await one.share()
    told = await redis.hget(shared.KEY, f"i:{one.memory.instance}")  # type: ignore[misc]  # Here it is awaitable.
    assert told and json.loads(told.split("|", 2)[2])["counts"][DONE] == 5


async def test_without_redis_a_machine_tells_of_itself_and_says_so_where_there_should_be_more(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
):
    one, alone = Machine(redis, monkeypatch, {1}), Machine(None, monkeypatch, {1})
    for machine in (one, alone):
        machine.count(5, connections=1)
    one.is_up = False
    assert ((await one.look()).is_whole, (await one.look()).counts[DONE]) == (False, 5)
    assert ((await alone.look()).is_whole, (await alone.look()).people) == (True, {1})


async def test_of_one_moment_there_is_one_sample_whoever_comes_first(redis: Redis, monkeypatch: pytest.MonkeyPatch):
    machine = Machine(redis, monkeypatch, {1})
    ticks = [100.0]
    past = [History(redis, lambda: True, machine.look, lambda: ticks[0]) for _ in range(2)]
    for one in past:
        await one.begin()
    machine.count(20, connections=1)
    ticks[0] += 10.0
    for one in past:
        await one.sample()
    hour = await past[0].hour()
    assert hour == await past[1].hour()
    assert len(hour) <= 2, "Two only where a moment has just begun."
    assert hour[0]["done"] == 2.0
    assert past[0].lately(await machine.look()).a_second(DONE) == 2.0


def test_quantiles_are_read_between_the_bounds():
    figure = Histogram("tandem_of_a_test", "histogram", "", bounds=SECONDS, is_shared=True)
    del declared.FIGURES["tandem_of_a_test"]
    assert quantiles.milliseconds(figure, {}) == {"count": 0, "p50": None, "p95": None, "p99": None}
    counts = {f"{figure.name}|0.01": 90.0, f"{figure.name}|0.1": 10.0}
    found = quantiles.milliseconds(figure, counts)
    assert found["count"] == 100
    assert 7.5 < (found["p50"] or 0) <= 10 and 75 < (found["p95"] or 0) <= (found["p99"] or 0) <= 100
    assert quantiles.of([0.0, 3.0], [1.0], 0.5) == 1.0, "What is beyond the last bound counts as that."


def test_boards_forget_what_is_an_hour_old():
    clock = [0.0]
    seen = Boards(lambda: clock[0])
    seen.observe(7, 0.02)
    clock[0] += boards.HALF
    seen.observe(7, 0.02)
    assert sum(seen.told()[7]) == 2
    clock[0] += boards.HALF
    assert sum(seen.told()[7]) == 1
    clock[0] += boards.HALF
    assert seen.told() == {}


def test_a_chart_has_a_gap_where_nothing_was_measured():
    samples = [{"at": float(at), "people": 2.0, "emit_p95": at} for at in (0, 10, 20, 90, 100)]
    shown = points.points(samples)
    assert [point["people"] for point in shown] == [2.0, None, None, 2.0]
    assert shown[0]["emit_p95"] == 20, "Of bad moments the worst is shown."
    assert points.points([]) == []


def test_settings_in_force_are_shown_without_their_secrets():
    given = {
        "DATABASE_URL": "postgresql://ana:hunter2@db/tandem?password=hunter3",
        "REDIS_URL": "redis://:hunter4@bus:6379/0",
        "SECRET_KEY": "hunter5" * 6,
        "SMTP_PASSWORD": "hunter6",
        "OIDC_2_CLIENT_SECRET": "hunter7",
        "OIDC_2_ISSUER": "https://accounts.example.com",
        "SOMETHING_ELSE": "hunter8",
    }
    shown = {name: (value, is_default) for name, value, is_default in settings_shown.in_force(given)}
    assert "hunter" not in str(shown)
    assert shown["DATABASE_URL"] == ("postgresql://***@db/tandem", False)
    assert shown["SECRET_KEY"] == ("set", False) and shown["OIDC_2_ISSUER"][0] == "https://accounts.example.com"
    assert shown["PORT"] == ("3000", True)
    assert {item.metadata["name"] for item in settings_shown.every_setting()} <= shown.keys()


def test_the_version_is_the_newest_that_the_changes_tell_of():
    number, notes = version.newest()
    assert re.fullmatch(r"\d+(\.\d+)+", number)
    assert notes and all(note.endswith(".") for note in notes)


async def has_not_been_heard_of(redis: Redis, machine: Machine, seconds: int) -> None:
    """As if it had told of itself for the last time so long ago."""
    for kind in (f"i:{machine.memory.instance}", f"w:{machine.memory.instance}:0"):
        if told := await redis.hget(shared.KEY, kind):  # type: ignore[misc]  # Here it is awaitable.
            _, rest = told.split("|", 1)
            now = (await redis.time())[0]
            await redis.hset(shared.KEY, kind, f"{now - seconds}|{rest}")  # type: ignore[misc]  # Here it is awaitable.
