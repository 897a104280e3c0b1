"""Two people at one task: what they change merges, and of two texts for one field none is lost."""

import pytest
from playwright.async_api import expect

from app.domain import workspaces
from tests.browser.conftest import Visit
from tests.browser.tab import Tab
from tests.live.story import Story

TITLE = "Write the announcement"


async def test_different_fields_of_a_task_merge(ana: Tab, ben: Tab):
    for tab in (ana, ben):
        await tab.open_task(TITLE)
    await ana.named("task-title").fill("Write the news")
    await ben.named("task-description").fill("Three paragraphs")
    await ana.close_task()
    await ben.close_task()
    for tab in (ana, ben):
        await tab.open_task("Write the news")
        await expect(tab.named("task-description")).to_have_value("Three paragraphs")


@pytest.mark.parametrize(("answer", "kept"), [("Keep mine", "Write Ben's version"), ("Use theirs", "Write Ana's")])
async def test_of_two_people_who_change_the_same_title_the_later_one_is_asked(
    ana: Tab, ben: Tab, answer: str, kept: str
):
    await ben.open_task(TITLE)
    await ben.named("task-title").click()
    await ben.page.keyboard.press("End")
    await ben.named("task-title").fill("Write Ben's version")
    await ana.rename(TITLE, to="Write Ana's")
    changed = ben.named("task-title-changed")
    await expect(changed).to_contain_text("Write Ana's")
    await expect(ben.named("task-title")).to_have_value("Write Ben's version")
    await expect(ben.named("task-title")).to_be_focused()

    await ben.named("task-title").press("Enter")
    asked = ben.named("task-title-clash")
    await expect(asked).to_contain_text("Write Ana's")
    await expect(ben.named("task-title")).to_have_value("Write Ben's version")
    await expect(ana.card("Write Ana's")).to_be_visible()

    await asked.get_by_role("button", name=answer).click()
    await expect(asked).to_have_count(0)
    await expect(ben.named("task-title")).to_have_value(kept)
    for tab in (ana, ben):
        await expect(tab.title(kept)).to_have_count(1)


async def test_both_descriptions_can_be_kept(ana: Tab, ben: Tab, team: Story):
    await ben.open_task(TITLE)
    await ben.named("task-description").fill("Ben's words")
    await ana.open_task(TITLE)
    await ana.named("task-description").fill("Ana's words")
    await ana.close_task()
    await expect(ben.named("task-description-changed")).to_contain_text("Ana's words")
    await ben.named("task-title").click()
    await ben.named("task-description-clash").get_by_role("button", name="Keep both").click()
    await expect(ben.named("task-description")).to_have_value("Ana's words\n\nBen's words")
    await ben.close_task()
    await ana.open_task(TITLE)
    await expect(ana.named("task-description")).to_have_value("Ana's words\n\nBen's words")


async def test_texts_that_clash_survive_the_closing_of_the_task(ana: Tab, ben: Tab):
    await ben.open_task(TITLE)
    await ana.rename(TITLE, to="Write Ana's")
    await expect(ben.named("task-title")).to_have_value("Write Ana's")
    await ben.named("task-title").fill("Write Ben's version")
    await ben.named("task-description").fill("Ben's words")
    await ana.open_task("Write Ben's version")
    await ana.named("task-description").fill("Ana's words")
    await ana.named("task-title").click()
    await expect(ben.named("task-description-changed")).to_contain_text("Ana's words")
    await ben.close_task()

    await ben.open_task("Write Ben's version")
    await expect(ben.named("task-description")).to_have_value("Ben's words")
    asked = ben.named("task-description-clash")
    await expect(asked).to_contain_text("Ana's words")
    await asked.get_by_role("button", name="Keep mine").click()
    await expect(asked).to_have_count(0)
    await expect(ana.named("task-description")).to_have_value("Ben's words")


async def test_whoever_names_a_board_sees_what_another_named_it_meanwhile(ana: Tab, ben: Tab):
    for tab in (ana, ben):
        await tab.choose("Actions for this board", "Rename board")
    name, changed = ben.named("new-name"), ben.named("new-name-changed")
    await name.fill("Ben's launch")
    await ana.named("new-name").fill("Ana's launch")
    await ana.named("new-name").press("Enter")
    await expect(ana.page.get_by_role("dialog")).to_have_count(0)
    await expect(changed).to_contain_text("Ana's launch")
    await expect(name).to_have_value("Ben's launch")
    await changed.get_by_role("button", name="Use theirs").click()
    await expect(name).to_have_value("Ana's launch")
    await expect(name).to_be_focused()
    await expect(changed).to_have_count(0)

    await name.fill("Everybody's launch")
    await name.press("Enter")
    for tab in (ana, ben):
        await expect(tab.role("heading", "Everybody's launch")).to_be_visible()


async def test_a_workspaces_description_is_not_saved_over_one_that_its_writer_did_not_see(visit: Visit, team: Story):
    path = f"/w/{team.workspace_id}/members"
    ana, again = await (await visit("Ana")).open(path), await (await visit("Ana")).open(path)
    mine, theirs = ana.named("workspace-description"), again.named("workspace-description")
    await theirs.fill("We sing.\n")
    await again.role("button", "Save description").click()
    await expect(mine).to_have_value("We sing.")
    await expect(again.named("workspace-description-changed")).to_have_count(0)

    await mine.fill("We dance.")
    async with team.db.transaction() as tx:  # In the same moment: her tab has not heard of it.
        await workspaces.describe(tx, team.people["Ana"], team.workspace_id, "We paint.", "We sing.")
        await ana.role("button", "Save description").click()
    await expect(ana.alert).to_contain_text("Somebody else has just changed this")
    await expect(mine).to_have_value("We dance.")
    await expect(ana.named("workspace-description-changed")).to_contain_text("We paint.")
    await ana.role("button", "Save description").click()
    await expect(theirs).to_have_value("We dance.")
    await expect(ana.named("workspace-description-changed")).to_have_count(0)


async def test_whoever_names_a_lane_is_told_that_another_has_deleted_it(ana: Tab, ben: Tab):
    await ben.choose("Actions for lane Done", "Rename")
    await ben.named("new-name").fill("Ready")
    await ana.choose("Actions for lane Done", "Delete lane")
    await ana.role("button", "Delete lane").click()
    await expect(ben.role("dialog", "Rename lane")).to_contain_text("Somebody else has deleted this meanwhile.")
    await expect(ben.named("new-name")).to_have_value("Ready")
    await expect(ben.named("new-name-changed")).to_have_count(0)
