"""The open task: an address of its own, fields that several people share, and what its card then shows to everyone."""

import re
from datetime import date, timedelta

import pytest
from playwright.async_api import expect
from sqlalchemy import select
from sqlmodel import col

from app.domain import tasks, workspaces
from app.domain.models import Lane
from tests.browser.conftest import Visit
from tests.browser.tab import Tab
from tests.live.story import Story

TITLE = "Write the announcement"


async def test_it_has_an_address_of_its_own_that_reload_keeps_and_back_leaves(ana: Tab, team: Story):
    await ana.open_task(TITLE)
    address = ana.page.url
    assert re.fullmatch(rf"{ana.url}{team.path}\?task=\d+", address)
    await ana.page.reload()
    await expect(ana.named("task-title")).to_have_value(TITLE)
    await expect(ana.named("task-dialog")).to_contain_text(re.compile(r"Added by Ana on \d{1,2} \w{3,4} \d{4}"))
    assert ana.page.url == address
    await ana.is_titled(f"{TITLE} · Launch")
    await ana.page.go_back()
    await expect(ana.named("task-dialog")).to_have_count(0)
    await ana.is_titled("Launch")
    await expect(ana.card(TITLE)).to_be_visible()
    assert ana.page.url == ana.url + team.path


async def test_closing_it_by_button_or_escape_leads_to_the_address_of_the_board(ana: Tab, team: Story):
    for close in (ana.close_task, ana.escape):
        await ana.open_task(TITLE)
        await close()
        await expect(ana.named("task-dialog")).to_have_count(0)
        await expect(ana.page).to_have_url(ana.url + team.path)


async def test_the_address_of_a_task_of_strangers_or_of_none_leads_to_the_board_with_a_sentence(
    visit: Visit, team: Story
):
    ben = team.people["Ben"]
    async with team.db.transaction() as tx:
        workspace_id, board_id = await workspaces.create(tx, ben, "Ben's garden")
        lane_id = (
            await tx.session.execute(select(Lane.id).where(col(Lane.board_id) == board_id).limit(1))
        ).scalar_one()
        [foreign_id] = await tasks.add(tx, ben, lane_id, ["Water the tomatoes"])
    ana = await visit("Ana")
    for task_id in (foreign_id, 999_999, "x"):
        await ana.open(f"{team.path}?task={task_id}")
        await expect(ana.alert).to_have_text("This task is gone, or it is not shared with you.")
        await expect(ana.named("task-dialog")).to_have_count(0)
        await expect(ana.page).to_have_url(ana.url + team.path)
    async with team.db.transaction() as tx:
        await workspaces.delete(tx, ben, workspace_id, "Ben's garden")


async def test_the_address_of_a_task_of_another_board_leads_there(visit: Visit, team: Story):
    demo_board, demo_task = 1, 1
    assert team.board_id != demo_board
    ana = await (await visit("Ana")).open(f"{team.path}?task={demo_task}")
    await expect(ana.alert).to_have_text("This task is on another board.")
    await ana.role("link", "Open it there").click()
    await expect(ana.page).to_have_url(f"{ana.url}/b/{demo_board}?task={demo_task}")
    await expect(ana.named("task-title")).to_have_value("Write the announcement")


@pytest.mark.parametrize(("typed", "sentence"), [("", "title"), ("   ", "title"), ("a" * 501, "501")])
async def test_a_title_that_cannot_be_is_refused_in_a_sentence_and_stays_where_it_was_typed(
    ana: Tab, typed: str, sentence: str
):
    await ana.open_task(TITLE)
    await ana.named("task-title").fill(typed)
    await ana.named("task-title").press("Enter")
    await expect(ana.alert).to_contain_text(sentence)
    await expect(ana.named("task-title")).to_have_value(typed)
    await expect(ana.title(TITLE)).to_have_count(1)


async def test_a_toast_can_be_used_and_dismissed_while_the_task_stays_open(ana: Tab):
    await ana.open_task(TITLE)
    await ana.named("trash-task").click()
    await ana.page.get_by_role("status").get_by_role("button", name="Undo").click()
    await expect(ana.named("trash-task")).to_be_visible()
    for length in (501, 502):
        await ana.named("task-title").fill("a" * length)
        await ana.named("task-title").press("Enter")
        await expect(ana.alert).to_contain_text(f"this one has {length}")  # The one before it is gone.
    await ana.alert.get_by_role("button", name="Dismiss").click()
    await expect(ana.alert).to_have_count(0)
    await expect(ana.named("task-title")).to_have_value("a" * 502)


async def test_a_title_that_was_refused_is_still_there_when_the_task_is_opened_again(ana: Tab):
    await ana.open_task(TITLE)
    await ana.named("task-title").fill("a" * 501)
    await ana.close_task()
    await expect(ana.alert).to_contain_text("501")
    await ana.title(TITLE).click()
    await expect(ana.named("task-title")).to_have_value("a" * 501)
    await ana.named("task-title-unsaved").get_by_role("button", name="Discard it").click()
    await expect(ana.named("task-title")).to_have_value(TITLE)
    await expect(ana.named("task-title-unsaved")).to_have_count(0)


async def test_members_due_date_and_priority_show_on_the_card_of_the_other(ana: Tab, ben: Tab, team: Story):
    card = ben.card(TITLE)
    await expect(card.get_by_role("img")).to_have_count(0)
    await ana.open_task(TITLE)
    await ana.role("checkbox", "Ben").click()
    await expect(card.get_by_role("img", name="Ben")).to_be_visible()
    await ana.role("checkbox", "Cleo").click()
    await expect(card.get_by_role("img", name="Cleo")).to_be_visible()
    await ana.named("task-priority").select_option("Urgent")
    await expect(card.get_by_role("img", name="Urgent")).to_be_visible()
    yesterday = date.today() - timedelta(days=1)
    await ana.named("task-due").fill(yesterday.isoformat())
    late = card.get_by_title(re.compile(rf"^Due {yesterday.day} \w+ {yesterday.year}$"))
    await expect(late).to_be_visible()
    await expect(late).to_have_class(re.compile("text-danger"))

    await ana.named("task-due").fill("")
    await expect(late).to_have_count(0)
    await ana.named("task-priority").select_option("None")
    await expect(card.get_by_role("img", name="Urgent")).to_have_count(0)
    await ana.role("checkbox", "Cleo").click()
    await ana.close_task()
    await expect(card.get_by_role("img")).to_have_count(1)


async def test_a_day_is_typed_by_keyboard_and_one_that_cannot_be_is_refused_in_a_sentence_and_stays(ana: Tab, ben: Tab):
    await ana.open_task(TITLE)
    due = ana.named("task-due")
    await due.click(position={"x": 20, "y": 15})
    await due.press_sequentially("03032026")
    await expect(ben.card(TITLE).get_by_title("Due 3 Mar 2026")).to_be_visible()
    await expect(due).to_be_focused()
    await expect(ana.alert).to_have_count(0)
    await due.press("Delete")
    await ana.named("task-title").click()
    await expect(ana.named("task-dialog")).to_contain_text("This is not a whole day, and so it is not saved yet.")
    await due.fill("0001-01-01")
    await ana.named("task-title").click()
    await expect(ana.alert).to_have_text(re.compile("A due date lies between the years 1970 and 2199."))
    await expect(due).to_have_value("0001-01-01")
    await expect(ben.card(TITLE).get_by_title("Due 3 Mar 2026")).to_be_visible()


async def test_a_reminder_that_cannot_be_is_refused_in_a_sentence_and_stays(ana: Tab):
    await ana.open_task(TITLE)
    at = ana.named("remind-at")
    await at.fill("2001-01-01T09:00")
    await ana.named("add-reminder").click()
    await expect(ana.alert).to_contain_text("This would have been in the past. Choose a later time.")
    await expect(at).to_have_value("2001-01-01T09:00")
    await at.fill("2099-01-01T09:00")
    await ana.named("add-reminder").click()
    await expect(ana.named("reminders")).to_contain_text("1 Jan 2099, 09:00")
    await expect(at).to_have_value("")


async def test_a_task_goes_to_the_trash_and_undo_in_the_toast_brings_it_back_to_its_place(ana: Tab, ben: Tab):
    before = await ben.board()
    await ana.choose("Actions for Ask five friendly teams", "Move to trash")
    await ben.shows(TITLE, "Order stickers", lane="To do")
    toast = ana.page.get_by_role("status").filter(has_text="Task moved to the trash.")
    await toast.get_by_role("button", name="Undo").click()
    await ben.shows(TITLE, "Ask five friendly teams", "Order stickers", lane="To do")
    assert await ben.board() == before
    await expect(toast).to_have_count(0)


async def test_a_task_that_is_open_while_another_puts_it_into_the_trash_says_so_and_can_be_restored(ana: Tab, ben: Tab):
    await ben.open_task(TITLE)
    await ana.choose(f"Actions for {TITLE}", "Move to trash")
    await expect(ben.named("task-dialog")).to_contain_text("This task is in the trash.")
    await ben.named("restore-task").click()
    await expect(ana.card(TITLE)).to_be_visible()
    await expect(ben.named("task-dialog")).not_to_contain_text("This task is in the trash.")


async def test_a_change_that_was_made_elsewhere_shows_in_the_open_task_at_once(ana: Tab, team: Story):
    await ana.open_task(TITLE)
    task_id = int(ana.page.url.partition("task=")[2])
    async with team.db.transaction() as tx:
        await tasks.set_priority(tx, team.people["Ben"], task_id, 3)
        await tasks.describe(tx, team.people["Ben"], task_id, "From elsewhere", 0)
    await expect(ana.named("task-priority")).to_have_value("3")
    await expect(ana.named("task-description")).to_have_value("From elsewhere")
