"""The migrations make what the models say, on both databases."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlmodel import SQLModel

from app.db import Database
from tests.support.stores import ROOT, Store, migrate


async def test_the_migrations_make_the_models_tables(database: Database):
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, SQLModel.metadata)

    async with database.engine.connect() as connection:
        assert set(SQLModel.metadata.tables) <= set(await connection.run_sync(lambda c: inspect(c).get_table_names()))
        assert await connection.run_sync(differences) == []


async def test_the_way_back_leaves_nothing(store: Store):
    url = store.create("migrated")
    migrate(url, "base")
    db = Database(url)
    async with db.engine.connect() as connection:
        assert await connection.run_sync(lambda c: inspect(c).get_table_names()) == ["alembic_version"]
    await db.close()
    store.drop(url)


def test_the_migrations_have_one_end():
    assert len(ScriptDirectory.from_config(Config(str(ROOT / "alembic.ini"))).get_heads()) == 1
