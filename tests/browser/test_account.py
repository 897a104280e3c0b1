"""One's own account, in two browsers: a password by mail, a new one, and the other browser shown the door."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from app.db import Database
from app.domain import people
from app.domain.access import Actor
from app.domain.drawings.instance import FOUND, MOST
from app.web.room import ENDED
from tests.browser.door import fill, sign_in
from tests.browser.sent import A_SECOND, Sent
from tests.browser.tab import Tab
from tests.support.mailbox import Mailbox, receiving
from tests.support.server import Server, free_port, serving

ANA, BEN = "ana@tandem.example", "ben@tandem.example"
FORGOTTEN, BY_MAIL, NEW = "the one that I forgot", "the one from the mail", "one that I can remember"


@dataclass
class Mailing:
    server: Server
    mailbox: Mailbox


@pytest.fixture(scope="module")
def mailing() -> Iterator[Mailing]:
    """A program that sends e-mail to a real mailbox."""
    port = str(free_port())
    with (
        receiving() as (mailbox, settings),
        serving(PORT=port, PUBLIC_URL=f"http://127.0.0.1:{port}", **settings) as it,
    ):
        yield Mailing(it, mailbox)
        assert "Traceback" not in it.log, it.log


@pytest_asyncio.fixture(loop_scope="session")
async def tabs(browser: Browser, mailing: Mailing) -> AsyncIterator[list[Tab]]:
    """Two browsers of Ana's."""
    tabs = [await Tab.start(browser, mailing.server.url, user_agent=agent) for agent in (_LAPTOP, _PHONE)]
    yield tabs
    for tab in tabs:
        await tab.context.close()
        tab.forgive("closed before the connection is established")  # A page was left while it was connecting.
        assert tab.complaints == []


_LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
_PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604"


async def change_password(tab: Tab, current: str, new: str) -> None:
    form = tab.named("change-password")
    await form.locator("[name=password]").fill(current)
    await form.locator("[name=new_password]").fill(new)
    await form.get_by_role("button").click()


async def test_a_password_is_won_back_by_mail_and_changed_and_the_other_browser_is_shown_the_door(
    tabs: list[Tab], mailing: Mailing
):
    laptop, phone = tabs
    await laptop.page.goto(laptop.url + "/sign-up")
    await fill(laptop, name="Ana", email=ANA, password=FORGOTTEN)
    await laptop.page.wait_for_url(laptop.url + "/")
    await laptop.is_live()

    await phone.page.goto(phone.url + "/sign-in")
    await phone.role("link", "Forgot your password?").click()
    await expect(phone.role("heading", "Forgot your password?")).to_be_visible()
    await fill(phone, email=ANA)
    await expect(phone.page.get_by_role("status")).to_contain_text("a link to choose a new password is on its way")
    await phone.page.goto(phone.url + await mailing.mailbox.link(ANA))
    await expect(phone.page.get_by_role("main")).to_contain_text(f"For Ana, {ANA}.")
    await phone.page.fill("[name=new_password]", BY_MAIL)
    await phone.page.locator("button[type=submit]").click()
    await phone.page.wait_for_url(phone.url + "/")
    await phone.is_live()
    await expect(laptop.named("door")).to_contain_text(ENDED)

    await laptop.role("link", "Load again").click()
    await laptop.page.wait_for_url("**/sign-in")
    await sign_in(laptop, ANA, FORGOTTEN)
    await expect(laptop.alert).to_have_text("The e-mail address or the password is wrong.")
    await sign_in(laptop, ANA, BY_MAIL)
    await laptop.page.wait_for_url(laptop.url + "/")

    await laptop.open("/settings")
    await expect(laptop.named("devices").get_by_role("listitem")).to_have_count(2)
    await expect(laptop.named("devices")).to_contain_text("Firefox on Windows")
    await expect(laptop.named("devices")).to_contain_text("Safari on an iPhone")
    await change_password(laptop, "not the right one", NEW)
    await expect(laptop.alert).to_have_text("The password is wrong.")
    await expect(phone.named("door")).to_have_count(0)
    await change_password(laptop, BY_MAIL, NEW)
    await expect(laptop.page.get_by_role("region", name="Password").get_by_role("status")).to_have_text(
        "Your password is changed."
    )
    await expect(phone.named("door")).to_contain_text(ENDED)
    await expect(laptop.named("devices").get_by_role("listitem")).to_have_count(1)
    await expect(laptop.named("devices")).to_contain_text("This device")


async def test_devices_come_and_go_as_one_looks_and_one_is_ended(tabs: list[Tab], mailing: Mailing):
    laptop, phone = tabs
    await sign_in(laptop, ANA, NEW)
    await laptop.page.wait_for_url(laptop.url + "/")
    await laptop.open("/settings")
    devices = laptop.named("devices")
    await expect(devices.get_by_role("listitem")).to_have_count(2)
    await sign_in(phone, ANA, NEW)
    await phone.page.wait_for_url(phone.url + "/")
    await phone.is_live()
    await expect(devices.get_by_role("listitem")).to_have_count(3)
    await laptop.role("button", "Sign out Safari on an iPhone").click()
    await expect(devices).not_to_contain_text("iPhone")
    await expect(phone.named("door")).to_contain_text(ENDED)
    await laptop.named("end-others").click()
    await expect(devices.get_by_role("listitem")).to_have_count(1)
    await laptop.named("sign-out-everywhere").click()
    await laptop.page.wait_for_url("**/sign-in")


async def test_an_address_is_changed_by_the_link_that_is_sent_there(tabs: list[Tab], mailing: Mailing):
    laptop, _ = tabs
    await sign_in(laptop, ANA, NEW)
    await laptop.page.wait_for_url(laptop.url + "/")
    await laptop.open("/settings")
    form = laptop.named("change-email")
    await form.locator("[name=email]").fill("ana@example.com")
    await form.locator("[name=password]").fill(NEW)
    await form.get_by_role("button").click()
    section = laptop.page.get_by_role("region", name="E-mail")
    await expect(section.get_by_role("status")).to_contain_text("We have sent a link to ana@example.com.")
    await expect(section).to_contain_text(f"You sign in with {ANA}.")
    await laptop.page.goto(laptop.url + await mailing.mailbox.link("ana@example.com"))
    await laptop.role("button", "Use this address").click()
    await expect(section.get_by_role("status")).to_have_text("Your e-mail address is ana@example.com now.")
    await expect(section).to_contain_text("You sign in with ana@example.com.")


async def test_an_admin_sees_who_comes_says_who_may_and_makes_a_link(tabs: list[Tab], mailing: Mailing):
    laptop, phone = tabs
    await sign_in(laptop, "ana@example.com", NEW)
    await laptop.page.wait_for_url(laptop.url + "/")
    await laptop.is_live()
    await laptop.choose("Account", "Administration")
    await laptop.page.wait_for_url("**/admin")
    await phone.page.goto(phone.url + "/sign-up")
    await fill(phone, name="Ben", email=BEN, password=FORGOTTEN)
    await phone.page.wait_for_url(phone.url + "/")
    ben = laptop.page.locator('[data-name="Ben"]')
    await expect(ben).to_contain_text(BEN)
    await phone.open("/admin")
    await expect(phone.named("door")).to_contain_text("This is gone, or it is not shared with you.")

    await laptop.page.fill("[name=rule]", "invited")
    await laptop.named("save-sign-up").click()
    await expect(laptop.page.get_by_text("Saved.")).to_be_visible()
    await phone.page.context.clear_cookies()
    await phone.page.goto(phone.url + "/sign-up")
    await expect(phone.named("sign-up-rule")).to_contain_text("Signing up here takes an invitation")
    await fill(phone, name="Cleo", email="cleo@tandem.example", password=FORGOTTEN)
    await expect(phone.alert).to_contain_text("Signing up here takes an invitation")

    await laptop.choose("What to do for Ben", "Make a reset link")
    link = await laptop.named("reset-link").input_value()
    await laptop.escape()
    await expect(laptop.named("reset-link")).to_have_count(0)
    await phone.page.goto(link)
    await phone.page.fill("[name=new_password]", BY_MAIL)
    await phone.page.locator("button[type=submit]").click()
    await phone.page.wait_for_url(phone.url + "/")
    await phone.page.goto(link)
    await expect(phone.alert).to_contain_text("This link is not valid any more.")


async def test_an_admin_makes_another_who_takes_it_away_again(tabs: list[Tab], mailing: Mailing):
    laptop, phone = tabs
    for tab, email, password in ((laptop, "ana@example.com", NEW), (phone, BEN, BY_MAIL)):
        await sign_in(tab, email, password)
        await tab.page.wait_for_url(tab.url + "/")
    await laptop.open("/admin")
    ana, ben = (laptop.page.locator(f'[data-name="{name}"]') for name in ("Ana", "Ben"))
    await laptop.choose("What to do for Ana", "Take admin away")
    await laptop.named("confirm-unmake-admin").click()
    await expect(laptop.alert).to_contain_text("Make another person an admin first.")
    await laptop.alert.get_by_role("button", name="Dismiss").click()
    await expect(ana).to_contain_text("Admin")

    await laptop.choose("What to do for Ben", "Make an admin")
    await laptop.role("button", "Cancel").click()
    await expect(ben).not_to_contain_text("Admin")
    await laptop.choose("What to do for Ben", "Make an admin")
    await expect(laptop.page.get_by_role("dialog")).to_contain_text("Ben will see everybody with an account here")
    await laptop.named("confirm-make-admin").click()
    await expect(ben).to_contain_text("Admin")

    await phone.open("/admin")
    await phone.choose("What to do for Ana", "Take admin away")
    await phone.named("confirm-unmake-admin").click()
    await expect(laptop.named("door")).to_contain_text("Ben took admin away from you.")


async def test_among_many_people_one_is_found_by_name_or_address(tabs: list[Tab], mailing: Mailing):
    laptop, _ = tabs
    db = Database(mailing.server.database_url)
    async with db.transaction() as tx:
        for number in range(MOST):
            await people.sign_up(tx, f"Extra {number:03}", f"extra{number}@crowd.example", "")
        zoe_s = await people.sign_up(tx, "Zoe", "zoe@crowd.example", "")
    await sign_in(laptop, BEN, BY_MAIL)
    await laptop.page.wait_for_url(laptop.url + "/")
    sent = Sent(laptop)
    await laptop.open("/admin")
    rows, search = laptop.page.locator("[data-testid^=account-][data-name]"), laptop.named("search-people")
    await expect(rows).to_have_count(MOST)
    await expect(laptop.page.locator('[data-name="Zoe"]')).to_have_count(0)
    await search.press_sequentially("zoe@")
    await expect(rows).to_have_count(1)
    zoe = laptop.page.locator('[data-name="Zoe"]')
    await expect(zoe).to_contain_text("never seen")
    await laptop.choose("What to do for Zoe", "Make an admin")
    await laptop.named("confirm-make-admin").click()
    await expect(zoe).to_contain_text("Admin")
    async with db.transaction() as tx:
        await people.change_profile(tx, Actor(zoe_s.id, "Zoe"), "Zoe Later", "teal")
    await db.close()
    await expect(laptop.page.locator('[data-name="Zoe Later"]')).to_contain_text("zoe@crowd.example")
    await search.fill("extra 0")
    await expect(rows).to_have_count(FOUND)
    await expect(laptop.page.get_by_role("region", name="People")).to_contain_text("Type more of the name")
    await search.press_sequentially(" and nobody is called so" * 4)
    await expect(rows).to_have_count(0)
    await search.fill("")
    await expect(rows).to_have_count(MOST)
    assert 0 < sent.busiest < A_SECOND, f"{sent.busiest} events within a second."
