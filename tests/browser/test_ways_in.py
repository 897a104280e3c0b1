"""Signing in elsewhere and with a second factor, as one sees it."""

import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from pyotp.hotp import HOTP

from tests.browser.tab import PHONE, Tab
from tests.support.provider import Provider, providing
from tests.support.server import UNHURRIED, Server, at_its_address, serving

SECRET = re.compile(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}")
CODES = re.compile(r"([a-z2-7]{4}-){3}[a-z2-7]{4}")
ANA = ("ana@tandem.example", "ana launches tandem")
BEN = ("ben@tandem.example", "ben launches tandem")


@pytest.fixture(scope="module")
def running_provider() -> Iterator[Provider]:
    with providing() as provider:
        yield provider


@pytest.fixture
def provider(running_provider: Provider) -> Provider:
    running_provider.reset()
    return running_provider


@pytest.fixture(scope="module")
def door(running_provider: Provider) -> Iterator[Server]:
    """The demo world, with a provider to sign in with."""
    with serving("--demo", **UNHURRIED, **at_its_address(), **running_provider.settings()) as server:
        yield server


@asynccontextmanager
async def at(browser: Browser, door: Server, path: str, **profile: Any) -> AsyncIterator[Tab]:
    """A tab in a new profile, which must not complain of anything."""
    tab = await Tab.start(browser, door.url, **profile)
    await tab.page.goto(door.url + path)
    yield tab
    assert tab.complaints == []
    await tab.context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def stranger(browser: Browser, door: Server) -> AsyncIterator[Tab]:
    async with at(browser, door, "/sign-in") as tab:
        yield tab


async def sign_in(tab: Tab, email: str, password: str) -> None:
    await tab.page.goto(tab.url + "/sign-in")
    await tab.page.fill("[name=email]", email)
    await tab.page.fill("[name=password]", password)
    await tab.page.click("button[type=submit]")


async def consent(tab: Tab) -> None:
    """At the provider."""
    await expect(tab.page.get_by_role("button")).to_have_text("Sign in as ana-at-work")
    await tab.page.get_by_role("button").click()


async def test_somebody_new_signs_in_elsewhere_and_is_in(stranger: Tab, provider: Provider):
    provider.knows |= {"sub": "dora", "email": "dora@corp.example", "name": "Dora"}
    await stranger.role("link", "Continue with Corp").click()
    await expect(stranger.page.get_by_role("button")).to_have_text("Sign in as dora")
    await stranger.page.get_by_role("button").click()
    await stranger.page.wait_for_url(stranger.url + "/")
    await stranger.is_live()
    await expect(stranger.page.locator("header").get_by_label("Account")).to_be_visible()
    await stranger.open("/settings")
    await expect(stranger.page.locator("[name=name]")).to_have_value("Dora")
    row = stranger.page.locator("[data-testid^=identity-]")
    await expect(row).to_contain_text("dora@corp.example")
    await row.get_by_role("button", name="Unlink Corp").click()
    await expect(stranger.alert).to_have_text("This is your only way in. Choose a password first, then unlink it.")
    await expect(stranger.named("set-up-second-factor")).to_have_count(0)


async def test_the_page_that_was_asked_for_is_the_one_that_comes(stranger: Tab, provider: Provider):
    provider.knows |= {"sub": "emil", "email": "emil@corp.example", "name": "Emil"}
    await stranger.page.goto(stranger.url + "/settings")
    await stranger.role("link", "Continue with Corp").click()
    await stranger.page.get_by_role("button").click()
    await stranger.page.wait_for_url(stranger.url + "/settings")


async def test_ben_links_his_account_and_unlinks_it(stranger: Tab, provider: Provider):
    provider.knows |= {"sub": "ben-at-work", "email": "ben@corp.example"}
    await sign_in(stranger, *BEN)
    await stranger.open("/settings")
    await stranger.named("link-1").click()
    await expect(stranger.page.get_by_role("button")).to_have_text("Sign in as ben-at-work")
    await stranger.page.get_by_role("button").click()
    await stranger.page.wait_for_url(stranger.url + "/settings")
    await expect(stranger.page.locator("#content").get_by_role("status")).to_contain_text("Corp is linked.")
    await stranger.page.get_by_role("button", name="Unlink Corp").click()
    await expect(stranger.page.locator("#content").get_by_role("status")).to_have_text("Unlinked.")
    await expect(stranger.named("link-1")).to_be_visible()


async def test_who_has_an_account_already_is_asked_for_its_password(stranger: Tab, provider: Provider):
    provider.knows |= {"sub": "cleo-at-work", "email": "cleo@tandem.example"}
    await stranger.role("link", "Continue with Corp").click()
    await stranger.page.get_by_role("button").click()
    await expect(stranger.alert).to_contain_text("it will be linked with Corp")
    await expect(stranger.page.locator("[name=email]")).to_have_value("cleo@tandem.example")
    await stranger.page.fill("[name=password]", "cleo watches tandem")
    await stranger.page.click("button[type=submit]")
    await stranger.page.wait_for_url(stranger.url + "/")
    await stranger.open("/settings")
    await expect(stranger.page.locator("[data-testid^=identity-]")).to_have_count(1)


async def test_a_sign_in_that_fails_comes_back_with_a_sentence(stranger: Tab, provider: Provider):
    provider.ways.error = "access_denied"
    await stranger.role("link", "Continue with Corp").click()
    await expect(stranger.alert).to_have_text("Corp did not let you in, or you stopped there.")


async def test_the_second_factor_from_setting_it_up_to_turning_it_off(browser: Browser, door: Server):
    async with at(browser, door, "/sign-in", viewport=PHONE) as ben:
        await sign_in(ben, *BEN)
        await ben.page.wait_for_url(ben.url + "/")
        await ben.open("/settings")
        await ben.named("set-up-second-factor").click()
        await ben.page.wait_for_url(ben.url + "/settings/second-factor")
        picture = ben.named("second-factor-picture")
        await expect(picture).to_be_visible()
        assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
        await expect(ben.named("second-factor-secret")).to_have_text(SECRET)
        secret = (await ben.named("second-factor-secret").inner_text()).replace(" ", "")
        await ben.page.fill("[name=code]", "000000")
        await ben.page.fill("[name=password]", BEN[1])
        await ben.named("turn-on-second-factor").click()
        await expect(ben.alert).to_contain_text("This code is not right.")
        await expect(ben.named("second-factor-secret")).to_have_text(SECRET)
        await ben.page.fill("[name=code]", code(secret, -1))
        await ben.page.fill("[name=password]", BEN[1])
        await ben.named("turn-on-second-factor").click()
        await expect(ben.named("recovery-codes")).to_have_text(CODES)
        codes = (await ben.named("recovery-codes").inner_text()).split()
        assert len(codes) == 10
        await ben.page.reload()
        await expect(ben.named("recovery-codes")).to_contain_text("They were shown already")
        ben.forgive("410")
        await ben.named("recovery-codes-kept").click()
        await expect(ben.named("codes-left")).to_have_text("10 of 10 recovery codes are left.")

        await ben.open("/")  # In the settings, devices have such a button, too.
        await ben.role("button", "Account").click()
        await ben.role("button", "Sign out").click()
        await sign_in(ben, *BEN)
        await ben.page.wait_for_url(ben.url + "/sign-in/code")
        await expect(ben.page.locator("[name=code]")).to_be_focused()
        await ben.page.keyboard.type("000000")
        await ben.page.keyboard.press("Enter")
        await expect(ben.alert).to_contain_text("This code is not right.")
        await ben.page.fill("[name=code]", codes[0])
        await ben.page.keyboard.press("Enter")
        await ben.page.wait_for_url(ben.url + "/")

        await ben.open("/settings")
        await expect(ben.named("codes-left")).to_have_text("9 of 10 recovery codes are left.")
        await ben.named("turn-off-second-factor").click()
        form = ben.page.locator("form[action='/auth/second-factor/turn-off']")
        await form.locator("[name=password]").fill(BEN[1])
        await form.locator("[name=code]").fill(code(secret))
        await form.locator("button").click()
        await expect(ben.page.locator("#content").get_by_role("status")).to_contain_text("The second factor is off.")
        await expect(ben.named("set-up-second-factor")).to_be_visible()


async def test_the_admin_checks_how_people_sign_in(stranger: Tab, provider: Provider, door: Server):
    provider.redirect_uris = {f"{door.url}/auth/oidc/1/callback"}
    await sign_in(stranger, *ANA)
    await stranger.page.wait_for_url(stranger.url + "/")
    await stranger.open("/admin/sign-in-check")
    await stranger.named("check-1").click()
    found = stranger.named("found-1").locator("li")
    await expect(found).to_have_count(7)
    assert {await line.get_attribute("data-outcome") for line in await found.all()} == {"right"}
    provider.secret = "another one by now"
    await stranger.named("check-1").click()
    wrong = stranger.named("found-1").locator("[data-outcome=wrong]")
    await expect(wrong).to_contain_text("Client secret: wrong")
    await expect(wrong).to_contain_text("set OIDC_CLIENT_SECRET to it")
    provider.ways.is_asleep = "/.well-known"
    await stranger.named("check-1").click()
    await expect(stranger.named("check-1")).to_have_text("Checking …")
    await expect(stranger.named("check-1")).to_be_disabled()
    await expect(stranger.named("found-1")).to_contain_text("did not answer within 4 seconds")
    await expect(stranger.named("check-1")).to_have_text("Check")
    await expect(stranger.named("check-1")).to_be_enabled()
    provider.reset()
    await stranger.named("trial-1").click()
    await consent(stranger)
    await stranger.page.wait_for_url(stranger.url + "/admin/sign-in-check")
    await expect(stranger.named("tried-1").locator("[data-outcome=right]")).to_have_count(2)
    await expect(stranger.named("tried-1")).to_contain_text("ana@corp.example")


async def test_an_admin_turns_off_what_somebody_has_lost(stranger: Tab, browser: Browser, door: Server):
    async with at(browser, door, "/sign-in", viewport=PHONE) as ben:
        await sign_in(ben, *BEN)
        await ben.page.wait_for_url(ben.url + "/")
        await ben.open("/settings")
        await sign_in(stranger, *ANA)
        await stranger.page.wait_for_url(stranger.url + "/")
        await stranger.open("/admin")
        row = stranger.page.locator('[data-name="Ben"]')
        await expect(row).not_to_contain_text("Second factor")

        await ben.named("set-up-second-factor").click()
        await expect(ben.named("second-factor-secret")).to_have_text(SECRET)
        secret = (await ben.named("second-factor-secret").inner_text()).replace(" ", "")
        await ben.page.fill("[name=code]", code(secret))
        await ben.page.fill("[name=password]", BEN[1])
        await ben.named("turn-on-second-factor").click()
        await expect(ben.named("recovery-codes")).to_have_text(CODES)
        await expect(row).to_contain_text("Second factor")

        await stranger.choose("What to do for Ben", "Turn off the second factor")
        await expect(stranger.page.get_by_role("dialog")).to_contain_text("make sure that it is they who ask")
        await stranger.named("confirm-turn-off-second-factor").click()
        await expect(row).not_to_contain_text("Second factor")
        await expect(stranger.page.get_by_role("dialog")).to_have_count(0)
        await sign_in_anew(ben)


async def sign_in_anew(ben: Tab) -> None:
    """With the password alone."""
    await ben.page.context.clear_cookies()
    await sign_in(ben, *BEN)
    await ben.page.wait_for_url(ben.url + "/")


async def test_nobody_else_is_shown_the_check(stranger: Tab):
    await sign_in(stranger, *BEN)
    await stranger.page.wait_for_url(stranger.url + "/")
    await stranger.page.goto(stranger.url + "/admin/sign-in-check")
    await expect(stranger.named("door")).to_contain_text("Only an admin of this Tandem")
    await expect(stranger.named("check-1")).to_have_count(0)


def code(secret: str, steps: int = 0) -> str:
    return HOTP(secret).at(int(time.time() // 30) + steps)
