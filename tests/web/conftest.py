"""One running program for all tests of forms and pages."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from tests.support.server import Server, serving


@pytest.fixture(scope="session")
def program() -> Iterator[Server]:
    with serving() as server:
        yield server
        assert "Traceback" not in server.log, server.log


@pytest.fixture
async def browser(program: Server) -> AsyncIterator[httpx.AsyncClient]:
    """Something that posts forms and keeps cookies, and follows no redirect by itself."""
    async with httpx.AsyncClient(base_url=program.url, headers={"Origin": program.url}, timeout=30) as browser:
        yield browser
