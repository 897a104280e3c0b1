"""The matrix has a program of its own: PostgreSQL, Redis, two workers."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.security.matrix import stage as stages
from tests.security.matrix.stage import Stage
from tests.support.server import UNHURRIED, Server
from tests.support.services import RedisServer
from tests.support.stores import PostgreSQLStore
from tests.support.two_workers import two_workers


@pytest.fixture(scope="package")
def matrix_program(postgresql_store: PostgreSQLStore, redis_server: RedisServer) -> Iterator[Server]:
    with two_workers(postgresql_store, redis_server, begins="migrated", **UNHURRIED) as server:
        yield server


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def stage(matrix_program: Server) -> AsyncIterator[Stage]:
    async with stages.stage(matrix_program) as stage:
        yield stage
