"""What tests ask for: a database of each kind, the demo world in it, a Redis. Servers start when first asked for."""

from collections.abc import AsyncIterator, Iterator

import pytest

from app.db import Database
from tests.support.services import PostgreSQL, RedisServer, running
from tests.support.stores import PostgreSQLStore, SQLiteStore, Store
from tests.support.world import World, enter


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
def database_url(store: Store, request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database of the test's own, with the demo world in it for those who ask for `world`."""
    url = store.create("seeded" if "world" in request.fixturenames else "migrated")
    yield url
    store.drop(url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    db = Database(database_url)
    yield db
    await db.close()


@pytest.fixture
async def world(database: Database) -> World:
    return await enter(database)
