"""What a block really sends to the database, whichever way it goes (app/domain/direct.py)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from pytest import MonkeyPatch
from sqlalchemy import event

from app.db import Database

Sent = list[tuple[str, Any]]
"""Statements with their parameters."""


@contextmanager
def sent(db: Database) -> Iterator[Sent]:
    """The statements that the block runs, without those that begin and end transactions."""
    with _to_sqlite(db) if db.is_sqlite else _to_psycopg() as statements:
        yield statements


@contextmanager
def _to_psycopg() -> Iterator[Sent]:
    """All of this process: SQLAlchemy's and ours come together where psycopg takes them."""
    statements, execute, executemany = Sent(), psycopg.AsyncCursor.execute, psycopg.AsyncCursor.executemany

    def note(query: Any, parameters: Any) -> None:
        statements.append((query.decode() if isinstance(query, bytes) else str(query), parameters))

    async def noted(self: Any, query: Any, params: Any = None, **options: Any) -> Any:
        note(query, params)
        return await execute(self, query, params, **options)

    async def noted_many(self: Any, query: Any, params_seq: Any, **options: Any) -> Any:
        note(query, params_seq)
        return await executemany(self, query, params_seq, **options)

    with MonkeyPatch.context() as patch:
        patch.setattr(psycopg.AsyncCursor, "execute", noted)
        patch.setattr(psycopg.AsyncCursor, "executemany", noted_many)
        yield statements


@contextmanager
def _to_sqlite(db: Database) -> Iterator[Sent]:
    statements = Sent()

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append((statement, parameters))

    event.listen(db.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine.sync_engine, "before_cursor_execute", note)
