"""What tests ask for: a database of each kind, the demo world in it, a Redis. Servers start when first asked for."""

import os
from collections.abc import AsyncIterator, Iterator
from functools import cache

import pytest

import app.db
from app.db import Database
from tests.support.services import PostgreSQL, RedisServer, running
from tests.support.stores import PostgreSQLStore, SQLiteStore, Store
from tests.support.world import World, enter

ENGINES = {name: cache(getattr(app.db, name)) for name in ("create_sqlite", "create_postgresql")}
"""The engines of earlier tests, closed and opened again: what they compiled is half of a short test's time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long forms take what they take."""
    if os.environ.get("LONG") == "1":
        for item in items:
            item.add_marker(pytest.mark.timeout(0))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    with running(PostgreSQL) as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    with running(RedisServer) as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> SQLiteStore:
    return SQLiteStore(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_store(postgresql: PostgreSQL) -> Iterator[PostgreSQLStore]:
    store = PostgreSQLStore(postgresql)
    yield store
    store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Store:
    return request.getfixturevalue(f"{request.param}_store")


@pytest.fixture
def database_url(store: Store, request: pytest.FixtureRequest) -> str:
    """A migrated database of the test's own, with the demo world in it for those who ask for `world`."""
    return store.renew("seeded" if "world" in request.fixturenames else "migrated")


@pytest.fixture
async def database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    for name, create in ENGINES.items():
        monkeypatch.setattr(app.db, name, create)
    db = Database(database_url)
    yield db
    await db.close()


@pytest.fixture
async def world(database: Database) -> World:
    return await enter(database)
