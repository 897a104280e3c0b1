"""A worker that is killed costs nobody a letter of what they are typing, nor the dialog or the field that it is in."""

import os
import signal

from playwright.async_api import Browser, expect

from tests.browser.tab import CUT, Tab
from tests.live import story as stories
from tests.live.client import sign_in
from tests.live.story import PASSWORDS
from tests.support.server import UNHURRIED, serving


async def test_what_is_being_typed_stays_when_the_worker_is_killed(browser: Browser):
    with serving("--demo", **UNHURRIED) as server:
        team = await stories.begin(server, first=1)
        ana = await Tab.start(browser, server.url, await sign_in(server.url, *PASSWORDS["Ana"]))
        await ana.open(team.path)
        await ana.named("invite").click()
        await ana.page.fill("[name=email_domain]", "example.com")
        await kill_the_worker(ana)
        await expect(ana.page.locator("[name=email_domain]")).to_have_value("example.com")
        await ana.escape()

        await ana.quick_add("Doing").click()
        await ana.page.keyboard.type("Tell it ")
        await kill_the_worker(ana, meanwhile="to every")
        await ana.page.keyboard.type("body")
        await expect(ana.quick_add("Doing")).to_have_value("Tell it to everybody")
        await ana.page.keyboard.press("Enter")
        await expect(ana.card("Tell it to everybody")).to_have_count(1)

        await ana.open_task("Task 0")
        await ana.named("task-description").click()
        await ana.page.keyboard.type("Two ")
        await kill_the_worker(ana, meanwhile="hundred ")
        await ana.page.keyboard.type("of them")
        await expect(ana.named("task-description")).to_have_value("Two hundred of them")
        ana.forgive(CUT)
        assert ana.complaints == []
        await ana.context.close()
        await team.end()


async def kill_the_worker(tab: Tab, meanwhile: str = "") -> None:
    """End it at once, type something while there is none, and wait until the next one has drawn the page."""
    await tab.is_live()
    mark = tab.named("connection")
    worker = await mark.get_attribute("data-worker") or ""
    os.kill(int(worker.partition("-")[0]), signal.SIGKILL)
    await tab.page.keyboard.type(meanwhile, delay=50)
    await expect(mark).not_to_have_attribute("data-worker", worker)
    await tab.is_live()
