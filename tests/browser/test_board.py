"""Lanes, places, and what each role sees of them, on both screens."""

import pytest
from playwright.async_api import expect

from app.domain import boards, members
from tests.browser.conftest import Visit
from tests.browser.tab import Tab
from tests.live.story import Story

EDITING = "input, textarea, select, [data-testid^=task-menu-], [data-testid=add-lane]"
OWN = ["Watch everything here", "Mute"]
"""What a menu has for those who may change nothing: what they themselves are told."""


async def lane_names(tab: Tab) -> list[str]:
    return list(await tab.board())


async def test_lanes_are_added_renamed_and_reordered_on_both_screens(ana: Tab, ben: Tab):
    await ana.named("add-lane").click()
    await ana.role("textbox", "Name").fill("Waiting")
    await ana.role("button", "Save").click()
    await expect(ben.lanes()).to_have_count(4)
    assert await lane_names(ben) == ["To do", "Doing", "Done", "Waiting"]

    await ben.choose("Actions for lane Waiting", "Rename")
    await expect(ben.role("textbox", "Name")).to_have_value("Waiting")
    await ben.role("textbox", "Name").fill("On hold")
    await ben.role("button", "Save").click()
    await expect(ana.lane("On hold")).to_be_visible()

    await ana.choose("Actions for lane On hold", "Move left")
    await expect(ben.lanes().nth(2)).to_have_attribute("data-name", "On hold")
    await ana.choose("Actions for lane To do", "Move right")
    await expect(ben.lanes().nth(0)).to_have_attribute("data-name", "Doing")
    for tab in (ana, ben):
        await expect(tab.lanes().nth(1)).to_have_attribute("data-name", "To do")
    assert await lane_names(ana) == await lane_names(ben) == ["Doing", "To do", "On hold", "Done"]


async def test_the_tasks_of_a_deleted_lane_go_where_somebody_chose(ana: Tab, ben: Tab):
    await ana.choose("Actions for lane Doing", "Delete lane")
    choice = ana.page.get_by_label("Its tasks go to")
    await expect(choice.get_by_role("option")).to_have_text(["To do", "Done"])
    await choice.select_option("Done")
    await ana.role("button", "Delete lane").click()
    for tab in (ana, ben):
        await expect(tab.lanes()).to_have_count(2)
        await tab.shows("Draw the new logo", "Answer the beta testers", lane="Done")


async def test_a_lane_without_a_name_is_refused_and_the_dialog_stays(ana: Tab):
    await ana.named("add-lane").click()
    await ana.role("textbox", "Name").fill("   ")
    await ana.role("button", "Save").click()
    await expect(ana.alert).to_contain_text("name")
    await expect(ana.role("textbox", "Name")).to_have_value("   ")
    await expect(ana.lanes()).to_have_count(3)


async def test_a_task_moves_by_its_menu_to_another_lane_and_up_and_down(ana: Tab, ben: Tab):
    await ana.choose("Actions for Order stickers", "Doing")
    await ben.shows("Write the announcement", "Ask five friendly teams", lane="To do")
    await ben.shows("Draw the new logo", "Answer the beta testers", "Order stickers", lane="Doing")
    await ben.choose("Actions for Order stickers", "Up")
    await ana.shows("Draw the new logo", "Order stickers", "Answer the beta testers", lane="Doing")
    await ana.choose("Actions for Draw the new logo", "To the bottom")
    await ben.shows("Order stickers", "Answer the beta testers", "Draw the new logo", lane="Doing")
    await ana.choose("Actions for Draw the new logo", "To the top")
    await ana.choose("Actions for Draw the new logo", "Down")
    for tab in (ana, ben):
        await tab.shows("Order stickers", "Draw the new logo", "Answer the beta testers", lane="Doing")


async def test_a_lane_shows_its_first_fifty_tasks_and_more_when_asked(visit: Visit, team: Story):
    await team.fill("Done", 60)
    ana = await (await visit("Ana")).open(team.path)
    await expect(ana.lane("Done").locator("article")).to_have_count(50)
    await expect(ana.lane("Done").get_by_label("60 tasks")).to_have_text("60")
    await ana.lane("Done").get_by_role("button", name="Show more").click()
    await expect(ana.lane("Done").locator("article")).to_have_count(60)
    await expect(ana.lane("Done").get_by_role("button", name="Show more")).to_have_count(0)


async def test_a_board_is_renamed_archived_and_restored_on_both_screens(ana: Tab, ben: Tab):
    await ben.is_titled("Launch")
    await ana.choose("Actions for this board", "Rename board")
    await ana.role("textbox", "Name").fill("Lift-off")
    await ana.role("button", "Save").click()
    for tab in (ana, ben):
        await expect(tab.role("heading", "Lift-off")).to_be_visible()
        await tab.is_titled("Lift-off")
        await expect(tab.role("link", "Lift-off")).to_be_visible()

    await expect(ben.quick_add("To do")).to_be_visible()
    await ana.choose("Actions for this board", "Archive board")
    for tab in (ana, ben):
        await expect(tab.page.get_by_text("Archived", exact=True)).to_be_visible()
        await expect(tab.page.locator(EDITING)).to_have_count(0)
        await expect(tab.card("Order stickers")).to_be_visible()
        await expect(tab.role("link", "Lift-off")).to_have_count(0)

    await ana.choose("Actions for this board", "Restore board")
    await expect(ben.quick_add("To do")).to_be_visible()
    await expect(ben.role("link", "Lift-off")).to_be_visible()


async def test_activity_says_once_when_something_was_and_of_what_board_it_tells(visit: Visit, team: Story):
    ana = await (await visit("Ana")).open(f"{team.path}/activity")
    await ana.is_titled("Activity: Launch")
    entries = ana.named("activity").locator("[data-kind]")
    await expect(entries.first).to_be_visible()
    await expect(ana.named("activity").locator("time")).to_have_count(await entries.count())
    async with team.db.transaction() as tx:
        await boards.rename(tx, team.people["Ben"], team.board_id, "Lift-off")
    await ana.is_titled("Activity: Lift-off")


async def test_the_tab_of_a_board_that_is_not_there_says_so(visit: Visit):
    ana = await visit("Ana")
    await ana.page.goto(ana.url + "/b/999999")
    await expect(ana.named("door")).to_be_visible()
    await ana.is_titled("Not available")


async def test_a_viewer_sees_everything_and_nothing_to_change_it_with(visit: Visit, team: Story):
    cleo = await (await visit("Cleo")).open(team.path)
    await cleo.shows("Write the announcement", "Ask five friendly teams", "Order stickers", lane="To do")
    await expect(cleo.page.locator(EDITING)).to_have_count(0)
    await expect(cleo.named("invite")).to_have_count(0)
    for menu, items in (("Actions for lane Done", OWN), ("Actions for this board", OWN * 2)):
        await cleo.role("button", menu).click()
        await expect(cleo.page.get_by_role("menuitem")).to_have_text(items)
        await cleo.escape()
    await expect(cleo.done("Order stickers")).to_be_disabled()
    dialog = await cleo.open_task("Order stickers")
    await expect(cleo.named("task-title")).not_to_be_editable()
    await expect(cleo.named("task-description")).not_to_be_editable()
    for field in await dialog.locator(":is(input:not([readonly]), select):not([data-testid^=remind-])").all():
        await expect(field).to_be_disabled()
    await expect(cleo.named("trash-task")).to_have_count(0)


@pytest.mark.parametrize("role", ["viewer", "commenter"])
async def test_a_role_that_is_lowered_takes_the_controls_off_the_open_board_and_a_raised_one_brings_them(
    ana: Tab, ben: Tab, team: Story, role: str
):
    await expect(ben.quick_add("To do")).to_be_visible()
    await change_role(ana, team, "Ben", role)
    await expect(ben.page.locator(EDITING)).to_have_count(0)
    await expect(ben.done("Order stickers")).to_be_disabled()
    async with team.db.transaction() as tx:
        await members.change_role(tx, team.people["Ana"], team.workspace_id, team.people["Ben"].id, "member")
    await expect(ben.quick_add("To do")).to_be_visible()
    await expect(ben.done("Order stickers")).to_be_enabled()


async def change_role(ana: Tab, team: Story, name: str, role: str) -> None:
    """On the page of the members."""
    await ana.open(f"/w/{team.workspace_id}/members")
    await ana.role("combobox", f"Role of {name}").select_option(role)
