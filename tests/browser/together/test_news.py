"""Two people in two browsers: what concerns one of them is told to all of their tabs, at once, and to nobody else."""

import re

from playwright.async_api import expect

from tests.browser.pair import Pair
from tests.browser.tab import Tab


async def test_what_concerns_somebody_reaches_all_of_their_tabs_and_nobody_else(pair: Pair):
    ana, ben = pair.ana, pair.ben
    await ana.add("To do", "Draw the new logo", "Print the badges")
    await ben.done("Draw the new logo").click()
    await expect(ana.named("unread")).to_have_text("1")
    other = await ben.another()
    await other.page.goto(f"{ben.url}/inbox")
    await expect(other.named("view-all")).to_be_visible()
    await assign_to_ben(ana, "Print the badges")
    for tab in (ben, other):
        await expect(tab.named("unread")).to_have_text("1")
        await expect(tab.page).to_have_title(re.compile(r"^\(1\) "))
    row = other.news("Print the badges")
    await expect(row).to_contain_text("Ana assigned it to you")
    await expect(row).to_contain_text("because you were assigned")

    await ben.named("bell").click()
    await ben.news("Print the badges").get_by_role("link").click()
    await expect(ben.named("task-title")).to_have_value("Print the badges")
    for tab in (ben, other):
        await expect(tab.named("unread")).to_have_count(0)
    await expect(row).to_have_attribute("data-unread", "false")

    await ana.done("Print the badges").click()
    await expect(row).to_contain_text("Ana completed it")
    await expect(row).to_have_attribute("data-unread", "false")  # Ben was looking at it.
    await ben.close_task()
    await ben.named("bell").click()  # Once he is answered he is known to look elsewhere.
    await expect(ben.news("Print the badges")).to_be_visible()
    await close(ben, "inbox-panel")
    await ana.done("Print the badges").click()
    await expect(row).to_contain_text("Ana reopened it")
    await expect(ben.named("unread")).to_have_text("1")
    await other.page.keyboard.press("j")
    await other.page.keyboard.press("e")
    await expect(row).to_have_count(0)
    await expect(ben.named("unread")).to_have_count(0)
    await other.role("button", "Undo").click()
    await expect(row).to_have_attribute("data-unread", "true")
    await other.named("read-all").click()
    await expect(ben.named("unread")).to_have_count(0)

    for tab, sign in ((ana, "[data-testid=comments] .mention"), (ben, "[data-testid=unread]")):
        await note_when_it_shows(tab, sign)
    await mention_ben(ana, "Print the badges")
    await expect(ben.named("unread")).to_have_text("1")
    assert await shown_at(ben) - await shown_at(ana) < 1, "Seconds later than on the screen of whoever mentioned him."
    await expect(row).to_contain_text("Ana mentioned you")
    await expect(row).to_contain_text("because you were mentioned")
    await other.named("read-all").click()
    await expect(ben.named("unread")).to_have_count(0)

    await choose_for_the_board(ben, "mute", then="unmute")
    await ana.done("Print the badges").click()
    await ana.open_task("Print the badges")
    await ana.named("who-was-told").click()
    await expect(ana.named("ledger").get_by_role("listitem").first).to_contain_text("not told: has muted it")
    await close(ana, "ledger")
    await ana.close_task()
    await expect(ben.named("unread")).to_have_count(0)
    await choose_for_the_board(ben, "unmute", then="mute")
    await expect(ana.named("unread")).to_have_text("1")
    await ana.named("bell").click()
    await expect(ana.news("Draw the new logo")).to_contain_text("Ben completed it")
    await expect(ana.news("Print the badges")).to_have_count(0)
    await close(ana, "inbox-panel")
    await other.page.close()
    assert other.complaints == []


async def assign_to_ben(ana: Tab, title: str) -> None:
    dialog = await ana.open_task(title)
    await dialog.get_by_role("checkbox", name="Ben").click()
    await expect(dialog.get_by_role("checkbox", name="Ben")).to_be_checked()
    await ana.close_task()


async def mention_ben(ana: Tab, title: str) -> None:
    await ana.open_task(title)
    await ana.named("comment-text").press_sequentially("Ready, @Be")
    await ana.named("comment-text").press("Enter")
    await ana.named("send-comment").click()
    await expect(ana.named("comments").locator(".mention")).to_have_text("@Ben")
    await ana.close_task()


async def note_when_it_shows(tab: Tab, sign: str) -> None:
    await tab.page.evaluate(
        """sign => new MutationObserver(() => {
            if (document.querySelector(sign)) window.shownAt ??= Date.now();
        }).observe(document.body, { childList: true, subtree: true })""",
        sign,
    )


async def shown_at(tab: Tab) -> float:
    """In seconds, on a clock that the tabs of a machine share."""
    return await tab.page.evaluate("window.shownAt") / 1000


async def close(tab: Tab, dialog: str) -> None:
    await tab.named(dialog).get_by_role("button", name="Close").click()
    await expect(tab.named(dialog)).to_have_count(0)


async def choose_for_the_board(tab: Tab, what: str, then: str) -> None:
    """Choose it in the menu of the board, and wait until that is so: until something else is offered instead."""
    await tab.named("board-menu").click()
    await tab.named(f"{what}-board").click()
    await expect(tab.page.get_by_role("menu")).to_have_count(0)
    await tab.named("board-menu").click()
    await expect(tab.named(f"{then}-board")).to_be_visible()
    await tab.escape()
    await expect(tab.page.get_by_role("menu")).to_have_count(0)
