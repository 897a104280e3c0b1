"""A database with a row in every table that has something in every column, and a way to compare two of them whole."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Integer, create_engine, insert, make_url, select
from sqlalchemy.engine import Engine
from sqlmodel import SQLModel

from app.domain.models import UTCDateTime

ROW = 7000

ODD = '\u2028 line\nbreak, tab\t, "quotes" and \'; DROP TABLE task; -- émoji 👩‍🚀 \\ \\n'
MOMENT = datetime(2026, 3, 29, 1, 30, 0, 123456, UTC)


def plain(url: str) -> Engine:
    parts = make_url(url)
    return create_engine(parts.set(drivername="sqlite") if parts.get_backend_name() == "sqlite" else parts)


def add_to_every_table(url: str) -> None:
    """A row more in each, all with the number of ROW, which is also what they refer to each other by."""
    engine = plain(url)
    with engine.begin() as connection:
        for table in SQLModel.metadata.sorted_tables:
            row = {column.name: _value(column, place) for place, column in enumerate(table.columns)}
            connection.execute(insert(table), row)
    engine.dispose()


def _value(column: Column[Any], place: int) -> Any:
    """Texts are odd, moments with and without fractions of a second; of what may be empty every second column is."""
    if column.nullable and place % 2:
        return None
    values = {
        Integer: ROW,
        Boolean: place % 2 == 0,
        JSON: {"é": [1, None, True, {"deep": ODD}], "big": 2**60, "task_ids": []},
        Date: date(2028, 2, 29),
        UTCDateTime: MOMENT if place % 2 else MOMENT.replace(microsecond=0),
    }
    for kind, value in values.items():
        if isinstance(column.type, kind):
            return value
    return f"{column.name} {ODD}"[: getattr(column.type, "length", None) or 500]


def rows(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, as Python has it."""
    engine = plain(url)
    with engine.connect() as connection:
        found = {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in SQLModel.metadata.sorted_tables
        }
    engine.dispose()
    return found
