"""A table of tasks becomes a board, and a board a file, as two people come to see it."""

import asyncio
import json
from pathlib import Path

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.tab import Tab
from tests.live.story import Story

TABLE = (
    "Task,Status,Deadline,Assignee,Effort\nBook the venue,Now,3/4/2027,Ben,3\nPrint the badges,Later,,Nobody Here,\n"
)


async def choose(tab: Tab, content: str, name: str = "Summer_fair.csv") -> None:
    file = {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    await tab.named("choose-import").set_input_files(file)


async def test_a_table_is_looked_through_mended_and_becomes_a_board_that_is_saved_again(visit: Visit, team: Story):
    ana = await (await visit("Ana")).open(f"/w/{team.workspace_id}/members")
    await ana.named("import-boards").click()
    await choose(ana, TABLE)
    wrong = ana.named("import-wrong")
    await expect(wrong).to_contain_text("Row 2: “3/4/2027” is no day. Write it as 2027-03-31.")
    await expect(ana.named("begin-import")).to_be_disabled()
    await ana.named("import-days").select_option("dmy")
    await expect(wrong).to_have_count(0)
    await expect(ana.named("coming-boards")).to_contain_text("Summer fair")
    await expect(ana.named("coming-boards")).to_contain_text("Now (1) · Later (1)")
    await expect(ana.named("import-counts")).to_have_text("2 tasks, 0 comments")
    await expect(ana.page.get_by_text("Nobody Here. Their names stay, as text.")).to_be_visible()
    await ana.named("column-1").select_option("note")
    await expect(ana.named("coming-boards")).to_contain_text("To do (2)")
    await ana.named("column-1").select_option("title")
    await expect(ana.alert).to_contain_text("Two columns are chosen as title.")
    for what in (ana.alert, ana.named("begin-import")):
        await expect(what).to_be_in_viewport(ratio=1)
    await expect(ana.named("begin-import")).to_be_disabled()
    await ana.named("column-1").select_option("lane")
    await expect(ana.named("coming-boards")).to_contain_text("Now (1) · Later (1)")
    await ana.named("begin-import").click()
    await ana.page.wait_for_url("**/b/*")
    await ana.shows("Book the venue", lane="Now")
    await expect(ana.card("Book the venue").get_by_role("img", name="Ben")).to_be_visible()
    dialog = await ana.open_task("Print the badges")
    await expect(dialog.get_by_test_id("task-description")).to_have_value("Assigned to: Nobody Here")
    await ana.close_task()

    path = ana.page.url.removeprefix(ana.url)
    ben = await (await visit("Ben")).open(path)
    await ben.shows("Book the venue", lane="Now")
    async with ben.page.expect_download() as begun:
        await ben.named("board-menu").click()
        await ben.named("board-json").click()
    download = await begun.value
    assert download.suggested_filename == "Summer fair.json"
    file = json.loads(await asyncio.to_thread(Path(await download.path()).read_text))
    assert [task["title"] for task in file["boards"][0]["tasks"]] == ["Book the venue", "Print the badges"]


async def test_a_file_that_is_none_says_so_and_another_can_be_chosen(visit: Visit, team: Story):
    ana = await (await visit("Ana")).open("/")
    await ana.named("import").click()
    await choose(ana, "[1, 2]", "notes.json")
    await expect(ana.alert).to_contain_text("This is none of the files that can be imported")
    await ana.named("another-import").click()
    await choose(ana, json.dumps({"name": "Fair", "lists": [{"id": "a", "name": "Now"}], "cards": []}), "x.json")
    await expect(ana.page.get_by_text("This is a board of Trello.")).to_be_visible()
    await expect(ana.named("import-workspace")).to_have_value("0")
    await expect(ana.named("import-name")).to_have_value("Fair")
