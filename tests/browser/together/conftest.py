"""Ana founds a workspace and Ben joins it, once for each file and size of the program: its tests go on from there."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Playwright

from tests.browser.pair import (
    Pair,
    bens_tab,
    close_browser,
    found_a_workspace,
    go_to_another_worker,
    invite_by_link,
    join_by_link,
    origin,
)
from tests.browser.tab import Tab
from tests.live.proxy import Proxy
from tests.support.log import troubles
from tests.support.server import Server, serving


@pytest.fixture(scope="module", params=["postgresql-redis-two-workers", "sqlite-in-process-one-worker"])
def program(request: pytest.FixtureRequest) -> Iterator[Server]:
    if request.param == "sqlite-in-process-one-worker":
        with serving() as server:
            yield server
    else:
        url = request.getfixturevalue("postgresql_store").create("migrated")
        redis_url = request.getfixturevalue("redis_server").url
        with serving(DATABASE_URL=url, REDIS_URL=redis_url, WORKERS="2") as server:
            yield server


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def pair(program: Server, playwright: Playwright, browser: Browser) -> AsyncIterator[Pair]:
    async with Proxy(program.url) as proxy:
        ana = await Tab.start(browser, origin(program))
        pair = Pair(program, playwright, proxy, ana, await bens_tab(playwright, proxy, program))
        await found_a_workspace(ana)
        pair.path = ana.page.url.removeprefix(ana.url)
        await join_by_link(pair.ben, await invite_by_link(ana))
        await go_to_another_worker(pair)
        yield pair
        await ana.context.close()
        await close_browser(pair.ben)


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def quiet(pair: Pair) -> AsyncIterator[None]:
    """No browser has complained, and the program has logged no trouble since it said where it is."""
    yield
    assert [*pair.ana.complaints, *pair.ben.complaints] == []
    assert troubles(pair.server.log.partition("Tandem is at")[2])[1:] == []
