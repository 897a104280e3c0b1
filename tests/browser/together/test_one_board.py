"""Two people in two browsers, served by two processes where there are two: everyone's screen is the same screen.

The last test shows Ben out.
"""

import time

from playwright.async_api import expect
from sqlalchemy import select

from app.db import Database
from app.domain.models import Person
from tests.browser.pair import Pair, bens_tab, close_browser, go_to_another_worker, with_cookies_of
from tests.browser.tab import CUT, until
from tests.browser.together.deeds import make_thirty_changes, mark_page, was_not_loaded_again


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
