"""A provider, and the program that knows it: with two workers, as an answer may come to another than the question."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.security.visitor import Visitor
from tests.support.provider import Provider, providing
from tests.support.server import UNHURRIED, Server, at_its_address, serving
from tests.support.services import RedisServer
from tests.support.stores import PostgreSQLStore

ADMIN = ("admin@tandem.example", "the admin opens the door")


@pytest.fixture(scope="session")
def running_provider() -> Iterator[Provider]:
    with providing() as provider:
        yield provider


@pytest.fixture
def provider(running_provider: Provider) -> Provider:
    """As it should be, until the test tells it otherwise."""
    running_provider.reset()
    return running_provider


@pytest.fixture(scope="session")
def door(running_provider: Provider, postgresql_store: PostgreSQLStore, redis_server: RedisServer) -> Iterator[Server]:
    """The program. Its first person, the admin, is there."""
    url = postgresql_store.create("migrated")
    shared = {"DATABASE_URL": url, "REDIS_URL": redis_server.url, "WORKERS": "2"}
    with serving(**shared, **UNHURRIED, **at_its_address(), **running_provider.settings()) as server:
        yield server
        assert "Traceback" not in server.log, server.log
    postgresql_store.drop(url)


@pytest.fixture
def fresh_door(running_provider: Provider) -> Iterator[Server]:
    """A program that has not spoken to the provider yet."""
    with serving(**UNHURRIED, **at_its_address(), **running_provider.settings()) as server:
        yield server
        assert "Traceback" not in server.log, server.log


@pytest.fixture
async def admin(door: Server) -> AsyncIterator[Visitor]:
    async with Visitor(door.url) as visitor:
        await visitor.sign_in(*ADMIN)
        if not await visitor.is_signed_in():
            await visitor.sign_up("Ada", *ADMIN)
        yield visitor


@pytest.fixture
async def visitor(admin: Visitor, door: Server, provider: Provider) -> AsyncIterator[Visitor]:
    """Somebody who is new here, and whom the provider knows under a name of their own."""
    numbers.append(len(numbers))
    provider.knows |= {"sub": f"subject-{numbers[-1]}", "email": f"person{numbers[-1]}@corp.example"}
    async with Visitor(door.url) as visitor:
        yield visitor


numbers: list[int] = []
