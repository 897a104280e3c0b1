"""Each part that a Tandem stands on is looked at by itself, in its time, and once for all who ask."""

import asyncio
import logging
from pathlib import Path

import pytest
from sqlalchemy import text

from app import checks, health, settings
from app.checks import Mail, Unwell
from app.db import Database
from app.figures.memory import ALIVE, Memory
from app.health import Health
from app.settings import load
from tests.support.mailbox import receiving


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_those_who_ask_at_once_share_one_look_and_so_do_those_who_ask_within_a_second():
    looks, clock, may_answer = [], Clock(), asyncio.Event()

    async def database() -> str:
        looks.append(clock.now)
        await may_answer.wait()
        return "It answers."

    looked_at = Health({"database": database}, clock)
    asking = [asyncio.create_task(looked_at.parts()) for _ in range(20)]
    await asyncio.sleep(0)
    asking[0].cancel()  # Whoever leaves takes nothing from the others.
    may_answer.set()
    assert [part.is_well for task in asking[1:] for part in await task] == [True] * 19
    clock.now += health.KEPT - 0.01
    await looked_at.parts()
    assert len(looks) == 1
    clock.now += 0.01
    await looked_at.parts()
    assert len(looks) == 2


async def test_a_part_that_says_nothing_is_late_and_delays_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(health, "PATIENCE", 0.05)
    is_stuck = True

    async def database() -> str:
        if is_stuck:
            await asyncio.Event().wait()
        return "It answers."

    async def redis() -> str:
        raise Unwell("It does not answer.", "(connection refused by 10.0.0.7)")

    async def disk() -> str:
        return "Much is left."

    clock = Clock()
    looked_at = Health({"database": database, "redis": redis, "disk": disk}, clock)
    with caplog.at_level(logging.WARNING):
        found = {part.name: part for part in await looked_at.parts()}
        assert "database" not in caplog.text, "That it was late once is no news."
        clock.now += health.KEPT
        await looked_at.parts()
    assert [name for name, part in found.items() if not part.is_well] == ["database", "redis"]
    assert found["database"].words == health.LATE
    assert "10.0.0.7" not in found["redis"].words
    assert "database" in caplog.text and "10.0.0.7" in caplog.text, "The log names it, and what was found."

    is_stuck = False
    clock.now += health.KEPT
    with caplog.at_level(logging.INFO):
        await looked_at.parts()
    assert "database is well again" in caplog.text
    assert "redis is well again" not in caplog.text


async def test_workers_that_are_still_on_their_way_are_no_news_and_those_that_stay_away_are(
    caplog: pytest.LogCaptureFixture,
):
    clock, chosen, began = Clock(), load({}), 100.0  # One worker, and none in this process.
    looked_at = Health({"workers": lambda: checks.workers(chosen, clock.now - began)}, clock)
    with caplog.at_level(logging.INFO):
        (part,) = await looked_at.parts()
        assert not part.is_well and not caplog.text, "Whoever asks is told; the log is not."
        clock.now += checks.STARTING
        await looked_at.parts()
    assert caplog.messages == [f"Health: workers is not well: {part.words}"]


async def test_a_migrated_database_is_well_and_one_of_another_version_is_not(database: Database, database_url: str):
    chosen = settings.Settings(**vars(load({})) | {"database_url": database_url})
    assert await checks.database(chosen)
    assert await checks.schema(chosen)
    async with database.unrecorded() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(Unwell, match="version"):
        await checks.schema(chosen)


async def test_a_disk_that_is_full_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    chosen = load({"DATA_DIR": str(tmp_path)})
    assert "left" in checks.disk(chosen)
    monkeypatch.setattr(checks, "ROOM", 2**62)
    with pytest.raises(Unwell, match="full"):
        checks.disk(chosen)
    with pytest.raises(Unwell, match="reached"):
        checks.disk(load({"DATA_DIR": str(tmp_path / "nowhere")}))


async def test_the_disk_of_a_database_elsewhere_is_named_while_any_worker_finds_no_room_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    clock, shared = Clock(), Memory(2)
    monkeypatch.setattr("app.figures.memory.time.monotonic", clock)
    monkeypatch.setattr(checks, "memory", shared)
    chosen = load({"DATA_DIR": str(tmp_path), "DATABASE_URL": "postgresql://tandem@db.example/tandem"})
    shared.take(3)
    shared.refuse()
    shared.take(0)
    with pytest.raises(Unwell, match="The disk of the database is full"):
        checks.disk(chosen)
    clock.now += checks.REFUSED
    assert "left" in checks.disk(chosen)


async def test_a_mail_server_that_is_away_is_named_and_well_again_when_it_is_back():
    clock = Clock()
    with receiving() as (_, given):
        mail = Mail(load(given | {"PUBLIC_URL": "http://localhost"}), clock)
        assert "answers" in await mail.check()
    assert "answers" in await mail.check(), "It is not knocked at all the time."
    clock.now += checks.MAIL_KEPT
    for _ in range(2):
        with pytest.raises(Unwell, match="mail server"):
            await mail.check()
    clock.now += checks.MAIL_KEPT
    with receiving(port=int(given["SMTP_PORT"])):
        assert "answers" in await mail.check()


def test_a_worker_that_gives_no_sign_of_life_is_missed(monkeypatch: pytest.MonkeyPatch):
    clock = Clock()
    monkeypatch.setattr("app.figures.memory.time.monotonic", clock)
    shared = Memory(2, passing=[1])
    for row in (0, 1):
        shared.take(row)
    assert shared.alive() == [0, 1]
    clock.now += ALIVE / 2
    shared.beat()
    clock.now += ALIVE / 2
    assert shared.alive() == [1], "The first has hung, or died, and nobody took its place."


def test_who_takes_the_row_of_a_dead_worker_goes_on_counting_and_begins_anew_with_what_was_its_own():
    shared = Memory(2, passing=[1])
    shared.take(3)
    shared.mine[0], shared.mine[1] = 41.0, 5.0
    shared.take(3)
    shared.mine[0] += 1.0
    assert shared.numbers(3) == [42.0, 0.0]
    shared.rest()
    assert 3 not in shared.alive() and 3 in shared.used()
