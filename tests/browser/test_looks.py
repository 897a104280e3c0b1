"""Small, quick and calm: what a page weighs, what moves, what can be reached without a mouse, how it fits a phone."""

import gzip
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Response, expect

from app.domain import tasks
from tests.browser.conftest import Visit
from tests.browser.tab import DESKTOP, PHONE, Tab, until
from tests.live.story import Story

NAMED = {
    "button", "link", "textbox", "searchbox", "combobox", "listbox", "checkbox", "radio", "switch", "slider",
    "spinbutton", "menuitem", "menuitemcheckbox", "tab", "option", "dialog", "Date", "DisclosureTriangle",
}  # fmt: skip
"""Roles of elements that somebody must be able to call by a name."""
DARK, LIGHT = "rgb(18, 18, 23)", "rgb(246, 246, 248)"
FIRST_COLOUR = """() => {
    window.colours = [];
    const note = () => document.body && window.colours.push(getComputedStyle(document.body).backgroundColor);
    new PerformanceObserver(note).observe({ type: "paint", buffered: true });
    document.addEventListener("DOMContentLoaded", note);
    const eachFrame = () => { note(); requestAnimationFrame(eachFrame); };
    requestAnimationFrame(eachFrame);
}"""


async def test_the_board_needs_at_most_300_kb_of_script_and_20_kb_of_style_gzipped(visit: Visit, team: Story):
    ana = await visit("Ana", viewport=DESKTOP)  # In a new profile nothing is cached.
    answers: list[Response] = []
    ana.page.on("response", lambda answer: answers.append(answer))
    await ana.open(team.path)
    await expect(ana.lanes()).to_have_count(3)
    weights = {"script": 0, "stylesheet": 0}
    for answer in answers:
        assert answer.url.startswith(ana.url), "Everything comes from the program itself."
        if answer.request.resource_type in weights:
            weights[answer.request.resource_type] += len(gzip.compress(await answer.body()))
    assert 50_000 < weights["script"] <= 300_000
    assert 1_000 < weights["stylesheet"] <= 20_000


@pytest.mark.parametrize(("scheme", "colour"), [("dark", DARK), ("light", LIGHT)])
async def test_no_page_flashes_in_the_other_colours(visit: Visit, team: Story, scheme: str, colour: str):
    ana = await visit("Ana", color_scheme=scheme)
    await ana.page.add_init_script(f"({FIRST_COLOUR})()")
    for path in (team.path, "/"):
        await ana.open(path)
        assert set(await ana.page.evaluate("window.colours")) == {colour}


async def test_chosen_colours_are_there_from_the_first_moment_on(visit: Visit):
    ana = await (await visit("Ana", color_scheme="light")).open("/")
    await expect(ana.page.locator("body")).to_have_css("background-color", LIGHT)
    await ana.choose("Account", "Dark")
    await expect(ana.page.locator("body")).to_have_css("background-color", DARK)
    await ana.page.add_init_script(f"({FIRST_COLOUR})()")
    await ana.open("/")
    assert set(await ana.page.evaluate("window.colours")) == {DARK}


async def test_nothing_moves_but_what_changed(ana: Tab, ben: Tab):
    await ben.add("Done", "Choose the name", "Register the domain")
    await ana.shows("Choose the name", "Register the domain", lane="Done")
    places = await places_of_cards(ana)
    await ben.add("To do", "Yet another")
    await expect(ana.card("Yet another")).to_be_visible()
    await ben.done("Choose the name").click()
    await expect(ana.done("Choose the name")).to_have_attribute("aria-pressed", "true")
    await ben.rename("Order stickers", to="Order flags")
    await expect(ana.card("Order flags")).to_be_visible()
    now = await places_of_cards(ana)
    assert now.pop("Yet another")
    assert now.pop("Order flags") == places.pop("Order stickers")
    assert now == places


async def test_the_board_is_there_for_the_keyboard(ana: Tab):
    reached = [name async for name in names_on_the_way(ana, until="Add a task to Done")]
    for name in ("Skip to content", "Account", "Complete Write the announcement", "Add a task to To do"):
        assert name in reached
    assert reached.index("Add a task to To do") < reached.index("Complete Draw the new logo")
    await ana.page.keyboard.type("From the keyboard")
    await ana.page.keyboard.press("Enter")
    await ana.shows("From the keyboard", lane="Done")


async def test_what_has_the_focus_shows_it(ana: Tab):
    shown = "getComputedStyle(document.activeElement).outlineStyle"
    async for name in names_on_the_way(ana, until="Add a task to To do"):
        assert await ana.page.evaluate(shown) == "solid", name


async def test_a_dialog_keeps_the_focus_and_gives_it_back(ana: Tab):
    await ana.named("add-lane").focus()
    await ana.page.keyboard.press("Enter")
    await expect(ana.role("textbox", "Name")).to_be_focused()
    for _ in range(4):
        await ana.page.keyboard.press("Tab")
        assert await ana.page.evaluate("document.activeElement.closest('[role=dialog]') !== null")
    await ana.escape()
    await expect(ana.page.get_by_role("dialog")).to_have_count(0)
    await expect(ana.named("add-lane")).to_be_focused()


async def test_everything_that_can_be_used_has_a_name(visit: Visit, team: Story):
    async with team.db.transaction() as tx:
        [task_id] = await tasks.add(tx, team.people["Ana"], team.lanes["Done"], ["Choose the name"])
    ana = await visit("Ana")
    ours = (team.path, f"{team.path}?task={task_id}", f"{team.path}/activity", f"/w/{team.workspace_id}/members")
    for path in ("/", *ours, "/settings", "/inbox"):
        await ana.open(path)
        await expect(ana.page.locator("[aria-busy=true]")).to_have_count(0)
        found = await names_by_role(ana)
        assert len(found) > 5, path
        assert [role for role, name in found if not name.strip()] == [], path
    stranger = await visit()
    for path in ("/sign-in", "/sign-up"):
        await stranger.page.goto(stranger.url + path)
        await expect(stranger.page.locator("[name=email]")).to_be_visible()
        assert [role for role, name in await names_by_role(stranger) if not name.strip()] == [], path


async def test_an_address_that_leads_nowhere_says_so_and_shows_a_way_home(visit: Visit):
    ana = await visit("Ana")
    await ana.page.goto(ana.url + "/no/such/page")
    await expect(ana.page.get_by_text("There is nothing at this address")).to_be_visible()
    ana.forgive("404")
    await ana.role("link", "Go to your workspaces").click()
    await expect(ana.named("new-workspace")).to_be_visible()


async def test_an_address_that_says_something_twice_is_as_good_as_another(visit: Visit, team: Story):
    ana = await (await visit("Ana")).open(f"{team.path}?from=here&from=there")
    await expect(ana.lanes()).to_have_count(3)


async def test_a_long_title_takes_six_lines_of_its_card_and_shows_in_full_when_its_task_is_open(
    visit: Visit, team: Story
):
    title = "a word " * 70
    async with team.db.transaction() as tx:
        [task_id] = await tasks.add(tx, team.people["Ana"], team.lanes["Done"], [title])
    ana = await (await visit("Ana", viewport=PHONE)).open(team.path)
    card = ana.named(f"task-{task_id}")
    lines = "title => title.clientHeight / parseFloat(getComputedStyle(title).lineHeight)"
    assert round(await card.get_by_test_id("title").evaluate(lines), 1) == 6
    await card.get_by_title(title.strip(), exact=True).click()
    await expect(ana.named("task-title")).to_have_value(title.strip())
    fits = "field => field.clientHeight >= field.scrollHeight"
    await until(lambda: ana.named("task-title").evaluate(fits), True)  # It grows once it knows its width.


async def test_on_a_phone_a_lane_fills_the_screen_and_the_page_itself_stays(visit: Visit, team: Story):
    ana = await (await visit("Ana", viewport=PHONE, has_touch=True, is_mobile=True)).open(team.path)
    await expect(ana.lanes()).to_have_count(3)
    width = PHONE["width"]
    boxes = [await ana.lanes().nth(i).bounding_box() for i in range(3)]
    for box in boxes:
        assert box and width * 0.85 < box["width"] <= width
    assert boxes[0] and boxes[0]["x"] >= 0 and boxes[0]["x"] + boxes[0]["width"] <= width
    assert boxes[1] and boxes[1]["x"] > width * 0.9
    await ana.lanes().nth(2).scroll_into_view_if_needed()
    for path in (team.path, f"{team.path}/activity", "/", f"/w/{team.workspace_id}/members", "/settings", "/inbox"):
        await ana.open(path)
        await expect(ana.page.locator("[aria-busy=true]")).to_have_count(0)
        overflow = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
        assert await ana.page.evaluate(overflow) == 0, path
        header = await ana.page.locator("header").first.evaluate("header => header.scrollWidth - header.clientWidth")
        assert header <= 0, path
    await ana.open(f"{team.path}?task={team.tasks[0]}")
    await expect(ana.named("comments").get_by_role("heading")).to_be_in_viewport()
    due, priority = await ana.page.evaluate(
        """() => ["due", "priority"].map(fact => {
            const {y, height} = document.querySelector(`[data-testid="task-${fact}"]`).getBoundingClientRect();
            return [y, height];
        })"""
    )
    assert due == priority, "Both are looked at in one frame, as the dialog may still be coming up."


async def places_of_cards(tab: Tab) -> dict[str, tuple[float, float, float, float]]:
    return await tab.page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("article")].map(card => {
            const { x, y, width, height } = card.getBoundingClientRect();
            return [card.querySelector("[data-testid=title]").textContent, [x, y, width, height]];
        }))"""
    )


async def names_on_the_way(tab: Tab, until: str) -> AsyncIterator[str]:
    """Press Tab until something of that name has the focus; the name of everything on the way."""
    for _ in range(100):
        await tab.page.keyboard.press("Tab")
        name = await tab.page.evaluate(
            "document.activeElement.ariaLabel ?? document.activeElement.textContent.trim()",
        )
        yield name
        if name == until:
            return
    raise AssertionError(f"Tab never reached {until}.")


async def names_by_role(tab: Tab) -> list[tuple[str, str]]:
    """Role and name of everything that can be used, as a screen reader is told them."""
    chromium = await tab.context.new_cdp_session(tab.page)
    tree = await chromium.send("Accessibility.getFullAXTree")
    await chromium.detach()
    return [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in tree["nodes"]
        if not node["ignored"] and node["role"]["value"] in NAMED
    ]
