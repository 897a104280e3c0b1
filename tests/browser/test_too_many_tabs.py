"""Somebody opens more tabs than they may have: the oldest rests, says so, and goes on at a click with all that was
typed in it."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from app.web.live import RESTING
from tests.browser.conftest import UNHURRIED
from tests.browser.tab import PHONE, Tab
from tests.live import story as stories
from tests.live.client import sign_in
from tests.live.story import PASSWORDS, Story
from tests.support.server import Server, serving


@pytest.fixture(scope="module")
def strict() -> Iterator[Server]:
    """Two tabs for everybody."""
    with serving("--demo", **UNHURRIED | {"MAX_CONNECTIONS_PER_USER": "2"}) as server:
        yield server
        assert "Traceback" not in server.log, server.log


@pytest_asyncio.fixture(loop_scope="session")
async def story(strict: Server) -> AsyncIterator[Story]:
    story = await stories.begin(strict, first=2)
    yield story
    await story.end()


@pytest_asyncio.fixture(loop_scope="session")
async def tabs(browser: Browser, strict: Server) -> AsyncIterator[list[Tab]]:
    """Three of Ana's in one browser, none of which may complain of anything."""
    first = await Tab.start(browser, strict.url, await sign_in(strict.url, *PASSWORDS["Ana"]))
    tabs = [first, await first.another(), await first.another()]
    yield tabs
    await first.context.close()
    assert [complaint for tab in tabs for complaint in tab.complaints] == []


async def rests(tab: Tab) -> None:
    await expect(tab.named("resting")).to_contain_text(RESTING)
    await expect(tab.named("connection")).to_have_attribute("data-state", "catching-up")


async def test_the_oldest_rests_and_goes_on_with_what_was_typed(tabs: list[Tab], story: Story):
    first, second, third = tabs
    await first.open(story.path)
    await first.quick_add("Doing").fill("Half a title")
    await second.open(story.path)
    await expect(first.named("resting")).to_have_count(0)

    await third.open(story.path)
    await rests(first)
    await expect(first.named("resting")).to_be_focused()
    await expect(second.named("resting")).to_have_count(0)
    await third.add("Doing", "Added meanwhile")
    await second.shows("Added meanwhile", lane="Doing")
    await first.shows(lane="Doing")
    await first.page.keyboard.press("Escape")
    await first.page.mouse.click(5, 5)
    await rests(first)

    await first.named("go-on-here").click()
    await expect(first.named("resting")).to_have_count(0)
    await first.is_live()
    await first.shows("Added meanwhile", lane="Doing")
    await expect(first.quick_add("Doing")).to_have_value("Half a title")
    await rests(second)
    await expect(third.named("resting")).to_have_count(0)
    await first.quick_add("Doing").press("Enter")
    await third.shows("Added meanwhile", "Half a title", lane="Doing")


async def test_an_open_task_stays_open_and_nothing_typed_in_it_is_lost(tabs: list[Tab], story: Story):
    first, second, third = tabs
    await first.open(story.path)
    await second.open(story.path)
    title = (await story.drawing())[f"t{story.tasks[0]}"]["title"]
    await first.open_task(title)
    await first.named("task-description").fill("What I have thought of so far")

    await third.open(story.path)
    await rests(first)
    await first.page.keyboard.press("Enter")  # The dialog has the focus; one Tab away is its only button.
    await first.page.keyboard.press("Tab")
    await expect(first.named("go-on-here")).to_be_focused()
    await first.page.keyboard.press("Enter")
    await expect(first.named("resting")).to_have_count(0)
    await expect(first.named("task-dialog")).to_be_visible()
    await expect(first.named("task-description")).to_have_value("What I have thought of so far")
    await first.close_task()
    await third.open_task(title)
    await expect(third.named("task-description")).to_have_value("What I have thought of so far")


async def test_settings_that_were_typed_stay_too(tabs: list[Tab], story: Story):
    first, second, third = tabs
    await first.page.set_viewport_size(PHONE)
    await first.open("/settings")
    await first.page.fill("[name=name]", "Ana Maria")
    await second.open("/")
    await third.open("/")
    await rests(first)
    await first.named("go-on-here").click()
    await expect(first.named("resting")).to_have_count(0)
    await expect(first.page.locator("[name=name]")).to_have_value("Ana Maria")
    await rests(second)
