"""The self-test names what is wrong on the way between a browser and the program."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from email.utils import formatdate
from typing import Any

import pytest
from playwright.async_api import Page, Route, WebSocketRoute, expect

from tests.browser.conftest import Visit
from tests.browser.tab import Tab
from tests.support.server import Server

Told = dict[str, Any]
HELD_BACK = 6
"""Frames that a proxy which buffers gathers."""


async def test_all_is_well_on_a_plain_way_and_whoever_is_signed_in_is_told_so(visit: Visit):
    stranger = await looked(await visit())
    await expect(stranger.named("verdict")).to_have_text("All is well.")
    assert "You are not signed in" in await report(stranger)
    ana = await looked(await visit("Ana"))
    await expect(ana.named("verdict")).to_have_attribute("data-faults", "0")
    assert "You are signed in" in await report(ana)
    assert len(re.findall(r"^ok: ", await report(ana), re.M)) == 8


@pytest.mark.parametrize(
    ("wrong", "changed", "words"),
    [
        ("The address is the right one", {"public_url": "https://tasks.example.com"}, "PUBLIC_URL"),
        ("Cookies come back", {"cookie": False}, "cookie"),
        ("The clock is right", {"date": formatdate(0, usegmt=True)}, "hours ahead of"),
        ("Proxies are known", {"hops": 2}, "TRUSTED_PROXY_HOPS"),
    ],
)
async def test_what_is_wrong_is_named(visit: Visit, wrong: str, changed: Told, words: str):
    stranger = await visit()
    await stranger.page.route("**/api/self-test", told_otherwise(changed))
    await looked(stranger)
    assert await faults(stranger) == [wrong]
    assert words in await report(stranger)


async def test_a_proxy_that_buffers_is_named(visit: Visit):
    stranger = await visit()
    await buffer(stranger.page)
    await looked(stranger)
    assert "Nothing is held back" in await faults(stranger)


async def test_a_proxy_that_does_not_upgrade_is_named(visit: Visit, server: Server):
    async with not_upgrading(server) as port:
        stranger = await visit()
        await stranger.page.goto(f"http://127.0.0.1:{port}/selftest")
        await expect(stranger.named("verdict")).to_have_attribute("data-done", "true")
        assert await faults(stranger) == ["A live connection opens"]
        assert "Upgrade" in await report(stranger)
        await stranger.page.goto("about:blank")  # From here on it tries no more.
        stranger.forgive("WebSocket|websocket|40[04]|_event|Cannot connect")


async def looked(tab: Tab) -> Tab:
    await tab.page.goto(f"{tab.url}/selftest")
    await expect(tab.named("verdict")).to_have_attribute("data-done", "true")
    return tab


async def report(tab: Tab) -> str:
    return await tab.named("report").input_value()


async def faults(tab: Tab) -> list[str]:
    return re.findall(r"^WRONG: (.*?)\.", await report(tab), re.M)


def told_otherwise(changed: Told) -> Callable[[Route], Any]:
    async def answer(route: Route) -> None:
        real = await route.fetch()
        headers = real.headers | ({"date": changed["date"]} if "date" in changed else {})
        await route.fulfill(response=real, headers=headers, body=json.dumps(await real.json() | changed))

    return answer


async def buffer(page: Page) -> None:
    """Whatever comes over a socket comes all at once, a little later."""

    def through(here: WebSocketRoute) -> None:
        there, held = here.connect_to_server(), []

        def hold(message: str | bytes) -> None:
            if '["ping"' not in str(message):
                here.send(message)
            else:
                held.append(message)
            if len(held) == HELD_BACK:
                for one in held:
                    here.send(one)

        there.on_message(hold)

    await page.route_web_socket(re.compile("/_event/"), through)


@asynccontextmanager
async def not_upgrading(server: Server) -> AsyncIterator[int]:
    """A proxy that takes "Upgrade" out of every request, as one does that was not told to pass it on."""

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while some := await reader.read(65536):
                writer.write(re.sub(rb"(?i)upgrade: websocket\r\n", b"", some))
                await writer.drain()
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, there = await asyncio.open_connection("127.0.0.1", server.port)
        await asyncio.gather(pipe(reader, there), pipe(back, writer))

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as proxy:
        yield proxy.sockets[0].getsockname()[1]
