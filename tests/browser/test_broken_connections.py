"""What somebody sent on a connection that broke is saved after all, or is theirs again: nothing typed is lost."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Playwright, expect

from tests.browser.pair import bens_tab, close_browser
from tests.browser.tab import CUT, Tab
from tests.live.proxy import Proxy
from tests.live.story import Story
from tests.support.server import Server


@pytest_asyncio.fixture(loop_scope="session")
async def network(server: Server) -> AsyncIterator[Proxy]:
    async with Proxy(server.url) as network:
        yield network


@pytest_asyncio.fixture(loop_scope="session")
async def ben(
    playwright: Playwright, server: Server, network: Proxy, cookies: dict[str, str], team: Story
) -> AsyncIterator[Tab]:
    """Ben on the board, through a network that can break; his browser complains of nothing but that."""
    tab = await bens_tab(playwright, network, server)
    name, _, value = cookies["Ben"].partition("=")
    await tab.context.add_cookies([{"name": name, "value": value, "url": tab.url}])
    yield await tab.open(team.path)
    tab.forgive(CUT)
    assert tab.complaints == []
    await close_browser(tab)


async def test_an_edit_that_was_on_its_way_is_saved_when_the_connection_is_back(ana: Tab, ben: Tab, network: Proxy):
    await ben.open_task("Order stickers")
    network.silence()
    await ben.named("task-description").fill("Two hundred of them")
    await ben.named("task-description").press("Control+Enter")
    await break_off(ben, network)
    await ana.open_task("Order stickers")
    await expect(ana.named("task-description")).to_have_value("Two hundred of them")
    await ben.is_live()
    await expect(ben.named("task-description")).to_have_value("Two hundred of them")


async def test_an_edit_that_arrived_before_the_connection_broke_is_not_made_twice(
    ana: Tab, ben: Tab, network: Proxy, team: Story
):
    await ben.open_task("Order stickers")
    await ben.named("task-description").fill("Two hundred of them")
    await ben.named("task-description").press("Control+Enter")
    await ana.open_task("Order stickers")
    await expect(ana.named("task-description")).to_have_value("Two hundred of them")
    before = await team.revisions()
    await break_off(ben, network)
    await ben.is_live()
    await ben.close_task()
    assert await team.revisions() == before


async def test_an_addition_that_was_on_its_way_comes_back_with_a_sentence(ana: Tab, ben: Tab, network: Proxy):
    note = ben.lane("Doing").get_by_role("alert")
    network.silence()
    await ben.add("Doing", "Tell it to everybody")
    await expect(ben.quick_add("Doing")).to_have_value("")
    await break_off(ben, network)
    await expect(ben.role("button", "Edit Tell it to everybody")).to_be_visible()
    await expect(note).to_contain_text("The connection broke")
    await ben.is_live()
    await ben.quick_add("Doing").press("Enter")
    await expect(ana.card("Tell it to everybody")).to_have_count(1)
    await expect(ben.quick_add("Doing")).to_have_value("")
    await expect(note).to_have_count(0)


async def test_an_addition_that_was_answered_does_not_come_back(ana: Tab, ben: Tab, network: Proxy):
    await ben.add("Doing", "Tell it to everybody")
    await expect(ana.card("Tell it to everybody")).to_have_count(1)
    await expect(ben.card("Tell it to everybody")).to_have_count(1)
    await break_off(ben, network)
    await ben.is_live()
    await expect(ben.quick_add("Doing")).to_have_value("")
    await expect(ben.lane("Doing").get_by_role("alert")).to_have_count(0)


async def test_an_edit_that_was_on_its_way_when_the_page_was_loaded_again_comes_back(
    ana: Tab, ben: Tab, network: Proxy
):
    await ben.open_task("Order stickers")
    network.silence()
    await ben.named("task-description").fill("Two hundred of them")
    await ben.named("task-description").press("Control+Enter")
    network.cut()
    await ben.page.reload()
    await expect(ben.named("task-description")).to_have_value("Two hundred of them")
    await expect(ben.named("task-description-unsaved")).to_contain_text("not saved yet")
    await ben.close_task()
    await ana.open_task("Order stickers")
    await expect(ana.named("task-description")).to_have_value("Two hundred of them")


async def test_an_addition_that_was_on_its_way_when_the_page_was_loaded_again_comes_back(
    ana: Tab, ben: Tab, network: Proxy
):
    network.silence()
    await ben.add("Doing", "Tell it to everybody")
    network.cut()
    await ben.page.reload()
    await expect(ben.lane("Doing").get_by_role("alert")).to_contain_text("You left while this was being added")
    await ben.quick_add("Doing").press("Enter")
    await expect(ana.card("Tell it to everybody")).to_have_count(1)
    await expect(ben.quick_add("Doing")).to_have_value("")


async def break_off(ben: Tab, network: Proxy) -> None:
    """Everything that is on its way is lost, and the page has noticed."""
    network.refuse()
    network.cut()
    await expect(ben.named("connection")).to_have_attribute("data-state", "offline")
    network.refuse(False)
