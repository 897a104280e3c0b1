"""One running program that all attacks are made on."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.live import story as stories
from tests.live.client import Client, sign_up
from tests.live.story import Story
from tests.security.uploader import Uploader
from tests.support.server import UNHURRIED, Server, serving
from tests.support.services import RedisServer
from tests.support.stores import PostgreSQLStore
from tests.support.two_workers import two_workers

PASSWORD = "a door with a lock"


@pytest.fixture(scope="module")
def server(postgresql_store: PostgreSQLStore, redis_server: RedisServer) -> Iterator[Server]:
    """One with two workers, for tests with a story on it."""
    with two_workers(postgresql_store, redis_server, **UNHURRIED) as server:
        yield server


@pytest.fixture
async def story(server: Server) -> AsyncIterator[Story]:
    story = await stories.begin(server)
    yield story
    await story.end()


@pytest.fixture(scope="session")
def program() -> Iterator[Server]:
    with serving() as server:
        yield server
        assert "Traceback" not in server.log, server.log


@pytest.fixture
async def people(program: Server) -> AsyncIterator["Crowd"]:
    crowd = Crowd(program)
    yield crowd
    for client in crowd.clients:
        await client.close()


class Crowd:
    """People who sign up as a test needs them."""

    count = 0

    def __init__(self, program: Server) -> None:
        self.program = program
        self.clients: list[Client] = []

    async def cookie(self) -> str:
        Crowd.count += 1
        return await sign_up(self.program.url, "Mallory", f"mallory{Crowd.count}@example.com", PASSWORD)

    async def tab(self, cookie: str | None = None) -> Client:
        """A tab of somebody who has an account, not yet open."""
        client = Client(self.program.url, await self.cookie() if cookie is None else cookie)
        self.clients.append(client)
        return client


@pytest.fixture
async def ana(program: Server, people: Crowd) -> AsyncIterator[Uploader]:
    """Somebody with a task."""
    from tests.security.test_believing_no_argument import task_of  # It imports this module.

    tab = await people.tab()
    uploader = Uploader(program, tab.cookie, await task_of(tab))
    yield uploader
    await uploader.http.aclose()
