"""The program in its sizes, started once in a run, and a story on each."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.live import story as stories
from tests.live.story import Story
from tests.support.server import UNHURRIED, Server, serving
from tests.support.services import RedisServer
from tests.support.stores import PostgreSQLStore
from tests.support.two_workers import two_workers


@pytest.fixture(scope="session")
def server(postgresql_store: PostgreSQLStore, redis_server: RedisServer) -> Iterator[Server]:
    """PostgreSQL, Redis, two workers."""
    with two_workers(postgresql_store, redis_server, may_fail=True, **UNHURRIED) as server:
        assert len(server.workers) == 2
        yield server


@pytest.fixture(scope="session")
def small_server() -> Iterator[Server]:
    """As it comes out of the box: SQLite, doorbells within the process, one worker."""
    with serving("--demo", **UNHURRIED) as server:
        assert len(server.workers) == 1
        yield server


@pytest.fixture(params=["server", "small_server"], ids=["two workers", "out of the box"])
async def story_of_each_size(request: pytest.FixtureRequest) -> AsyncIterator[Story]:
    story = await stories.begin(request.getfixturevalue(request.param))
    yield story
    await story.end()


@pytest.fixture
async def story(server: Server) -> AsyncIterator[Story]:
    story = await stories.begin(server)
    yield story
    await story.end()
