"""Ana and Ben in browsers of their own, and how they come to share a board."""

from dataclasses import dataclass
from typing import Any

from playwright.async_api import Playwright, expect

from tests.browser.tab import Tab, launch
from tests.live.client import Client
from tests.live.proxy import Proxy
from tests.support.server import Server


@dataclass
class Pair:
    """Ana's browser reaches the program directly; Ben has one of his own, which reaches it under the same address, but
    through a proxy."""

    server: Server
    playwright: Playwright
    proxy: Proxy
    ana: Tab
    ben: Tab
    path: str = ""

    @property
    def has_two_workers(self) -> bool:
        return self.server.worker_count == 2


def origin(server: Server) -> str:
    return f"http://tandem.localhost:{server.port}"


async def bens_tab(playwright: Playwright, proxy: Proxy, server: Server, **context: Any) -> Tab:
    rule = f"MAP tandem.localhost:{server.port} {proxy.url.removeprefix('http://')}"
    browser = await launch(playwright, f"--host-resolver-rules={rule}")
    return await Tab.start(browser, origin(server), color_scheme="dark", **context)


async def close_browser(tab: Tab) -> None:
    assert tab.context.browser
    await tab.context.browser.close()


async def found_a_workspace(ana: Tab) -> None:
    await ana.page.goto(ana.url + "/sign-up")
    await sign_up(ana, "Ana")
    await ana.named("new-workspace").click()
    await ana.page.fill("[name=workspace_name]", "Tandem team")
    await ana.named("create-workspace").click()
    await ana.page.wait_for_url("**/b/*")
    await expect(ana.lanes()).to_have_count(3)


async def invite_by_link(ana: Tab) -> str:
    await ana.named("invite").click()
    await ana.named("create-invite").click()
    link = await ana.named("invite-link").input_value()
    assert link.startswith(f"{ana.url}/join/")
    await ana.escape()
    await expect(ana.named("invite-link")).to_have_count(0)
    return link


async def join_by_link(ben: Tab, link: str) -> None:
    await ben.page.goto(link)
    await expect(ben.page.get_by_role("heading")).to_have_text("Join Tandem team")
    await ben.role("link", "Create an account").click()
    await sign_up(ben, "Ben")
    await ben.page.wait_for_url(link)
    await ben.named("join-workspace").click()
    await ben.page.wait_for_url("**/b/*")
    await expect(ben.lanes()).to_have_count(3)


async def sign_up(tab: Tab, name: str) -> None:
    await tab.page.fill("[name=name]", name)
    await tab.page.fill("[name=email]", f"{name.lower()}@tandem.example")
    await tab.page.fill("[name=password]", f"{name.lower()} launches tandem")
    await tab.page.click("button[type=submit]")


async def go_to_another_worker(pair: Pair) -> None:
    """Whichever worker is free takes a connection: Ben reloads until it is not Ana's, where there are two."""
    for _ in range(60 if pair.has_two_workers else 0):
        if await pair.ben.worker() != await pair.ana.worker():
            break
        await pair.ben.page.reload()


async def with_cookies_of(tab: Tab, server: Server) -> Client:
    cookies = [f"{cookie['name']}={cookie['value']}" for cookie in await tab.context.cookies()]
    return Client(server.url, "; ".join(cookies))
