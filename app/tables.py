"""Every table as JSON lines and back, the same on SQLite and PostgreSQL, at whatever revision the schema is.

What they are like is read from the database itself, since it may be older than the models. Tables of somebody else that
lie beside Tandem's are not looked at, and not touched.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import JSON, Connection, MetaData, Table, event, func, insert, select, text
from sqlalchemy.exc import StatementError
from sqlmodel import SQLModel

from app import reasons
from app.domain import models

assert models.Task.metadata is SQLModel.metadata
VERSIONS = "alembic_version"
FORMER: frozenset[str] = frozenset()
"""Tables that older schemas had, and the newest has no more."""
OURS = frozenset(SQLModel.metadata.tables) | FORMER
BATCH = 1000
"""Rows that are read or written in one go."""
Readers = dict[str, Callable[[Any], Any]]
"""What makes of a column in JSON what the database takes."""


def reflect(connection: Connection) -> list[Table]:
    """Tandem's, without Alembic's own, each after those that it refers to."""
    found = MetaData()
    event.listen(found, "column_reflect", _tell_null_from_null)
    found.reflect(connection, only=lambda name, _: name in OURS, resolve_fks=False)
    return list(found.sorted_tables)


def _tell_null_from_null(inspector: object, table: Table, column: Any) -> None:
    if isinstance(column["type"], JSON):
        column["type"] = JSON(none_as_null=True)


def count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    """All of them, in the order of their keys, a batch at a time."""
    query = select(table).order_by(*table.primary_key.columns)
    for row in connection.execute(query, execution_options={"yield_per": BATCH}).mappings():
        yield dict(row)


def line(row: dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_as_text).encode() + b"\n"


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"There is no way to write a {type(value).__name__} yet.")


def read(line: bytes) -> dict[str, Any]:
    """ValueError for what is no row."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("it is no JSON") from None
    if not isinstance(row, dict):
        raise ValueError("it is no row")
    return row


def fill(connection: Connection, table: Table, found: Iterable[dict[str, Any]]) -> None:
    """Put rows as `read` gives them into an empty table; ValueError with the lines that it does not take."""
    readers = {column.name: _reader(column.type) for column in table.columns}
    last, rows = 0, iter(found)
    while batch := list(islice(rows, BATCH)):
        kept = [_as_kept(table, readers, last + number, row) for number, row in enumerate(batch, 1)]
        last += len(batch)
        _insert(connection, table, kept, last)


def _as_kept(table: Table, readers: Readers, number: int, row: dict[str, Any]) -> dict[str, Any]:
    kept = {}
    for name, value in row.items():
        try:
            kept[name] = None if value is None else readers[name](value)
        except (TypeError, ValueError):
            raise ValueError(f"line {number} of the table {table.name}: its {name} is no time") from None
    return kept


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]], last: int) -> None:
    try:
        connection.execute(insert(table), rows)
    except (StatementError, OverflowError, ValueError) as error:
        first = last - len(rows) + 1
        lines = f"line {last}" if first == last else f"lines {first} to {last}"
        raise ValueError(f"{lines} of the table {table.name}: {reasons.of(error)}") from error


def _reader(type: Any) -> Callable[[Any], Any]:
    try:
        kept_as = type.python_type
    except NotImplementedError:
        return lambda value: value
    return {datetime: datetime.fromisoformat, date: date.fromisoformat}.get(kept_as, lambda value: value)


def last_ids(connection: Connection, tables: Iterable[Table]) -> dict[str, int]:
    """The last id that each table gave out, where the database remembers: it is never given out again."""
    if connection.dialect.name == "sqlite":
        if not connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'")).first():
            return {}
        last = connection.execute(text("SELECT name, seq FROM sqlite_sequence"))
        return {row.name: row.seq for row in last}
    found = {}
    for table in tables:
        if sequence := _sequence(connection, table):
            last, is_called = connection.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()
            if is_called:
                found[table.name] = last
    return found


def go_on_after(connection: Connection, tables: Iterable[Table], last: dict[str, int]) -> None:
    """Have each table give out ids after those that it has and those that were given out once."""
    for table in tables:
        if connection.dialect.name == "sqlite":
            _go_on_after_sqlite(connection, table, last.get(table.name, 0))
        elif sequence := _sequence(connection, table):
            highest = connection.execute(select(func.max(table.c.id))).scalar() or 0
            if newest := max(highest, last.get(table.name, 0)):
                connection.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": newest})


def _go_on_after_sqlite(connection: Connection, table: Table, last: int) -> None:
    made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table.name}).scalar()
    if "AUTOINCREMENT" not in (made or "").upper():
        return
    highest = connection.execute(select(func.max(table.c.id))).scalar() or 0
    values = {"name": table.name, "seq": max(highest, last)}
    connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), values)
    connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"), values)


def _sequence(connection: Connection, table: Table) -> str | None:
    """The one that numbers the rows of a table of PostgreSQL, as it is written in a statement."""
    if "id" not in table.c:
        return None
    quoted = connection.dialect.identifier_preparer.format_table(table)
    return connection.execute(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": quoted}).scalar()
