"""One person's window: what they see of a board, what they do to it, and what their browser complains of."""

import asyncio
import os
import re
import shutil
import time
from collections.abc import Awaitable, Callable
from typing import Any, Self

from playwright.async_api import Browser, BrowserContext, Locator, Page, Playwright, expect

PATIENCE = 20_000
"""Milliseconds that anything may take on a machine that is busy with other things."""
SLOWER = float(os.environ.get("SLOWER", 1))
"""How many times as long pages take to run: `SLOWER=3 bin/test tests/browser` shows which tests are in a hurry."""
expect.set_options(timeout=PATIENCE)

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

CUT = r"WebSocket connection to|net::ERR_"
"""How Chromium complains of a network that the test has cut."""

IDLE_TWICE = """new Promise(done =>
    requestIdleCallback(() => requestIdleCallback(done, { timeout: 1000 }), { timeout: 1000 })
)"""

Board = dict[str, list[tuple[str, bool]]]
"""By lane, from left to right: the title of each task from top to bottom, and whether it is done."""


BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is Chromium without its windows, which nobody sees here: a quarter less of processor time."""


async def launch(playwright: Playwright, *arguments: str) -> Browser:
    """A Chromium: Debian's, or else the one that Playwright has downloaded."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return await playwright.chromium.launch(executable_path=found, args=[*ARGUMENTS, *arguments])


class Tab:
    """A page at `url`, in a browser profile of its own or in one that other pages have too."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.complaints: list[str] = []
        page.on("console", lambda said: self._note(said.type, said.text, said.location.get("url", "")))
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))

    @classmethod
    async def start(cls, browser: Browser, url: str, cookie: str = "", **profile: Any) -> Self:
        """In a new profile, with somebody's Cookie header in it if they have one."""
        context = await browser.new_context(**{"viewport": DESKTOP, "locale": "en-GB"} | profile)
        context.set_default_timeout(PATIENCE)
        if cookie:
            name, _, value = cookie.partition("=")
            await context.add_cookies([{"name": name, "value": value, "url": url}])
        return await cls(await context.new_page(), url)._slowed()

    async def another(self) -> "Tab":
        """Another page in the same profile: in a window of its own, as a tab behind another draws but once a second."""
        async with self.context.expect_page() as opened:
            await self.page.evaluate("window.open('about:blank', '_blank', 'popup,noopener') && undefined")
        return await Tab(await opened.value, self.url)._slowed()

    async def _slowed(self) -> Self:
        if SLOWER > 1:
            chromium = await self.context.new_cdp_session(self.page)
            await chromium.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        return self

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    def _note(self, kind: str, text: str, where: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(f"{kind}: {text} ({where})")

    def forgive(self, what: str) -> None:
        """Forget the complaints that the test itself is the cause of, `what` being a regular expression for them."""
        self.complaints = [said for said in self.complaints if not re.search(what, said)]

    async def open(self, path: str) -> "Tab":
        """Load a page, and wait until it is live."""
        await self.page.goto(self.url + path)
        await self.is_live()
        return self

    async def is_live(self) -> None:
        await expect(self.named("connection")).to_have_attribute("data-state", "live")

    async def is_titled(self, title: str) -> None:
        """Wait until the browser's tab is called so, whatever is unread."""
        await expect(self.page).to_have_title(re.compile(rf"^(\(\d+\+?\) )?{re.escape(title)} · Tandem$"))

    def named(self, test_id: str) -> Locator:
        return self.page.get_by_test_id(test_id)

    def role(self, role: Any, name: str | re.Pattern[str], **options: Any) -> Locator:
        return self.page.get_by_role(role, name=name, **options)

    @property
    def alert(self) -> Locator:
        return self.page.get_by_role("alert")

    async def worker(self) -> str:
        """The process that serves this tab."""
        await self.is_live()
        return (await self.named("connection").get_attribute("data-worker") or "").partition("-")[0]

    async def revision(self) -> int:
        """Which state of the board the tab shows."""
        found = re.search(r"revision (\d+)", await self.named("connection").get_attribute("title") or "")
        assert found, "The connection mark does not tell the revision."
        return int(found[1])

    def lane(self, name: str) -> Locator:
        return self.page.locator(f'section[data-name="{name}"]')

    def lanes(self) -> Locator:
        return self.page.locator("section[data-testid^=lane-]")

    def card(self, title: str) -> Locator:
        return self.page.locator("article", has=self.page.get_by_test_id("title").get_by_text(title, exact=True))

    def title(self, title: str) -> Locator:
        return self.card(title).get_by_test_id("title")

    def quick_add(self, lane: str) -> Locator:
        return self.lane(lane).get_by_role("textbox")

    def here(self, name: str) -> Locator:
        """Somebody's avatar among those who are here."""
        return self.named("presence").locator(f'[data-name="{name}"]')

    def news(self, title: str) -> Locator:
        """The row of the inbox about this task."""
        return self.page.locator("[data-news]", has=self.page.get_by_text(title, exact=True))

    async def board(self) -> Board:
        return await self.page.evaluate(
            """() => Object.fromEntries([...document.querySelectorAll("section[data-name]")].map(lane => [
                lane.dataset.name,
                [...lane.querySelectorAll("article")].map(card => [
                    card.querySelector("[data-testid=title]").textContent,
                    card.querySelector("[data-testid^=complete]").ariaPressed === "true",
                ]),
            ]))"""
        )

    async def shows(self, *titles: str, lane: str) -> None:
        """Wait until the lane holds just these tasks, in this order."""
        await expect(self.lane(lane).get_by_test_id("title")).to_have_text(list(titles))

    async def add(self, lane: str, *titles: str) -> None:
        """Type tasks at the foot of a lane, each ended by Enter."""
        for title in titles:
            await self.quick_add(lane).fill(title)
            await self.quick_add(lane).press("Enter")

    def done(self, title: str) -> Locator:
        """The button that completes and reopens a task; pressed when it is done."""
        return self.card(title).locator("[data-testid^=complete-]")

    async def choose(self, menu: str | re.Pattern[str], item: str) -> None:
        """Open the menu of that name, and take an item of it."""
        await self.role("button", menu, exact=isinstance(menu, str)).click()
        await self.role("menuitem", item, exact=True).click()
        await expect(self.page.get_by_role("menu")).to_have_count(0)

    async def escape(self) -> None:
        """Close what is on top, which listens a moment after it is drawn: until then what lies under it is closed."""
        await self.page.evaluate(IDLE_TWICE)
        await self.page.keyboard.press("Escape")

    async def open_task(self, title: str) -> Locator:
        """Open a task by its card; its dialog."""
        await self.title(title).click()
        await expect(self.named("task-title")).to_have_value(title)
        return self.named("task-dialog")

    async def rename(self, title: str, to: str) -> None:
        """Open a task, change its title, and close it."""
        await self.open_task(title)
        await self.named("task-title").fill(to)
        await self.named("task-title").press("Enter")
        await self.close_task()

    async def close_task(self) -> None:
        await self.named("close-task").click()
        await expect(self.named("task-dialog")).to_have_count(0)


async def until(ask: Callable[[], Awaitable[Any]], answer: Any, patience: float = PATIENCE / 1000) -> None:
    """For what no locator can say: ask again and again until this is the answer."""
    got = await ask()
    deadline = time.monotonic() + patience
    while got != answer:
        assert time.monotonic() < deadline, f"Waited {patience:.0f} s for {answer!r}; it is {got!r}."
        await asyncio.sleep(0.02)
        got = await ask()
