"""Browsers, the running program, and three people with a board of their own for each test."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Playwright, async_playwright

from app.domain import boards, tasks, workspaces
from app.domain.errors import NotFound
from tests.browser.tab import Tab, launch
from tests.live import story as stories
from tests.live.client import sign_in
from tests.live.story import PASSWORDS, Story
from tests.support.log import troubles
from tests.support.server import Server, serving

HERE = Path(__file__).parent
UNHURRIED = {"MESSAGE_RATE_LIMIT": "1000000", "MAX_CONNECTIONS_PER_USER": "1000"}
"""Limits that are not what these tests are about."""
TASKS = {
    "To do": ["Write the announcement", "Ask five friendly teams", "Order stickers"],
    "Doing": ["Draw the new logo", "Answer the beta testers"],
}

Visit = Callable[..., Awaitable[Tab]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These tests share browsers, and so one event loop."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as playwright:
        yield playwright


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser(playwright: Playwright) -> AsyncIterator[Browser]:
    browser = await launch(playwright)
    yield browser
    await browser.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """As it comes out of the box, with the demo world in it."""
    with serving("--demo", **UNHURRIED) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def cookies(server: Server) -> dict[str, str]:
    """The Cookie header of each of the three, who signed in once."""
    return {name: await sign_in(server.url, *PASSWORDS[name]) for name in PASSWORDS}


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def profiles(browser: Browser, server: Server, cookies: dict[str, str]) -> AsyncIterator[dict[str, Tab]]:
    """A tab of each of them in a browser profile that lasts, so that the program's files are in its cache."""
    first = {name: await Tab.start(browser, server.url, cookie) for name, cookie in cookies.items()}
    yield first
    for tab in first.values():
        await tab.context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(
    browser: Browser, server: Server, cookies: dict[str, str], profiles: dict[str, Tab]
) -> AsyncIterator[Visit]:
    """Call it with a name for a tab of that person, without one for a stranger's; none may complain of anything.

    With options of a browser profile, such as a viewport, it is a new profile.
    """
    tabs: list[Tab] = []

    async def start(name: str = "", **profile: Any) -> Tab:
        if name and not profile:
            tab = await profiles[name].another()
        else:
            tab = await Tab.start(browser, server.url, cookies.get(name, ""), **profile)
        tabs.append(tab)
        return tab

    log = len(server.log)
    yield start
    lasting = [tab.context for tab in profiles.values()]
    for tab in tabs:
        await (tab.page if tab.context in lasting else tab.context).close()
    assert [complaint for tab in tabs for complaint in tab.complaints] == []
    assert troubles(server.log[log:]) == []


@pytest_asyncio.fixture(loop_scope="session")
async def team(server: Server) -> AsyncIterator[Story]:
    """A workspace for the length of a test: Ana owns it, Ben is a member, Cleo a viewer. Its board is "Launch"."""
    team = await stories.begin(server, first=1)
    ana, (first, *others) = team.people["Ana"], TASKS["To do"]
    async with team.db.transaction() as tx:
        await boards.rename(tx, ana, team.board_id, "Launch")
        await tasks.rename(tx, ana, team.tasks[0], first, 0)
        await tasks.add(tx, ana, team.lanes["To do"], others)
        await tasks.add(tx, ana, team.lanes["Doing"], TASKS["Doing"])
    yield team
    with suppress(NotFound):  # The test itself has deleted it.
        async with team.db.transaction() as tx:
            await workspaces.delete(tx, ana, team.workspace_id, "Tandem team")
    await team.end()


@pytest_asyncio.fixture(loop_scope="session")
async def ana(visit: Visit, team: Story) -> Tab:
    """Ana, on the board."""
    return await (await visit("Ana")).open(team.path)


@pytest_asyncio.fixture(loop_scope="session")
async def ben(visit: Visit, team: Story) -> Tab:
    """Ben, on the board."""
    return await (await visit("Ben")).open(team.path)
