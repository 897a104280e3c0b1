"""What columns are made of, and where statements find a table."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

RANK = Text().with_variant(Text(collation="C"), "postgresql")
"""Ranks are compared byte by byte, whatever language the database sorts in."""


class UTCDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC, also where the database (SQLite) keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value is not None and value.tzinfo is not None else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def table(model: type[SQLModel]) -> Table:
    """The table of a model, for statements that should not pay for the ORM."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


def now() -> datetime:
    return datetime.now(UTC)


def moment(**options: Any) -> Any:
    """A column for a time."""
    return Field(sa_type=UTCDateTime, **options)
