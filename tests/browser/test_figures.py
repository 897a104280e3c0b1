"""The page of figures, and the delay until a change is on a screen, in real browsers."""

import json
import math
import time
from collections.abc import AsyncIterator, Iterator
from functools import partial

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Response, expect

from app.figures import history
from app.version import newest
from tests.browser.sent import Sent
from tests.browser.tab import Tab, until
from tests.live import story as stories
from tests.live.client import sign_in
from tests.live.story import PASSWORDS, Story
from tests.support.server import UNHURRIED, Server, serving
from tests.support.services import RedisServer

SECRET = "a secret that is shown to nobody at all"


@pytest.fixture(scope="module")
def server(redis_server: RedisServer) -> Iterator[Server]:
    with serving("--demo", REDIS_URL=redis_server.url, SECRET_KEY=SECRET, **UNHURRIED) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def story(server: Server) -> AsyncIterator[Story]:
    story = await stories.begin(server)
    yield story
    await story.end()


@pytest_asyncio.fixture(loop_scope="session")
async def tabs(browser: Browser, server: Server) -> AsyncIterator[dict[str, Tab]]:
    cookies = {name: await sign_in(server.url, *PASSWORDS[name]) for name in ("Ana", "Ben")}
    started = {name: await Tab.start(browser, server.url, cookie) for name, cookie in cookies.items()}
    yield started
    for tab in started.values():
        await tab.context.close()
    assert [complaint for tab in started.values() for complaint in tab.complaints] == []


async def test_an_admin_sees_how_it_is_and_how_it_was_and_the_board_pays_nothing_for_that(
    tabs: dict[str, Tab], story: Story, redis_server: RedisServer
):
    an_hour_has_passed(redis_server)
    ana, ben = tabs["Ana"], tabs["Ben"]
    told, scripts = [Sent(ana), Sent(ben)], list[Response]()
    ben.page.on("response", lambda answer: scripts.append(answer))
    await ben.open(story.path)
    scripts = [answer for answer in scripts if answer.request.resource_type == "script"]
    assert scripts and not [answer.url for answer in scripts if b"recharts" in await answer.body()]
    await ana.open(story.path)
    await ben.done("Task 0").click()
    await expect(ana.done("Task 0")).to_have_attribute("aria-pressed", "true")

    for tab in told:  # Each tells when it has painted the change, two frames later.
        await until(partial(tab.has_told, "painted"), True)

    await ana.open("/admin")
    await ana.named("figures").click()
    await expect(ana.named("now-painted")).to_contain_text("ms")
    await expect(ana.named(f"painted-board-{story.board_id}")).to_be_visible()
    await expect(ana.named("now-people")).to_have_text("2")
    for part in ("database", "schema", "redis", "workers", "scheduler", "disk", "mail"):
        await expect(ana.named(f"part-{part}")).to_have_attribute("data-well", "true")
    for name in ("people", "emit", "painted", "commands", "doorbells", "memory"):
        lines = ana.named(f"chart-{name}").locator("path.recharts-line-curve")
        await expect(lines.first).to_be_visible()
        assert await lines.first.get_attribute("d")
    await expect(ana.role("region", "Table of settings")).to_have_attribute("tabindex", "0")
    await expect(ana.named("setting-SECRET_KEY")).to_have_text("SECRET_KEYset")
    assert SECRET not in await ana.page.content()
    await expect(ana.named("version")).to_contain_text(newest()[0])

    await ben.page.close()
    await expect(ana.named("now-people")).to_have_text("1")  # It is live.


async def test_who_is_no_admin_is_shown_the_door(tabs: dict[str, Tab]):
    ben = await tabs["Ben"].another()
    await ben.open("/admin/figures")
    await expect(ben.named("door")).to_be_visible()
    await expect(ben.named("settings")).to_have_count(0)


def an_hour_has_passed(redis_server: RedisServer) -> None:
    """As the workers would have left it behind."""
    now = int(time.time()) // history.EVERY
    with redis_server.client() as client:
        for slot in range(now - 350, now):
            wave = 1 + math.sin(slot / 20)
            sample = {"people": int(3 * wave), "connections": int(5 * wave), "memory": 200 + slot % 7, "rooms": 4}
            sample |= {"done": 2 * wave, "refused": 0.1 * wave, "published": 3 * wave, "received": 3 * wave}
            sample |= {f"emit_{name}": number * wave for name, number in (("p50", 8), ("p95", 20), ("p99", 45))}
            sample |= {"painted_p50": 30 * wave, "painted_p95": 90 * wave}
            client.zadd(history.KEY, {f"{slot}|{json.dumps(sample)}": slot})
