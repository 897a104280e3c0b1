"""Signing in elsewhere, as one sees it."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from app.domain import instance, invites
from tests.browser.door import at, sign_in
from tests.browser.tab import Tab
from tests.live import story as stories
from tests.live.story import PASSWORDS
from tests.support.provider import Provider, providing
from tests.support.server import UNHURRIED, Server, at_its_address, serving


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


@pytest_asyncio.fixture(loop_scope="session")
async def stranger(browser: Browser, door: Server) -> AsyncIterator[Tab]:
    async with at(browser, door, "/sign-in") as tab:
        yield tab


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
    await sign_in(stranger, *PASSWORDS["Ben"])
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


async def test_who_comes_with_an_address_of_a_wrong_domain_is_told_on_the_page(
    stranger: Tab, provider: Provider, door: Server
):
    story = await stories.begin(door, first=1)
    ana = story.people["Ana"]
    async with story.db.transaction() as tx:
        token = await invites.create(tx, ana, story.workspace_id, "member", timedelta(days=1), 1, "other.example")
        await instance.set_sign_up(tx, ana, "other.example")
    provider.knows |= {"sub": "finn", "email": "finn@corp.example", "name": "Finn"}
    await stranger.role("link", "Continue with Corp").click()
    await stranger.page.get_by_role("button").click()
    await expect(stranger.alert).to_have_text("Signing up here takes an e-mail address at other.example.")
    async with story.db.transaction() as tx:
        await instance.set_sign_up(tx, ana, "open")
    await stranger.page.goto(f"{stranger.url}/join/{token}")
    await stranger.role("link", "I have an account").click()
    await stranger.role("link", "Continue with Corp").click()
    await stranger.page.get_by_role("button").click()
    await stranger.page.wait_for_url(f"{stranger.url}/join/{token}")
    await expect(stranger.page.get_by_role("main").get_by_role("alert")).to_have_text(invites.REFUSED)
    await expect(stranger.named("join-workspace")).to_have_count(0)
    await story.end()


async def test_the_admin_checks_how_people_sign_in(stranger: Tab, provider: Provider, door: Server):
    provider.redirect_uris = {f"{door.url}/auth/oidc/1/callback"}
    await sign_in(stranger, *PASSWORDS["Ana"])
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


async def test_nobody_else_is_shown_the_check(stranger: Tab):
    await sign_in(stranger, *PASSWORDS["Ben"])
    await stranger.page.wait_for_url(stranger.url + "/")
    await stranger.page.goto(stranger.url + "/admin/sign-in-check")
    await expect(stranger.named("door")).to_contain_text("Only an admin of this Tandem")
    await expect(stranger.named("check-1")).to_have_count(0)
