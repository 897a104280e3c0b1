"""Files and avatars, as two people come to have them."""

import asyncio
import io
import re
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Route, expect

from tests.browser.conftest import Visit
from tests.browser.tab import Tab
from tests.live.story import Story

TITLE = "Write the announcement"
DROP = """([dialog, name, size]) => {
    const carried = new DataTransfer();
    carried.items.add(new File([new Uint8Array(size).fill(97)], name));
    for (const kind of ["dragover", "drop"])
        dialog.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried }));
}"""


async def drop(tab: Tab, name: str, size: int) -> None:
    """Let go of a file somewhere on the open task."""
    dialog = await tab.named("task-title").element_handle()
    await tab.page.evaluate(DROP, [dialog, name, size])


async def choose(tab: Tab, name: str, content: bytes, kind: str = "application/octet-stream") -> None:
    await tab.named("choose-files").set_input_files({"name": name, "mimeType": kind, "buffer": content})


def file(tab: Tab, name: str) -> Any:
    return tab.named("task-dialog").locator(f'[data-testid^=file-][data-name="{name}"]')


def picture(color: str = "orange") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), color).save(out, "PNG")
    return out.getvalue()


async def test_what_one_drops_on_a_task_the_other_sees_appear_and_has(ana: Tab, ben: Tab):
    await ana.open_task(TITLE)
    await ben.open_task(TITLE)
    await drop(ana, "Plan & budget (2).txt", 3_000_000)
    await expect(file(ben, "Plan & budget (2).txt")).to_contain_text("3 MB · Ana")
    await expect(file(ana, "Plan & budget (2).txt")).to_be_visible()
    await expect(ana.named("upload")).to_have_count(0)
    async with ben.page.expect_download() as begun:
        await file(ben, "Plan & budget (2).txt").get_by_role("link").click()
    download = await begun.value
    assert download.suggested_filename == "Plan & budget (2).txt"
    assert await asyncio.to_thread(Path(await download.path()).read_bytes) == b"a" * 3_000_000
    await ben.close_task()
    await expect(ben.card(TITLE).locator("[data-testid^=files-of-]")).to_have_text("1")


async def test_a_picture_shows_small_and_what_is_removed_comes_back_by_undo(ana: Tab, ben: Tab):
    await ana.open_task(TITLE)
    await ben.open_task(TITLE)
    await choose(ana, "logo.png", picture())
    small = file(ben, "logo.png").locator("img")
    await expect(small).to_be_visible()
    await expect(small).to_have_js_property("naturalWidth", 480)
    await ben.role("button", "Remove logo.png").click()
    await expect(file(ana, "logo.png")).to_have_count(0)
    await ben.page.get_by_role("status").filter(has_text="File removed.").get_by_role("button", name="Undo").click()
    await expect(file(ana, "logo.png")).to_be_visible()


async def test_one_that_is_too_large_is_told_so_before_it_is_sent_and_others_go_on(ana: Tab):
    await ana.open_task(TITLE)
    await drop(ana, "film.mp4", 25_000_001)
    await expect(ana.alert).to_have_text("It is too large, with 25 MB: a file can have 25 MB at most.")
    await choose(ana, "small.txt", b"small")
    await expect(file(ana, "small.txt")).to_be_visible()
    await ana.named("upload").get_by_role("button", name="Dismiss").click()
    await expect(ana.named("upload")).to_have_count(0)


async def test_what_the_server_refuses_stays_with_its_sentence_and_can_be_tried_again(ana: Tab):
    await ana.open_task(TITLE)

    async def refuse(route: Route) -> None:
        await route.fulfill(status=422, json={"sentence": "The files of this board have 2 GB already."})

    await ana.page.route("**/files/task/*", refuse)
    await choose(ana, "one.txt", b"one")
    await expect(ana.alert).to_have_text("The files of this board have 2 GB already.")
    await ana.page.unroute("**/files/task/*")
    await ana.named("upload").get_by_role("button", name="Try again").click()
    await expect(file(ana, "one.txt")).to_be_visible()
    ana.forgive("422")


async def test_a_connection_that_is_lost_is_made_up_for_even_while_the_task_is_closed(ana: Tab):
    await ana.open_task(TITLE)
    tries = 0

    async def lose_twice(route: Route) -> None:
        nonlocal tries
        tries += 1
        await (route.abort("connectionreset") if tries <= 2 else route.continue_())

    await ana.page.route("**/files/task/*", lose_twice)
    await choose(ana, "one.txt", b"one")
    await expect(ana.alert).to_have_text("The connection was lost. It is tried again.")
    await ana.close_task()
    await expect(ana.card(TITLE).locator("[data-testid^=files-of-]")).to_have_text("1")
    assert tries == 3
    ana.forgive("ERR_CONNECTION_RESET")


async def test_an_upload_can_be_given_up(ana: Tab, ben: Tab):
    await ana.open_task(TITLE)
    held, given_up = [], asyncio.Event()

    async def hold_the_first(route: Route) -> None:
        held.append(route)
        await (given_up.wait() if len(held) == 1 else route.continue_())

    await ana.page.route("**/files/task/*", hold_the_first)
    await choose(ana, "one.txt", b"one")
    await choose(ana, "two.txt", b"two")
    await expect(ana.named("upload")).to_have_count(2)
    await ana.named("upload").filter(has_text="one.txt").get_by_role("button", name="Cancel").click()
    await expect(file(ana, "two.txt")).to_be_visible()
    await expect(ana.named("upload")).to_have_count(0)
    await expect(file(ana, "one.txt")).to_have_count(0)
    given_up.set()


async def test_a_viewer_sees_files_and_cannot_add_any(ana: Tab, visit: Visit, team: Story):
    await ana.open_task(TITLE)
    cleo = await (await visit("Cleo")).open(team.path)
    await cleo.open_task(TITLE)
    await expect(cleo.named("files")).to_have_count(0)
    await choose(ana, "one.txt", b"one")
    await expect(file(cleo, "one.txt").get_by_role("link")).to_be_visible()
    await expect(file(cleo, "one.txt").get_by_role("button")).to_have_count(0)
    await expect(cleo.named("add-files")).to_have_count(0)
    await expect(ana.role("button", "Remove one.txt")).to_be_visible()


async def test_a_picture_of_oneself_is_shown_before_it_is_used_and_then_to_everyone(
    visit: Visit, ben: Tab, team: Story
):
    ana = await (await visit("Ana")).open("/settings")
    await ben.open_task(TITLE)
    mine = ben.named("task-dialog").get_by_role("img", name="Ana").locator("img")
    await expect(mine).to_have_count(0)
    await ana.named("choose-avatar").set_input_files({"name": "a.txt", "mimeType": "image/png", "buffer": b"no"})
    await ana.named("use-avatar").click()
    await expect(ana.alert).to_contain_text("no picture that can be read")
    await ana.named("choose-avatar").set_input_files({"name": "me.png", "mimeType": "image/png", "buffer": picture()})
    await expect(ana.named("avatar-preview")).to_be_visible()
    await expect(mine).to_have_count(0)
    await ana.named("use-avatar").click()
    await expect(mine).to_have_js_property("naturalWidth", 256)
    await expect(ana.named("avatar-preview")).to_have_count(0)
    shown = ana.named("my-avatar").locator("img")
    await expect(shown).to_have_attribute("src", re.compile("/files/avatar/[0-9a-f]{32}"))
    await expect(shown).to_have_css("box-shadow", re.compile(r"0px 0px 0px 1px"))  # A rim, however dark it is.
    await ana.named("remove-avatar").click()
    await expect(mine).to_have_count(0)
    await expect(ben.named("task-dialog").get_by_role("img", name="Ana")).to_have_text("A")
    ana.forgive("422")
