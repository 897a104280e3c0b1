"""Comments on the open task: what two people see of them, and that nothing that was typed is ever lost."""

import re
from secrets import token_hex

import pytest
from playwright.async_api import expect

from app.domain import comments, tasks
from tests.browser.conftest import Visit
from tests.browser.tab import PHONE, Tab, until
from tests.live.story import Story

TITLE = "Write the announcement"
FIELD = "comment-text"


async def say(tab: Tab, text: str) -> None:
    await tab.named(FIELD).fill(text)
    await tab.named("send-comment").click()
    await expect(tab.named(FIELD)).to_have_value("")


async def from_elsewhere(team: Story, who: str, *bodies: str) -> list[int]:
    """Comments that somebody makes in no browser."""
    async with team.db.transaction() as tx:
        return [await comments.add(tx, team.people[who], team.tasks[0], body, token_hex(8)) for body in bodies]


async def test_two_people_talk_react_edit_and_remove(ana: Tab, ben: Tab):
    for tab in (ana, ben):
        await tab.open_task(TITLE)
    await say(ana, "**Three** paragraphs, see https://tandem.example/plan\nand <b>no</b> more.")
    said = ben.named("comments").locator("li[data-testid^=comment-]")
    await expect(said.locator("strong")).to_have_text("Three")
    link = said.locator(".markdown a")
    await expect(link).to_have_attribute("href", "https://tandem.example/plan")
    await expect(link).to_have_attribute("rel", re.compile("noopener"))
    await expect(said).to_contain_text("and <b>no</b> more.")

    await said.get_by_role("button", name="React").click()
    await ben.named("react-party").click()
    hooray = ana.role("button", "Hooray: Ben")
    await expect(hooray).to_have_text(re.compile("1"))
    await hooray.click()
    who = ben.role("button", "Hooray: Ben and Ana")
    await who.hover()
    await expect(who.get_by_text("Ben and Ana")).to_be_visible()
    await who.click()
    await expect(ana.role("button", "Hooray: Ana")).to_be_visible()

    await ana.choose("Actions for the comment of Ana", "Edit")
    edited = ana.role("textbox", "Your comment")
    await expect(edited).to_be_focused()
    await expect(ana.named("comments").get_by_role("button", name="React")).to_have_count(0)
    await edited.fill("Four paragraphs.")
    await ana.named("save-comment").click()
    await expect(said).to_contain_text("Four paragraphs.")
    await expect(edited).to_have_count(0)
    await said.get_by_role("button", name="edited").click()
    await expect(ben.named("earlier-texts").locator("strong")).to_have_text("Three")
    await ben.escape()

    await ana.choose("Actions for the comment of Ana", "Remove")
    await expect(said).to_have_count(0)
    await ana.page.get_by_role("status").get_by_role("button", name="Undo").click()
    await expect(said).to_contain_text("Four paragraphs.")
    await ben.close_task()
    await expect(ben.card(TITLE).get_by_title("1 comment")).to_be_visible()


async def test_people_are_mentioned_by_keyboard_and_by_pointer(ana: Tab, ben: Tab, team: Story):
    await ben.open_task(TITLE)
    await ana.open_task(TITLE)
    field, people = ana.named(FIELD), ana.named(f"{FIELD}-people")
    await field.press_sequentially("Ask @")
    await expect(people.get_by_role("option")).to_have_text(["Ana", "Ben", "Cleo"])
    await field.press("ArrowDown")
    await field.press("Enter")
    await field.press_sequentially("or @cl")
    await expect(people.get_by_role("option")).to_have_text(["Cleo"])
    await field.press("Escape")
    await expect(people).to_have_count(0)
    await expect(ana.named("task-dialog")).to_be_visible()
    await field.press_sequentially("e")
    await people.get_by_role("option", name="Cleo").click()
    await expect(field).to_have_value("Ask @Ben or @Cleo ")
    await field.press_sequentially("or @Zed, `@Ben`.")
    await expect(ana.named(f"{FIELD}-strangers")).to_contain_text("Nobody who can see this board is called “@Zed”")
    await field.press("Control+Enter")
    said = ben.named("comments").locator("li[data-testid^=comment-]")
    await expect(said.locator(".mention")).to_have_text(["@Ben", "@Cleo"])
    await expect(said.locator("code")).to_have_text("@Ben")

    await ben.role("button", "Actions for the comment of Ana").click()
    await expect(ben.role("menuitem", "Edit")).to_have_count(0)
    await ben.role("menuitem", "Quote").click()
    quoted = "> **Ana:**\n>\n> Ask @Ben or @Cleo or @Zed, `@Ben`.\n\n"
    await expect(ben.named(FIELD)).to_have_value(quoted)
    await expect(ben.named(FIELD)).to_be_focused()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("  ", "at least one character"),
        ("a" * 20_001, "20,001"),
        ("Ask @[Zed](person:99999)", "Only people who can see this board can be mentioned, which “Zed” cannot."),
    ],
    ids=["nothing", "too-much", "stranger"],
)
async def test_what_cannot_be_said_is_refused_in_a_sentence_and_stays(ana: Tab, typed: str, sentence: str):
    await ana.open_task(TITLE)
    await ana.named(FIELD).fill(typed)
    await ana.named("send-comment").click()
    await expect(ana.alert).to_contain_text(sentence)
    await expect(ana.named(FIELD)).to_have_value(typed)


async def test_a_draft_survives_a_reload_another_browser_window_and_the_trash(ana: Tab, team: Story):
    await ana.open_task(TITLE)
    address = ana.page.url.removeprefix(ana.url)
    await ana.named(FIELD).press_sequentially("@Be")
    await ana.named(FIELD).press("Enter")
    await ana.named(FIELD).press_sequentially("half a thought")
    await ana.page.reload()
    await expect(ana.named(FIELD)).to_have_value("@Ben half a thought")
    later = await (await ana.another()).open(address)
    await ana.page.close()
    await expect(later.named(FIELD)).to_have_value("@Ben half a thought")
    async with team.db.transaction() as tx:
        await tasks.trash(tx, team.people["Ben"], team.tasks[0])
    await expect(later.named("comments")).to_contain_text("This task is in the trash. Your text is kept here.")
    await expect(later.named("send-comment")).to_have_count(0)
    await expect(later.named(FIELD)).to_have_value("@Ben half a thought")
    await later.named("restore-task").click()
    await later.named("send-comment").click()
    await expect(later.named("comments").locator(".markdown")).to_have_text("@Ben half a thought")
    await later.page.reload()
    await expect(later.named("comments").locator(".markdown")).to_have_count(1)
    await expect(later.named(FIELD)).to_have_value("")
    assert later.complaints == []
    await later.page.close()


async def test_two_tabs_of_one_person_have_one_draft(ana: Tab, team: Story):
    await ana.open_task(TITLE)
    other = await (await ana.another()).open(ana.page.url.removeprefix(ana.url))
    await ana.named(FIELD).press_sequentially("A thought that is typed here and read there", delay=1)
    await expect(ana.named(FIELD)).to_have_value("A thought that is typed here and read there")
    await expect(other.named(FIELD)).to_have_value("A thought that is typed here and read there")
    await other.named(FIELD).press("End")
    await other.named(FIELD).press_sequentially(", or changed")
    await expect(ana.named(FIELD)).to_have_value("A thought that is typed here and read there, or changed")
    await ana.named("send-comment").click()
    for tab in (ana, other):
        await expect(tab.named("comments").locator(".markdown")).to_have_count(1)
        await expect(tab.named(FIELD)).to_have_value("")

    for tab in (ana, other):
        await tab.choose(re.compile("^Actions for the comment"), "Edit")
    edited = [tab.page.locator("textarea[data-testid^=edit-]") for tab in (ana, other)]
    await edited[0].press_sequentially(" - no")
    await expect(edited[1]).to_have_value("A thought that is typed here and read there, or changed - no")
    await edited[1].press_sequentially("t")
    await expect(edited[0]).to_have_value("A thought that is typed here and read there, or changed - not")
    await other.role("button", "Cancel").click()
    await expect(edited[1]).to_have_count(0)
    await expect(edited[0]).to_have_value("A thought that is typed here and read there, or changed - not")
    assert other.complaints == []
    await other.page.close()


async def test_the_link_to_a_comment_leads_there_and_marks_it(visit: Visit, team: Story):
    first, *_, last = await from_elsewhere(team, "Ben", *(f"Number {number}" for number in range(60)))
    ana = await (await visit("Ana")).open(f"{team.path}?task={team.tasks[0]}")
    await expect(ana.named(f"comment-{last}")).to_be_attached()
    await expect(ana.named(f"comment-{first}")).to_have_count(0)
    await ana.open(f"{team.path}?task={team.tasks[0]}&comment={first}")
    await expect(ana.named(f"comment-{first}")).to_be_in_viewport()
    await expect(ana.named(f"comment-{first}")).to_have_class(re.compile("ring-accent"))
    await ana.open(f"{team.path}?task={team.tasks[0]}&comment=999999")
    await expect(ana.named("comments")).to_contain_text("The comment that this link points at was removed")


async def test_a_table_that_is_wider_than_a_phone_scrolls_by_keyboard(visit: Visit, team: Story):
    [id] = await from_elsewhere(team, "Ben", "|wide-words" * 9 + "|\n" + "|-" * 9 + "|")
    ana = await (await visit("Ana", viewport=PHONE)).open(f"{team.path}?task={team.tasks[0]}")
    table = ana.named(f"comment-{id}").get_by_role("region", name="Table")
    await expect(table.get_by_role("columnheader")).to_have_count(9)
    await ana.named(f"comment-menu-{id}").focus()
    await ana.page.keyboard.press("Tab")
    await expect(table).to_be_focused()
    await expect(table).to_have_css("outline-style", "solid")
    await ana.page.keyboard.press("ArrowRight")
    await until(lambda: table.evaluate("table => table.scrollLeft > 0"), True)


async def test_who_only_looks_reads_and_cannot_write(visit: Visit, team: Story):
    [id] = await from_elsewhere(team, "Ben", "For everyone")
    cleo = await (await visit("Cleo")).open(f"{team.path}?task={team.tasks[0]}")
    await expect(cleo.named(f"comment-{id}")).to_contain_text("For everyone")
    await expect(cleo.named(FIELD)).to_be_hidden()
    await expect(cleo.named(f"comment-menu-{id}")).to_have_count(0)
    await expect(cleo.named(f"react-{id}")).to_have_count(0)
