"""What a database cannot do is told by what somebody can do about it."""

import sqlite3

import psycopg.errors
import pytest
from sqlalchemy.exc import DBAPIError

from app import troubles
from app.domain.errors import Busy, Full


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


@pytest.mark.parametrize("error", [psycopg.errors.TooManyConnections("x"), sqlite3.OperationalError("disk I/O error")])
async def test_what_passes_by_itself_is_tried_again_and_what_is_a_mistake_of_ours_is_none_of_it(error: Exception):
    with pytest.raises(Busy) as busy:
        async with troubles.in_sentences():
            raise failed(error)
    assert type(busy.value) is Busy and busy.value.sentence == troubles.TRY_AGAIN
    with pytest.raises(DBAPIError):
        async with troubles.in_sentences():
            raise failed(psycopg.errors.UndefinedTable("person"))
