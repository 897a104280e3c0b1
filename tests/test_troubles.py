"""What a database cannot do is told by what somebody can do about it."""

import shutil
import sqlite3
from pathlib import Path

import psycopg.errors
import pytest
from sqlalchemy.exc import DBAPIError

from app import serve, troubles
from app.doctor import kept
from app.doctor.finding import Unwell
from app.domain.errors import Busy, Full
from app.figures.declared import memory
from app.serve import CannotStart
from app.settings import load
from tests.support.disk import mounted
from tests.support.stores import SQLiteStore


def failed(error: Exception) -> DBAPIError:
    return DBAPIError("UPDATE board", {}, error)


def full_sqlite() -> Exception:
    """What SQLite says itself when its file may not grow."""
    db = sqlite3.connect(":memory:")
    db.execute("PRAGMA max_page_count = 2")
    db.execute("CREATE TABLE it (text)")
    with pytest.raises(sqlite3.OperationalError) as refused:
        db.execute("INSERT INTO it VALUES (zeroblob(100000))")
    return refused.value


@pytest.mark.parametrize(
    "error", [psycopg.errors.DiskFull("could not extend file"), full_sqlite()], ids=["PostgreSQL", "SQLite"]
)
async def test_a_full_disk_is_told(error: Exception, caplog, monkeypatch):
    monkeypatch.setattr(troubles, "_told_at", 0.0)
    with pytest.raises(Full, match="disk is full"):
        async with troubles.in_sentences():
            raise failed(error)
    assert "Database busy or away: its disk is full; make room on it: (" in caplog.text
    assert memory.since_refused() < 5, "So that /health can name it."


@pytest.mark.parametrize("error", [psycopg.errors.TooManyConnections("x"), sqlite3.OperationalError("disk I/O error")])
async def test_what_passes_by_itself_is_tried_again_and_what_is_a_mistake_of_ours_is_none_of_it(error: Exception):
    with pytest.raises(Busy) as busy:
        async with troubles.in_sentences():
            raise failed(error)
    assert type(busy.value) is Busy and busy.value.sentence == troubles.TRY_AGAIN
    with pytest.raises(DBAPIError):
        async with troubles.in_sentences():
            raise failed(psycopg.errors.UndefinedTable("person"))


async def test_a_start_on_a_full_disk_says_what_to_do(tmp_path: Path, sqlite_store: SQLiteStore):
    with mounted(tmp_path / "data") as disk:
        url = sqlite_store.create("seeded")
        shutil.copy(url.partition(":///")[2], disk.folder / "tandem.db")
        here = load({"DATA_DIR": str(disk.folder)})
        disk.fill()
        with pytest.raises(CannotStart, match=r"does not answer \(.+\): make room on its disk, which is full\.$"):
            serve.wait_for_database(here)
        with pytest.raises(Unwell, match="make room on its disk"):
            await kept.database(here)
        disk.make_room()
        serve.wait_for_database(here)
        assert "the file is sound" in await kept.database(here)
        sqlite_store.drop(url)
