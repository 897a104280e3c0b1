"""The whole image, built as the Dockerfile says and run as an engine would: with LONG=1, as it takes minutes.

IMAGE_FOLDER keeps what was built; see tests/support/image.py for machines whose network is not plain.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

from app.seeds import SIGN_INS
from tests.browser.tab import launch
from tests.support.image import USER, Image, Running

pytestmark = pytest.mark.skipif(os.environ.get("LONG") != "1", reason="LONG=1 builds the whole image")
PROMISED = 60.0
"""Seconds from the start to a board in a browser."""
MOMENTS = 120.0


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    image = Image(Path(os.environ.get("IMAGE_FOLDER") or tmp_path_factory.mktemp("image")))
    started = Running(image, tmp_path_factory.mktemp("output") / "output", "start", "--demo")
    yield started
    started.stop()


def until(running: Running, is_so: Callable[[], object], moments: float = MOMENTS) -> None:
    deadline = time.monotonic() + moments
    while not is_so():
        assert time.monotonic() < deadline, running.log
        time.sleep(0.2)


async def test_it_serves_a_board_to_a_browser_within_a_minute(running: Running):
    until(running, running.is_healthy, PROMISED)
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        page = await browser.new_page()
        await page.goto(f"{running.url}/sign-in?next=/b/1")
        await page.fill("[name=email]", SIGN_INS[0][1])
        await page.fill("[name=password]", SIGN_INS[0][2])
        await page.click("button[type=submit]")
        await page.goto(f"{running.url}/b/1")
        await expect(page.get_by_text("Order stickers")).to_be_visible(timeout=PROMISED * 1000)
        assert time.monotonic() - running.started < PROMISED
        await browser.close()
    assert set(running.parts()) == {"postgres", "redis-server", "python"}


@pytest.mark.parametrize("part", ["postgres", "redis-server", "python"])
def test_a_part_that_is_killed_is_there_again(running: Running, part: str):
    killed = running.parts()[part]
    os.kill(killed, signal.SIGKILL)
    until(running, lambda: running.parts().get(part, killed) != killed and running.is_healthy())
    assert set(running.parts()) == {"postgres", "redis-server", "python"}


def test_nothing_in_it_runs_as_root_or_can_change_the_program(running: Running):
    for pid in [running.first, *running.parts().values()]:
        assert Path(f"/proc/{pid}").stat().st_uid == USER
    assert running.image.writable(below="/tandem") == []


def test_it_stops_within_ten_seconds(running: Running):
    said = len(running.log)
    assert running.stop() < 10
    assert "database system is shut down" in running.log[said:]
