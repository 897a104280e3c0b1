"""How one comes in, in a browser of one's own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser

from tests.browser.tab import Tab, until
from tests.support.server import Server

IS_ALIVE = """() => {
    const form = document.querySelector("main form");
    return Boolean(form) && Object.keys(form).some(key => key.startsWith("__react"));
}"""
"""React has taken over the form that was in the page: what is typed before that may be lost."""


@asynccontextmanager
async def at(browser: Browser, door: Server, path: str, **profile: Any) -> AsyncIterator[Tab]:
    """A tab in a new profile, which must not complain of anything."""
    tab = await Tab.start(browser, door.url, **profile)
    await tab.page.goto(door.url + path)
    yield tab
    assert tab.complaints == []
    await tab.context.close()


async def sign_in(tab: Tab, email: str, password: str) -> None:
    await tab.page.goto(tab.url + "/sign-in")
    await fill(tab, email=email, password=password)


async def fill(tab: Tab, **fields: str) -> None:
    """Fill in the form of the page, once it is alive, and send it."""
    await until(lambda: tab.page.evaluate(IS_ALIVE), True)
    for name, value in fields.items():
        await tab.page.fill(f"main form [name={name}]", value)
    await tab.page.locator("main form button[type=submit]").click()
