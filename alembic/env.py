"""Runs the migrations on the database of the settings, or on the one, or the connection, that the caller names."""

from typing import Any

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from app import private, settings, upkeep
from app.domain import models

assert models.Task.metadata is SQLModel.metadata


def render_item(kind: str, item: Any, _: Any) -> str | bool:
    """Our own column types are written into migrations as what they are made of."""
    if kind == "type" and isinstance(item, models.UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String({item.length or ''})"
    return False


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        compare_type=True,
        render_item=render_item,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


@private.by_default()
def migrate_configured() -> None:
    url = context.config.get_main_option("sqlalchemy.url") or settings.get().database_url
    with upkeep.connected(url) as connection, upkeep.alone(connection), upkeep.all_or_nothing(connection):
        migrate(connection)


given = context.config.attributes.get("connection")
if given is None:
    migrate_configured()
else:
    migrate(given)
