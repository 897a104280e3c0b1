"""The forms in front of the door, and invitations that do not open it: a sentence each, and nothing typed is lost."""

import asyncio
import re
from datetime import timedelta

from playwright.async_api import WebSocketRoute, expect
from sqlalchemy import update
from sqlmodel import col

from app.domain import invites, members
from app.domain.models import Invite, now
from tests.browser.conftest import Visit
from tests.browser.tab import Tab
from tests.live.story import Story


async def test_a_wrong_password_keeps_the_address(visit: Visit):
    stranger = await visit()
    await stranger.page.goto(stranger.url + "/sign-in")
    await stranger.page.fill("[name=email]", "ana@tandem.example")
    await stranger.page.fill("[name=password]", "not her password")
    await stranger.page.click("button[type=submit]")
    await expect(stranger.alert).to_have_text("The e-mail address or the password is wrong.")
    await expect(stranger.page.locator("[name=email]")).to_have_value("ana@tandem.example")
    await expect(stranger.page.locator("[name=password]")).to_have_value("")
    await stranger.page.fill("[name=password]", "ana launches tandem")
    await stranger.page.click("button[type=submit]")
    await expect(stranger.named("new-workspace")).to_be_visible()


async def test_an_address_that_is_taken_keeps_name_and_address(visit: Visit):
    stranger = await visit()
    await stranger.page.goto(stranger.url + "/sign-up")
    await stranger.page.fill("[name=name]", "Another Ana")
    await stranger.page.fill("[name=email]", "Ana@Tandem.example")
    await stranger.page.fill("[name=password]", "ana launches tandem")
    await stranger.page.click("button[type=submit]")
    await expect(stranger.alert).to_contain_text("There is an account with this e-mail address already.")
    await expect(stranger.page.locator("[name=name]")).to_have_value("Another Ana")
    await expect(stranger.page.locator("[name=email]")).to_have_value("Ana@Tandem.example")


async def test_what_is_typed_before_the_answer_comes_stays(visit: Visit):
    """A form that came back is given its old values over the socket, which a slow line opens late."""
    stranger = await visit()
    await stranger.page.goto(stranger.url + "/sign-in")
    await stranger.page.fill("[name=email]", "dora@tandem.example")
    await stranger.page.fill("[name=password]", "not her password")

    may_connect = await with_a_late_socket(stranger)
    await stranger.page.click("button[type=submit]")
    await stranger.page.wait_for_url("**/sign-in")
    await stranger.page.fill("[name=email]", "ana@tandem.example")
    await expect(stranger.alert).to_have_count(0)
    may_connect.set()
    await expect(stranger.alert).to_have_text("The e-mail address or the password is wrong.")
    await expect(stranger.page.locator("[name=email]")).to_have_value("ana@tandem.example")


async def test_the_account_picture_stands_still_while_a_page_comes_alive(visit: Visit):
    ana = await visit("Ana")
    may_connect = await with_a_late_socket(ana)
    await ana.page.goto(ana.url + "/")
    picture = ana.page.locator("header").get_by_label("Account")
    before = await picture.bounding_box()
    await expect(picture).to_have_text("")
    may_connect.set()
    await expect(picture).to_have_text("A")
    assert await picture.bounding_box() == before


async def with_a_late_socket(tab: Tab) -> asyncio.Event:
    """The tab's socket opens once this is set."""
    may_connect = asyncio.Event()

    async def late(socket: WebSocketRoute) -> None:
        await may_connect.wait()
        socket.connect_to_server()

    await tab.page.route_web_socket(re.compile("_event"), late)
    return may_connect


async def test_somebody_who_must_sign_in_first_is_brought_back_to_the_page_they_asked_for(visit: Visit, team: Story):
    ana = await visit()
    await ana.page.goto(ana.url + team.path)
    await ana.page.fill("[name=email]", "ana@tandem.example")
    await ana.page.fill("[name=password]", "ana launches tandem")
    await ana.page.click("button[type=submit]")
    await ana.page.wait_for_url(ana.url + team.path)
    await expect(ana.lanes()).to_have_count(3)


async def test_whoever_signs_out_must_sign_in_again(visit: Visit):
    cleo = await visit()
    await cleo.page.goto(cleo.url + "/sign-in")
    await cleo.page.fill("[name=email]", "cleo@tandem.example")
    await cleo.page.fill("[name=password]", "cleo watches tandem")
    await cleo.page.click("button[type=submit]")
    await cleo.role("button", "Account").click()
    await cleo.role("menuitem", "Sign out").press("Enter")
    await cleo.page.wait_for_url("**/sign-in")
    await cleo.page.goto(cleo.url + "/settings")
    await expect(cleo.page).to_have_url(cleo.url + "/sign-in?next=%2Fsettings")


async def test_an_invitation_that_is_unknown_used_up_expired_or_revoked_says_one_and_the_same(
    visit: Visit, team: Story
):
    tokens = {
        "unknown": "no-such-invitation",
        **{kind: await invite(team) for kind in ("used up", "expired", "revoked")},
    }
    stranger, ben = await visit(), await visit("Ben")
    for token in list(tokens.values())[1:]:
        await stranger.page.goto(f"{stranger.url}/join/{token}")
        await expect(stranger.role("heading", "Join Tandem team")).to_be_visible()
    await spoil(team, tokens)
    said = set()
    for token in tokens.values():
        for tab in (stranger, ben):
            await tab.page.goto(f"{tab.url}/join/{token}")
            said.add(await tab.alert.inner_text())
            await expect(tab.named("join-workspace")).to_have_count(0)
    assert said == {invites.REFUSED}


async def test_joining_shows_that_it_is_at_work_and_what_is_refused_stays_on_the_page(visit: Visit, team: Story):
    cleo, held, may_pass = await visit("Cleo"), asyncio.Event(), asyncio.Event()
    async with team.db.transaction() as tx:
        await members.remove(tx, team.people["Ana"], team.workspace_id, team.people["Cleo"].id)
    tokens = {kind: await invite(team) for kind in ("revoked", "good")}

    async def slow(line: WebSocketRoute) -> None:
        server = line.connect_to_server()

        async def pass_on(frame: str | bytes) -> None:
            if "join.join" in str(frame):
                held.set()
                await may_pass.wait()
            server.send(frame)

        line.on_message(pass_on)

    await cleo.page.route_web_socket(re.compile("_event"), slow)
    for kind, token in tokens.items():
        held.clear()
        may_pass.clear()
        await cleo.page.goto(f"{cleo.url}/join/{token}")
        await expect(cleo.page.get_by_text("You are signed in as Cleo (cleo@tandem.example).")).to_be_visible()
        join = cleo.named("join-workspace")
        await join.click()
        await expect(join).to_have_text("Joining …")
        await expect(join).to_have_attribute("aria-busy", "true")
        await held.wait()
        if kind == "revoked":
            await spoil(team, {kind: token})
        may_pass.set()
        if kind == "revoked":
            await expect(cleo.page.locator("main p[role=alert]")).to_have_text(invites.REFUSED)
            await expect(cleo.alert).to_have_count(1)
            await expect(join).to_have_count(0)
    await expect(cleo.lanes()).to_have_count(3)


async def invite(team: Story) -> str:
    async with team.db.transaction() as tx:
        return await invites.create(tx, team.people["Ana"], team.workspace_id, "member", timedelta(days=1), 1)


async def spoil(team: Story, tokens: dict[str, str]) -> None:
    changes = {"used up": {"uses": 1}, "expired": {"expires_at": now()}, "revoked": {"revoked_at": now()}}
    async with team.db.unrecorded() as session:
        for kind in changes.keys() & tokens.keys():
            where = col(Invite.token_hash) == invites._hash(tokens[kind])
            await session.execute(update(Invite).where(where).values(**changes[kind]))
