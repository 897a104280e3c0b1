"""`bin/bench opening`: a board of 10,000 tasks in a real Chromium, and what two people's browsers show each other.

notes/sizes.md says how.
"""

import argparse
import asyncio
import time
from statistics import quantiles

from playwright.async_api import Browser, Playwright, async_playwright, expect

from bench import rounds, stage
from bench.machine import description
from bench.pages import DRAWN, SHOWN, TAP, WATCH, Traffic
from tests.browser.tab import Tab, launch
from tests.live.client import sign_in
from tests.live.story import PASSWORDS, Story
from tests.support.server import Server

TASKS = 10_000
LANES = {"Doing": 3_000, "Done": 3_000}
MOST_BYTES, MOST_OPENING, MOST_SETTLING, MOST_TOGETHER = 300.0, 1_500.0, 150.0, 50.0
"""KB, and three times milliseconds."""
CHANGES = 100


async def opening(server: Server, browser: Browser, count: int) -> list[str]:
    """Each time a board that no worker has drawn: first in a profile with an empty cache, then in the same profile."""
    cookie = await sign_in(server.url, *PASSWORDS["Ana"])
    cold: list[float] = []
    warm: list[float] = []
    again: list[float] = []
    weights: list[float] = []
    weights_again: list[float] = []
    settling: list[float] = []
    for _ in range(count):
        first, second = [await stage.board(server, TASKS, **LANES) for _ in range(2)]
        tab = await Tab.start(browser, server.url, cookie)
        await tab.page.add_init_script(f"({SHOWN})()")
        traffic = await Traffic().listen(tab)
        cold.append(await _open(tab, first))
        weights.append(traffic.total)
        before = traffic.total
        warm.append(await _open(tab, second))
        weights_again.append(traffic.total - before)
        again.append(await _open(tab, second))
        settling += [await _move(tab, second) for _ in range(3)]
        assert tab.complaints == [], tab.complaints
        await tab.context.close()
        for story in (first, second):
            await story.end()
    board = f"a board of {TASKS:,} tasks"
    return [
        rounds.measured(f"on the wire to open {board}, nothing in the cache", weights, "KB", MOST_BYTES),
        rounds.measured("the same with the program in the cache", weights_again, "KB", MOST_BYTES),
        rounds.measured(f"{board} drawn, program in the cache, board new to the worker", warm, "ms", MOST_OPENING),
        rounds.measured(
            f"{board} drawn, program in the cache, somebody looks at it already", again, "ms", MOST_OPENING
        ),
        rounds.measured(f"{board} drawn, nothing in the cache (no demand of its own)", cold, "ms", MOST_OPENING),
        rounds.measured("a move there, from input to changed lane", settling, "ms", MOST_SETTLING),
    ]


async def _open(tab: Tab, story: Story) -> float:
    """Milliseconds from the start of the navigation until three cards and more were painted."""
    await tab.page.goto(tab.url + story.path, wait_until="commit")
    drawn = await tab.page.evaluate(DRAWN)
    await tab.is_live()
    counts = await tab.page.locator("section header span").all_inner_texts()
    assert sum(int(count.replace(",", "")) for count in counts if count) == TASKS, f"The lanes count {counts}."
    return drawn


async def _move(tab: Tab, story: Story) -> float:
    """Milliseconds from the key that sends the tenth task to the top until it is the lane's first on this screen."""
    lane = tab.lane("To do")
    card = lane.locator("article").nth(9)
    name = await card.get_attribute("data-testid") or ""
    await card.hover()
    await tab.named(name.replace("task-", "task-menu-")).click()
    item = tab.role("menuitem", "To the top", exact=True)
    await item.focus()
    first = f"[data-testid=lane-{story.lanes['To do']}] article"
    await tab.page.evaluate(WATCH, [first, "data-testid", name])
    await item.press("Enter")
    await expect(tab.page.locator(first).first).to_have_attribute("data-testid", name)
    changed, began = await tab.page.evaluate("[window.changedAt, window.inputAt]")
    assert changed > began > 0, "Nothing was seen of the move."
    return changed - began


async def together(server: Server, playwright: Playwright) -> list[str]:
    """Ana ticks tasks off and back in her browser, Ben's shows it; each browser is on a worker of its own."""
    story = await stage.board(server, 100)
    browsers = [await launch(playwright) for _ in range(2)]
    cookies = {name: await sign_in(server.url, *PASSWORDS[name]) for name in ("Ana", "Ben")}
    ana, ben = [
        await Tab.start(browser, server.url, cookie) for browser, cookie in zip(browsers, cookies.values(), strict=True)
    ]
    for tab in (ana, ben):
        await tab.page.add_init_script(f"({TAP})()")
        await tab.open(story.path)
    while await ben.worker() == await ana.worker():
        await ben.open(story.path)
    waits = [await _seen(ana, ben, number) for number in range(-10, CHANGES)][10:]
    assert await ana.worker() != await ben.worker()
    assert await ana.board() == await ben.board(), "They see two boards: void."
    for browser in browsers:
        await browser.close()
    await story.end()
    parts = [sorted(part) for part in zip(*waits, strict=True)]
    whole = [quantiles(part, n=100) for part in parts]
    words = f"from Ana's click to Ben's changed card, two browsers, two workers, {CHANGES} changes"
    names = ("in her browser until it is sent", "from there into his browser", "in his browser until it is drawn")
    return [
        rounds.measured(f"{words}: median", [whole[0][49]], "ms", MOST_TOGETHER),
        rounds.measured(f"{words}: 95 of 100", [whole[0][94]], "ms", MOST_TOGETHER),
        *(
            f"| of which {name} | {shares[49]:.1f} ms, 95 of 100 {shares[94]:.1f} ms |  |  |  |  |"
            for name, shares in zip(names, whole[1:], strict=True)
        ),
    ]


async def _seen(ana: Tab, ben: Tab, number: int) -> tuple[float, ...]:
    """Milliseconds from the input event in one browser to the first change of the card in the other, and its parts."""
    shown = await ana.page.locator("article").nth(number // 2 % 20).get_attribute("data-testid")
    card = f"[data-testid={shown}]"
    done = await ana.page.locator(card).get_attribute("data-done")
    wanted = "false" if done == "true" else "true"
    for tab in (ana, ben):
        await tab.page.evaluate(WATCH, [card, "data-done", wanted])
    await ana.page.locator(card).locator("[data-testid^=complete-]").click()
    for tab in (ana, ben):
        await expect(tab.page.locator(card)).to_have_attribute("data-done", wanted)
    began, sent = await ana.page.evaluate("[window.inputAt, window.sentAt]")
    arrived, seen = await ben.page.evaluate("[window.arrivedAt, window.changedAt]")
    return seen - began, sent - began, arrived - sent, seen - arrived


async def table(server: Server, count: int) -> None:
    async with async_playwright() as playwright:
        print(*await together(server, playwright), sep="\n", flush=True)
        browser = await launch(playwright)
        print(*await opening(server, browser, count), sep="\n", flush=True)
        await browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench opening")
    parser.add_argument("--rounds", type=int, default=rounds.ROUNDS)
    chosen = parser.parse_args()
    print(description(), rounds.HEAD, sep="\n\n", flush=True)
    started = time.monotonic()
    with stage.program() as (server, _):
        asyncio.run(table(server, chosen.rounds))
    print(f"\n{time.monotonic() - started:.0f} s.")


if __name__ == "__main__":
    main()
