"""Runs the migrations on the database of the settings, or on the one that the caller names."""

import asyncio
from typing import Any

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from app import settings
from app.db import create_postgresql, create_sqlite
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


async def migrate_configured() -> None:
    url = context.config.get_main_option("sqlalchemy.url") or settings.get().database_url
    engine = create_sqlite(url) if url.startswith("sqlite") else create_postgresql(url)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
        await connection.commit()
    await engine.dispose()


asyncio.run(migrate_configured())
