"""A database that another program holds: what it refuses of somebody who goes on typing waits for them in lines."""

import contextlib
import sqlite3
from collections.abc import Iterator

from playwright.async_api import Browser, expect

from tests.browser.tab import Tab
from tests.live import story as stories
from tests.live.client import sign_in
from tests.live.story import PASSWORDS
from tests.support.server import UNHURRIED, Server, serving

TITLES = ["Pick a date", "Book the room", "Invite the press"]


async def test_what_a_busy_database_refuses_waits_in_lines_of_its_own_and_is_added_with_one_key(browser: Browser):
    with serving("--demo", **UNHURRIED) as server:
        team = await stories.begin(server, first=1)
        ana = await Tab.start(browser, server.url, await sign_in(server.url, *PASSWORDS["Ana"]))
        await ana.open(team.path)
        input = ana.quick_add("Done")
        await input.click()
        with locked(server):
            for title in TITLES:  # Before the first answer is here.
                await ana.page.keyboard.type(title)
                await ana.page.keyboard.press("Enter")
            await ana.page.keyboard.type("What is")
            await waits(ana, *TITLES)
            await ana.page.keyboard.type(" typed now")
            await expect(input).to_have_value("What is typed now")
            await ana.page.keyboard.press("Enter")
            await waits(ana, *TITLES, "What is typed now")  # An answer while the input is empty.
            await expect(input).to_have_value("")
            await ana.page.keyboard.press("Enter")
            await waits(ana)
            await waits(ana, *TITLES, "What is typed now")
            await ana.page.keyboard.press("Escape")
            await waits(ana, *TITLES, "What is typed now")
        await input.press("Enter")
        await ana.shows(*TITLES, "What is typed now", lane="Done")
        await waits(ana)
        assert ana.complaints == []
        await ana.context.close()
        await team.end()


@contextlib.contextmanager
def locked(server: Server) -> Iterator[None]:
    """Nobody else can write into its database."""
    file = sqlite3.connect(server.database_url.partition(":///")[2], isolation_level=None)
    file.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        file.close()


async def waits(ana: Tab, *titles: str) -> None:
    await expect(ana.lane("Done").get_by_role("listitem")).to_have_text(list(titles))
