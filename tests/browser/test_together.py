"""Two people in two browsers, served by two processes where there are two: everyone's screen is the same screen.

Ana founds a workspace and Ben joins it, once for each size of the program; every test goes on from there, and the last
one shows Ben out.
"""

import re
import time
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Playwright, expect
from sqlalchemy import select

from app.db import Database
from app.domain.models import Person
from tests.browser.pair import (
    Pair,
    bens_tab,
    close_browser,
    found_a_workspace,
    go_to_another_worker,
    invite_by_link,
    join_by_link,
    origin,
    with_cookies_of,
)
from tests.browser.tab import Tab, until
from tests.live.proxy import Proxy
from tests.support.log import troubles
from tests.support.server import Server, serving

CUT = r"WebSocket connection to|net::ERR_"
"""How Chromium complains of a network that the test has cut."""


@pytest.fixture(scope="module", params=["postgresql-redis-two-workers", "sqlite-in-process-one-worker"])
def program(request: pytest.FixtureRequest) -> Iterator[Server]:
    if request.param == "sqlite-in-process-one-worker":
        with serving() as server:
            yield server
    else:
        url = request.getfixturevalue("postgresql_store").create("migrated")
        redis_url = request.getfixturevalue("redis_server").url
        with serving(DATABASE_URL=url, REDIS_URL=redis_url, WORKERS="2") as server:
            yield server


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def pair(program: Server, playwright: Playwright, browser: Browser) -> AsyncIterator[Pair]:
    async with Proxy(program.url) as proxy:
        ana = await Tab.start(browser, origin(program))
        pair = Pair(program, playwright, proxy, ana, await bens_tab(playwright, proxy, program))
        await found_a_workspace(ana)
        pair.path = ana.page.url.removeprefix(ana.url)
        await join_by_link(pair.ben, await invite_by_link(ana))
        await go_to_another_worker(pair)
        yield pair
        await ana.context.close()
        await close_browser(pair.ben)


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def quiet(pair: Pair) -> AsyncIterator[None]:
    """No browser has complained, and the program has logged no trouble since it said where it is."""
    yield
    assert [*pair.ana.complaints, *pair.ben.complaints] == []
    assert troubles(pair.server.log.partition("Tandem is at")[2])[1:] == []


async def test_an_invitation_brings_somebody_without_an_account_to_the_board(pair: Pair):
    assert pair.ben.page.url == pair.ana.page.url
    for tab in (pair.ana, pair.ben):
        assert await tab.board() == {"To do": [], "Doing": [], "Done": []}


async def test_the_first_person_is_the_admin_of_the_instance(pair: Pair):
    db = Database(pair.server.database_url)
    async with db.reading() as tx:
        people = {person.name: person.is_admin for person in (await tx.session.execute(select(Person))).scalars()}
    await db.close()
    assert people == {"Ana": True, "Ben": False}


async def test_the_two_are_served_by_two_processes_where_there_are_two(pair: Pair):
    served_by = {await pair.ana.worker(), await pair.ben.worker()}
    assert served_by == {str(pid) for pid in pair.server.workers}
    assert len(served_by) == (2 if pair.has_two_workers else 1)


async def test_both_see_each_other(pair: Pair):
    for tab in (pair.ana, pair.ben):
        await expect(tab.here("Ana")).to_be_visible()
        await expect(tab.here("Ben")).to_be_visible()
        await expect(tab.named("presence").locator("> *")).to_have_count(2)


async def test_what_one_does_the_other_sees(pair: Pair):
    ana, ben = pair.ana, pair.ben
    await mark_page(ana, ben)
    await ana.add("To do", "Write the announcement", "Draw the new logo")
    await expect(ana.quick_add("To do")).to_be_focused()
    await expect(ana.quick_add("To do")).to_have_value("")
    for tab in (ana, ben):
        await tab.shows("Write the announcement", "Draw the new logo", lane="To do")
    await expect(ben.done("Draw the new logo")).to_have_attribute("aria-pressed", "false")
    await ben.done("Draw the new logo").click()
    await expect(ana.done("Draw the new logo")).to_have_attribute("aria-pressed", "true")
    await expect(ben.done("Draw the new logo")).to_have_attribute("aria-pressed", "true")
    assert await ana.board() == await ben.board()
    assert await was_not_loaded_again(ana, ben)


async def test_somebody_who_is_typing_keeps_text_focus_and_caret_while_the_title_changes(pair: Pair):
    ana, ben = pair.ana, pair.ben
    await ana.add("Doing", "Answer testers")
    await ben.open_task("Answer testers")
    description = ben.named("task-description")
    await description.click()
    await ben.page.keyboard.type("All of them, kindly")
    for _ in range(len(", kindly")):
        await ben.page.keyboard.press("ArrowLeft")
    await ana.rename("Answer testers", to="Answer the beta testers")
    await expect(ben.named("task-title")).to_have_value("Answer the beta testers")
    await expect(description).to_be_focused()
    await expect(description).to_have_value("All of them, kindly")
    caret = await description.evaluate("field => [field.selectionStart, field.selectionEnd]")
    assert caret == [len("All of them")] * 2
    await ben.page.keyboard.type(" by Friday")
    await ben.close_task()
    await ana.open_task("Answer the beta testers")
    await expect(ana.named("task-description")).to_have_value("All of them by Friday, kindly")
    await ana.close_task()


async def test_two_people_talk_and_see_each_other_at_the_task_and_writing(pair: Pair):
    ana, ben = pair.ana, pair.ben
    await ana.open_task("Answer the beta testers")
    dot = ben.card("Answer the beta testers").get_by_role("img", name="Ana has this open")
    await expect(dot).to_be_visible()
    await ben.open_task("Answer the beta testers")
    for tab in (ana, ben):
        await expect(tab.named("lookers").get_by_role("img")).to_have_count(2)
    await ben.named("comment-text").press_sequentially("I have answered three, @An")
    await expect(ana.named("writing")).to_have_text("Ben is writing …")
    await expect(ben.named("writing")).to_have_text("")
    await ben.named("comment-text").press("Enter")
    await expect(ana.named("writing")).to_have_text("", timeout=6_000)
    await ben.named("send-comment").click()
    said = ana.named("comments").locator("li[data-testid^=comment-]")
    await expect(said.locator(".mention")).to_have_text("@Ana")
    await expect(ben.named("comment-text")).to_have_value("")
    await said.get_by_role("button", name="React").click()
    await ana.named("react-heart").click()
    await expect(ben.role("button", "Love it: Ana")).to_be_visible()
    await ana.close_task()
    await expect(ben.named("lookers").get_by_role("img")).to_have_count(1)
    await ben.close_task()
    await expect(ana.card("Answer the beta testers").get_by_title("1 comment")).to_be_visible()


async def test_somebody_who_closes_the_browser_is_gone_within_two_seconds(pair: Pair):
    await expect(pair.ana.here("Ben")).to_be_visible()
    await pair.ana.page.evaluate(
        """() => {
            const presence = document.querySelector("[data-testid=presence]");
            new MutationObserver(() => {
                if (!presence.querySelector("[data-name=Ben]")) window.benLeftAt ??= Date.now();
            }).observe(presence, { childList: true, subtree: true });
        }"""
    )
    kept = await pair.ben.context.storage_state()
    await close_browser(pair.ben)
    closed_at = time.time()
    await expect(pair.ana.here("Ben")).to_have_count(0)
    seconds = await pair.ana.page.evaluate("window.benLeftAt") / 1000 - closed_at
    await expect(pair.ana.here("Ana")).to_be_visible()
    pair.ben = await bens_tab(pair.playwright, pair.proxy, pair.server, storage_state=kept)
    await pair.ben.open(pair.path)
    await go_to_another_worker(pair)
    await expect(pair.ana.here("Ben")).to_be_visible()
    assert seconds < 2


async def test_after_thirty_changes_that_were_missed_offline_both_boards_are_equal(pair: Pair):
    ana, ben = pair.ana, pair.ben
    await mark_page(ana, ben)
    assert await ana.board() == await ben.board()
    revision = await ana.revision()
    assert await ben.revision() == revision

    pair.proxy.refuse()
    pair.proxy.cut()
    await expect(ben.named("connection")).to_have_attribute("data-state", "offline")
    await make_thirty_changes(ana)
    await until(lambda: ana.revision(), revision + 30)
    seen = await ana.board()
    assert await ben.board() != seen
    assert await ben.revision() == revision
    await expect(ben.named("connection")).to_have_attribute("data-state", "offline")

    pair.proxy.refuse(False)
    await ben.is_live()
    assert await ben.board() == seen
    assert await ben.revision() == revision + 30
    assert await was_not_loaded_again(ana, ben)
    ben.forgive(CUT)
    await ben.add("Doing", "Say that I am back")
    await expect(ana.card("Say that I am back")).to_be_visible()


async def test_what_concerns_somebody_reaches_all_of_their_tabs_and_nobody_else(pair: Pair):
    ana, ben = pair.ana, pair.ben
    known = await ana.named("unread").all_inner_texts()
    await ana.add("To do", "Print the badges")
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

    await ben.page.evaluate(
        """() => new MutationObserver(() => {
            if (document.querySelector("[data-testid=unread]")) window.toldAt ??= Date.now();
        }).observe(document.querySelector("[data-testid=bell]"), { childList: true, subtree: true })"""
    )
    assert await seconds_until_told(ben, await mention_ben(ana, "Print the badges")) < 1
    await expect(row).to_contain_text("Ana mentioned you")
    await expect(row).to_contain_text("because you were mentioned")
    await other.named("read-all").click()
    await expect(ben.named("unread")).to_have_count(0)

    await choose_for_the_board(ben, "mute")
    await ana.done("Print the badges").click()
    await ana.open_task("Print the badges")
    await ana.named("who-was-told").click()
    await expect(ana.named("ledger").get_by_role("listitem").first).to_contain_text("not told: has muted it")
    await close(ana, "ledger")
    await ana.close_task()
    await expect(ben.named("unread")).to_have_count(0)
    await choose_for_the_board(ben, "unmute")
    assert await ana.named("unread").all_inner_texts() == known
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


async def mention_ben(ana: Tab, title: str) -> float:
    """When it was sent."""
    await ana.open_task(title)
    await ana.named("comment-text").press_sequentially("Ready, @Be")
    await ana.named("comment-text").press("Enter")
    sent_at = time.time()
    await ana.named("send-comment").click()
    await expect(ana.named("comments").locator(".mention")).to_have_text("@Ben")
    await ana.close_task()
    return sent_at


async def seconds_until_told(ben: Tab, sent_at: float) -> float:
    await expect(ben.named("unread")).to_have_text("1")
    return await ben.page.evaluate("window.toldAt") / 1000 - sent_at


async def close(tab: Tab, dialog: str) -> None:
    await tab.named(dialog).get_by_role("button", name="Close").click()
    await expect(tab.named(dialog)).to_have_count(0)


async def choose_for_the_board(tab: Tab, what: str) -> None:
    await tab.named("board-menu").click()
    await tab.named(f"{what}-board").click()
    await expect(tab.page.get_by_role("menu")).to_have_count(0)


async def test_a_removed_member_is_shown_the_door_and_can_do_nothing_more(pair: Pair):
    ana, ben = pair.ana, pair.ben
    await ana.add("To do", "Change the locks")
    await ben.open_task("Change the locks")
    await ben.named("task-description").fill("Half a sentence")
    members = await ana.another()
    await members.page.goto(members.url)
    await members.page.locator("[data-testid^=workspace-]").click()
    await members.role("button", "Remove Ben").click()
    await members.named("confirm-remove").click()
    await expect(members.page.locator("[data-testid^=member-]")).to_have_count(1)

    await expect(ben.named("door")).to_contain_text("Ana removed you from Tandem team.")
    for gone in (ben.lanes(), ben.named("presence"), ben.named("task-dialog"), ben.role("link", "Launch")):
        await expect(gone).to_have_count(0)
    await expect(ana.here("Ben")).to_have_count(0)
    before = await ana.revision()
    lane_id = int((await ana.lane("To do").get_attribute("data-testid") or "").removeprefix("lane-"))
    forged = await with_cookies_of(ben, pair.server)
    await forged.open("/")
    await forged.do("add_tasks", lane_id=lane_id, titles=["Let me in"])
    await forged.until(lambda _: forged.toasts == ["This lane is gone, or it is not shared with you."])
    await forged.close()
    await expect(ana.card("Change the locks")).to_be_visible()
    await expect(ana.card("Let me in")).to_have_count(0)
    assert await ana.revision() == before
    await ben.page.reload()
    await expect(ben.named("door")).to_be_visible()
    await expect(ben.lanes()).to_have_count(0)
    await members.page.close()
    assert members.complaints == []


async def make_thirty_changes(ana: Tab) -> None:
    """Nineteen tasks, of which five are done, three moved and three in the trash."""
    titles = [f"Change {number}" for number in range(1, 20)]
    await ana.add("To do", *titles[:9])
    await ana.add("Doing", *titles[9:14])
    await ana.add("Done", *titles[14:])
    for title in titles[::4]:
        await ana.done(title).click()
        await expect(ana.done(title)).to_have_attribute("aria-pressed", "true")
    for title, item in ((titles[1], "Doing"), (titles[10], "To the top"), (titles[18], "Up")):
        await ana.choose(f"Actions for {title}", item)
    for title in (titles[2], titles[11], titles[16]):
        await ana.choose(f"Actions for {title}", "Move to trash")
        await expect(ana.card(title)).to_have_count(0)


async def mark_page(*tabs: Tab) -> None:
    """Loading the page anew would take the mark off."""
    for tab in tabs:
        await tab.page.evaluate("window.wasNotLoadedAgain = true")


async def was_not_loaded_again(*tabs: Tab) -> bool:
    return all([await tab.page.evaluate("window.wasNotLoadedAgain === true") for tab in tabs])
