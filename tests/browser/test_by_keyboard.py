"""Whoever uses the keyboard alone does not lose the place where they are."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.tab import Tab

TITLE = "Ask five friendly teams"


def menu(tab: Tab, title: str) -> Locator:
    return tab.card(title).locator("[data-testid^=task-menu-]")


async def choose(tab: Tab, item: str) -> None:
    """With the focus on the menu's button."""
    await tab.page.keyboard.press("Enter")
    await expect(tab.role("menuitem", item, exact=True)).to_be_visible()
    await tab.page.keyboard.type(item, delay=1)
    await expect(tab.role("menuitem", item, exact=True)).to_be_focused()
    await tab.page.keyboard.press("Enter")
    await expect(tab.page.get_by_role("menu")).to_have_count(0)


@pytest.mark.parametrize(
    ("item", "lane", "order"),
    [
        ("Done", "Done", [TITLE]),
        ("To the top", "To do", [TITLE, "Write the announcement", "Order stickers"]),
        ("Down", "To do", ["Write the announcement", "Order stickers", TITLE]),
    ],
)
async def test_the_focus_goes_along_with_a_task_that_is_moved(ana: Tab, item: str, lane: str, order: list[str]):
    await menu(ana, TITLE).focus()
    await choose(ana, item)
    await ana.shows(*order, lane=lane)
    await expect(menu(ana, TITLE)).to_be_focused()


async def test_the_focus_goes_to_the_task_that_takes_the_place_of_one_in_the_trash(ana: Tab):
    for title, next_one in ((TITLE, "Order stickers"), ("Order stickers", "Write the announcement")):
        await menu(ana, title).focus()
        await choose(ana, "Move to trash")
        await expect(ana.card(title)).to_have_count(0)
        await expect(menu(ana, next_one)).to_be_focused()


async def test_the_focus_stays_where_somebody_has_put_it_meanwhile(ana: Tab, ben: Tab):
    await menu(ana, TITLE).focus()
    await choose(ana, "Done")
    await ana.shows(TITLE, lane="Done")
    await ana.quick_add("Doing").click()
    await ben.rename("Order stickers", to="Order flags")
    await expect(ana.card("Order flags")).to_be_visible()
    await expect(ana.quick_add("Doing")).to_be_focused()


@pytest.mark.parametrize(
    ("button", "item"),
    [
        ("Actions for this board", "Rename board"),
        ("Actions for lane Done", "Rename"),
        ("Actions for lane Done", "Delete lane"),
    ],
)
async def test_a_dialog_gives_the_focus_back_to_the_menu_that_opened_it(ana: Tab, button: str, item: str):
    for _ in range(4):  # Whether the menu has gone before the dialog is there is a matter of milliseconds.
        await ana.role("button", button, exact=True).focus()
        await choose(ana, item)
        await expect(ana.page.get_by_role("dialog").locator(":focus")).to_have_count(1)
        await ana.escape()
        await expect(ana.page.get_by_role("dialog")).to_have_count(0)
        await expect(ana.role("button", button, exact=True)).to_be_focused()
