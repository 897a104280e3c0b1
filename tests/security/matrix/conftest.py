"""The matrix has a program of its own: PostgreSQL, Redis, two workers."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.security.matrix import stage as stages
from tests.security.matrix.stage import Stage
from tests.support.server import UNHURRIED, Server, serving
from tests.support.services import RedisServer
from tests.support.stores import PostgreSQLStore


@pytest.fixture(scope="package")
def matrix_program(postgresql_store: PostgreSQLStore, redis_server: RedisServer) -> Iterator[Server]:
    url = postgresql_store.create("migrated")
    with serving(DATABASE_URL=url, REDIS_URL=redis_server.url, WORKERS="2", **UNHURRIED) as server:
        yield server
        assert "Traceback" not in server.log, server.log
    postgresql_store.drop(url)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def stage(matrix_program: Server) -> AsyncIterator[Stage]:
    async with stages.stage(matrix_program) as stage:
        yield stage
