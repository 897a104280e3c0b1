"""What somebody sent on a connection that broke is saved after all, and once: nothing typed is lost."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Playwright, WebSocketRoute, expect

from tests.browser.conftest import TASKS
from tests.browser.pair import bens_tab, close_browser
from tests.browser.tab import CUT, Tab
from tests.live.proxy import Proxy
from tests.live.story import Story
from tests.support.server import Server

DOING = TASKS["Doing"]


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


async def test_an_addition_that_was_on_its_way_is_made_when_the_connection_is_back(ana: Tab, ben: Tab, network: Proxy):
    network.silence()
    await ben.add("Doing", "Tell it to everybody", "Then to the others")
    await expect(ben.quick_add("Doing")).to_have_value("")
    await break_off(ben, network)
    await ben.is_live()
    for tab in (ana, ben):
        await tab.shows(*DOING, "Tell it to everybody", "Then to the others", lane="Doing")
    await expect(ben.lane("Doing").get_by_role("listitem")).to_have_count(0)


async def test_an_addition_whose_answer_was_lost_is_not_made_twice(ana: Tab, ben: Tab, team: Story):
    is_deaf = asyncio.Event()
    sockets: list[WebSocketRoute] = []

    def one_way(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        server = socket.connect_to_server()
        server.on_message(lambda message: None if is_deaf.is_set() else socket.send(message))

    await ben.page.route_web_socket(re.compile("_event"), one_way)
    await ben.open(team.path)
    is_deaf.set()
    await ben.add("Doing", "Tell it to everybody")
    await ana.shows(*DOING, "Tell it to everybody", lane="Doing")
    before = await team.revisions()
    is_deaf.clear()
    await sockets[-1].close()
    await ben.shows(*DOING, "Tell it to everybody", lane="Doing")
    await ben.add("Done", "Something else")
    for tab in (ana, ben):
        await tab.shows("Something else", lane="Done")  # What was sent again was answered before that.
        await tab.shows(*DOING, "Tell it to everybody", lane="Doing")
    assert (await team.revisions())[-1] == before[-1] + 1


async def test_what_is_added_offline_waits_in_lines_of_its_own(ben: Tab, network: Proxy):
    network.refuse()
    network.cut()
    await expect(ben.named("connection")).to_have_attribute("data-state", "offline")
    await ben.add("Doing", "Tell it to everybody", "Then to the others")
    await expect(ben.lane("Doing").get_by_role("alert")).to_contain_text("You are offline.")
    await expect(ben.lane("Doing").get_by_role("listitem")).to_have_text(["Tell it to everybody", "Then to the others"])
    network.refuse(False)
    await ben.is_live()
    await expect(ben.lane("Doing").get_by_role("alert")).to_have_count(0)
    await ben.quick_add("Doing").press("Enter")
    await ben.shows(*DOING, "Tell it to everybody", "Then to the others", lane="Doing")


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


async def test_an_addition_that_was_on_its_way_when_the_page_was_loaded_again_is_made(
    ana: Tab, ben: Tab, network: Proxy
):
    network.silence()
    await ben.add("Doing", "Tell it to everybody")
    network.cut()
    await ben.page.reload()
    for tab in (ana, ben):
        await tab.shows(*DOING, "Tell it to everybody", lane="Doing")
    await expect(ben.quick_add("Doing")).to_have_value("")


async def test_a_comment_that_cannot_go_offline_stays_and_goes_when_the_connection_is_back(ben: Tab, network: Proxy):
    await ben.open_task("Order stickers")
    network.refuse()
    network.cut()
    await expect(ben.named("connection")).to_have_attribute("data-state", "offline")
    await ben.named("comment-text").fill("How many?")
    await ben.named("comment-text").press("Control+Enter")
    await expect(ben.named("comments")).to_contain_text("You are offline.")
    network.refuse(False)
    await ben.is_live()
    await expect(ben.named("comments")).not_to_contain_text("You are offline.")
    await ben.named("comment-text").press("Control+Enter")
    await expect(ben.named("comments").locator(".markdown")).to_have_text(["How many?"])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])  # At the second the socket stays.
async def test_a_browser_that_was_offline_for_a_moment_is_live_again(
    browser: Browser, server: Server, cookies: dict[str, str], team: Story, host: str
):
    ana = await Tab.start(browser, server.url.replace("127.0.0.1", host), cookies["Ana"])
    await ana.open(team.path)
    for _ in range(2):
        await ana.context.set_offline(True)
        await expect(ana.named("connection")).to_have_attribute("data-state", "offline")
        await ana.context.set_offline(False)
        await ana.is_live()
    await ana.add("Doing", "Tell it to everybody")
    await ana.shows(*DOING, "Tell it to everybody", lane="Doing")
    ana.forgive(CUT)
    assert ana.complaints == []
    await ana.context.close()


async def break_off(ben: Tab, network: Proxy) -> None:
    """Everything that is on its way is lost, and the page has noticed."""
    network.refuse()
    network.cut()
    await expect(ben.named("connection")).to_have_attribute("data-state", "offline")
    network.refuse(False)
