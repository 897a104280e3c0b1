"""What is typed and not sent is still there after a reload, and after a look at other pages."""

from playwright.async_api import Locator, expect

from app.domain import members, sharing
from app.domain.permissions import Role
from tests.browser.tab import Tab
from tests.browser.test_adding import paste
from tests.live.story import Story

TITLE = "Write the announcement"


async def reloaded(tab: Tab) -> Tab:
    await tab.page.reload()
    await tab.is_live()
    return tab


def waiting(tab: Tab, lane: str) -> Locator:
    return tab.lane(lane).get_by_role("listitem")


async def test_what_waits_at_the_foot_of_a_lane_survives_a_reload_and_other_pages(ana: Tab, team: Story):
    await paste(ana, "Done", "Pick a date\nBook the room")
    await ana.quick_add("Done").press_sequentially("Half a ti")
    await ana.quick_add("Doing").fill("Something else")
    await reloaded(ana)
    await expect(waiting(ana, "Done")).to_have_text(["Pick a date", "Book the room"])
    await expect(ana.quick_add("Done")).to_have_value("Half a ti")
    await expect(ana.quick_add("Doing")).to_have_value("Something else")
    await ana.page.get_by_role("link", name="Activity").first.click()
    await ana.is_titled("Activity: Launch")
    await ana.page.go_back()
    await expect(ana.quick_add("Done")).to_have_value("Half a ti")
    await ana.quick_add("Done").press("Enter")
    await ana.quick_add("Done").press("Enter")
    await ana.shows("Half a ti", "Pick a date", "Book the room", lane="Done")
    await expect(ana.quick_add("Doing")).to_have_value("Something else")
    await reloaded(ana)
    await ana.shows("Half a ti", "Pick a date", "Book the room", lane="Done")
    await expect(waiting(ana, "Done")).to_have_count(0)
    await expect(ana.quick_add("Done")).to_have_value("")


async def test_a_text_that_was_being_typed_comes_back_and_is_saved_when_the_task_is_closed(ana: Tab, ben: Tab):
    await ana.open_task(TITLE)
    await ana.named("task-description").fill("Half a sent")
    await reloaded(ana)
    await expect(ana.named("task-description")).to_have_value("Half a sent")
    await expect(ana.named("task-description-unsaved")).to_contain_text("not saved yet")
    await expect(ana.named("task-title-unsaved")).to_have_count(0)
    await ana.named("task-description").press_sequentially("ence")
    await ana.close_task()
    await ben.open_task(TITLE)
    await expect(ben.named("task-description")).to_have_value("Half a sentence")
    await ana.open_task(TITLE)
    await reloaded(ana)
    await expect(ana.named("task-description")).to_have_value("Half a sentence")
    await expect(ana.named("task-description-unsaved")).to_have_count(0)


async def test_a_text_that_came_back_can_be_saved_at_once(ana: Tab, ben: Tab):
    await ben.open_task(TITLE)
    await ana.open_task(TITLE)
    await ana.named("task-description").fill("A sentence")
    await reloaded(ana)
    await ana.named("task-description-unsaved").get_by_role("button", name="Save it now").click()
    await expect(ben.named("task-description")).to_have_value("A sentence")
    await expect(ana.named("task-description-unsaved")).to_have_count(0)


async def test_a_text_that_came_back_can_be_discarded(ana: Tab, team: Story):
    before = await team.revisions()
    await ana.open_task(TITLE)
    await ana.named("task-title").fill("Something")
    await reloaded(ana)
    await ana.named("task-title-unsaved").get_by_role("button", name="Discard it").click()
    await expect(ana.named("task-title")).to_have_value(TITLE)
    await ana.close_task()
    await reloaded(ana)
    assert await team.revisions() == before


async def test_a_text_that_somebody_else_changed_meanwhile_is_not_written_over(ana: Tab, ben: Tab):
    await ana.open_task(TITLE)
    await ana.named("task-description").fill("Ana's words")
    address = ana.page.url
    await ana.page.goto("about:blank")
    await ben.open_task(TITLE)
    await ben.named("task-description").fill("Ben's words")
    await ben.close_task()
    await ben.open_task(TITLE)
    await expect(ben.named("task-description")).to_have_value("Ben's words")
    await ana.page.goto(address)
    await expect(ana.named("task-description")).to_have_value("Ana's words")
    await expect(ana.named("task-description-changed")).to_contain_text("Ben's words")
    await ana.named("task-description").press("Control+Enter")
    asked = ana.named("task-description-clash")
    await asked.get_by_role("button", name="Keep both").click()
    await expect(ben.named("task-description")).to_have_value("Ben's words\n\nAna's words")


async def test_what_somebody_was_typing_when_they_were_shown_the_door_is_there_when_they_may_come_in_again(
    ben: Tab, team: Story
):
    await ben.open_task(TITLE)
    await ben.named("task-description").fill("Half a sentence")
    address = ben.page.url.removeprefix(ben.url)
    async with team.db.transaction() as tx:
        await sharing.close(tx, team.people["Ana"], team.board_id, "me")
    await expect(ben.named("door")).to_be_visible()
    async with team.db.transaction() as tx:
        await sharing.open_up(tx, team.people["Ana"], team.board_id)
    await ben.page.evaluate("sessionStorage.removeItem('token')")  # As on another worker, which knows nothing of him.
    await ben.open(address)
    await expect(ben.named("task-description")).to_have_value("Half a sentence")


async def test_what_somebody_was_typing_stays_when_they_may_only_look_and_is_saved_when_they_may_write_again(
    ana: Tab, ben: Tab, team: Story
):
    await ben.open_task(TITLE)
    await ben.named("task-description").fill("Half a sentence")
    await change_role(team, "viewer")
    await expect(ben.named("task-description-shut-out")).to_contain_text("You can no longer change this.")
    await expect(ben.named("task-description")).to_have_value("Half a sentence")
    await expect(ben.named("task-title-shut-out")).to_have_count(0)
    await change_role(team, "member")
    await expect(ben.named("task-description-shut-out")).to_have_count(0)
    await ben.close_task()
    await ana.open_task(TITLE)
    await expect(ana.named("task-description")).to_have_value("Half a sentence")


async def change_role(team: Story, role: Role) -> None:
    async with team.db.transaction() as tx:
        await members.change_role(tx, team.people["Ana"], team.workspace_id, team.people["Ben"].id, role)
