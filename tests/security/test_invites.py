"""Invitation links over the real socket: used all at once, guessed, expired, revoked, for other people's addresses."""

import asyncio
import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import col

from app.domain import invites
from app.domain.invites import REFUSED
from app.domain.models import Change, Invite, Member, now
from app.troubles import TRY_AGAIN
from tests.live.client import ROOT, Client, sign_up
from tests.live.faults import in_batches, sized
from tests.live.story import Story

JOIN = f"{ROOT}.app___web___join____join"
UNHURRIED = {"MESSAGE_RATE_LIMIT": "1000000", "MAX_CONNECTIONS_PER_USER": "1000", "DOOR_RATE_LIMIT": "1000000"}
"""Limits that are not what these tests are about."""
PASSWORD = "a door with a lock"
CROWD, USES = 100, 7
GUESSES = sized(400, 10_000)


async def invitation(story: Story, uses: int, email_domain: str = "") -> str:
    async with story.db.transaction() as tx:
        ana, workspace_id = story.people["Ana"], story.workspace_id
        return await invites.create(tx, ana, workspace_id, "viewer", timedelta(days=1), uses, email_domain)


async def newcomers(story: Story, count: int, domain: str = "example.com") -> list[Client]:
    """So many people with an account and a tab each, on no page of ours yet."""

    async def one() -> Client:
        address = f"{secrets.token_hex(8)}@{domain}"
        return Client(story.server.url, await sign_up(story.server.url, "Dora", address, PASSWORD))

    tabs = await in_batches([one] * count)
    story.tabs += tabs
    return tabs


async def answer(tab: Client, token: str) -> str:
    """Join by a link, and again when told to try again: the sentence of the refusal, or where the way leads."""
    while True:
        before, number = len(tab.events), refused(tab)
        await tab.send(f"{JOIN}.join", token=token)
        await tab.until(
            lambda _, b=before, n=number: len(tab.events) > b or refused(tab) != n, "there is an answer", 60
        )
        if refused(tab) == number:
            return tab.events[-1]["payload"]["path"]
        if tab.toasts[-1] != TRY_AGAIN:
            return tab.toasts[-1]


def refused(tab: Client) -> int:
    return tab.store.get("feedback", {}).get("refused", {}).get("number", 0)


async def rows(story: Story, query: Any) -> list[Any]:
    async with story.db.reading() as tx:
        return list((await tx.session.execute(query)).scalars())


async def members(story: Story) -> int:
    query = select(func.count()).select_from(Member).where(col(Member.workspace_id) == story.workspace_id)
    return (await rows(story, query))[0]


async def test_a_hundred_people_at_once_use_a_link_exactly_as_often_as_it_may_be_used(story: Story):
    token, tabs, before = await invitation(story, USES), await newcomers(story, CROWD), await members(story)
    await in_batches([lambda tab=tab: tab.open(f"/join/{token}") for tab in tabs])
    assert {tab.store["join"]["workspace_name"] for tab in tabs} == {"Tandem team"}, "The link is good for all of them."

    answers = await asyncio.gather(*(answer(tab, token) for tab in tabs))

    assert answers.count(story.path) == USES
    assert answers.count(REFUSED) == CROWD - USES
    assert await members(story) == before + USES
    assert await rows(story, select(Invite.uses).where(col(Invite.max_uses) == USES)) == [USES]


async def test_one_person_in_many_tabs_uses_it_once(story: Story):
    token, [first] = await invitation(story, 3), await newcomers(story, 1)
    tabs = [first, *[Client(story.server.url, first.cookie) for _ in range(9)]]
    story.tabs += tabs[1:]
    await in_batches([lambda tab=tab: tab.open(f"/join/{token}") for tab in tabs])
    answers = await asyncio.gather(*(answer(tab, token) for tab in tabs))
    assert answers == [story.path] * 10
    assert await rows(story, select(Invite.uses).where(col(Invite.max_uses) == 3)) == [1]


async def test_what_does_not_work_gets_one_and_the_same_answer(story: Story):
    expired, revoked, used_up, foreign = [await invitation(story, 1) for _ in range(3)] + [
        await invitation(story, 1, "elsewhere.example")
    ]
    ids = await rows(story, select(Invite.id).order_by(col(Invite.id).desc()).limit(4))
    past = now() - timedelta(seconds=1)
    async with story.db.unrecorded() as session:
        await session.execute(update(Invite).where(col(Invite.id) == ids[3]).values(expires_at=past))
        await session.execute(update(Invite).where(col(Invite.id) == ids[2]).values(revoked_at=past))
    luckier, dora = await newcomers(story, 2)
    await luckier.open("/")
    assert await answer(luckier, used_up) == story.path
    await dora.open("/")
    before = await members(story)
    for token in (expired, revoked, used_up, foreign, "unknown", "", "'; DROP TABLE invite; --", "\x00", "ü" * 60):
        assert await answer(dora, token) == REFUSED, token
    for token in (expired, revoked, used_up, foreign, "unknown", "%00"):
        tab = Client(story.server.url, dora.cookie)
        story.tabs.append(await tab.open(f"/join/{token}"))
        assert (tab.store["join"]["sentence"], tab.store["join"]["workspace_name"]) == (REFUSED, "")
    assert await members(story) == before


async def test_a_link_for_one_domain_lets_its_people_in(story: Story):
    token = await invitation(story, 5, "tandem-team.example")
    [inside], [outside] = await newcomers(story, 1, "tandem-team.example"), await newcomers(story, 1)
    for tab in (inside, outside):
        await tab.open("/")
    assert await answer(outside, token) == REFUSED
    assert await answer(inside, token) == story.path


async def test_nobody_gets_in_by_guessing(story: Story):
    await invitation(story, 1_000)
    tabs, before = await newcomers(story, 10), await members(story)
    for tab in tabs:
        await tab.open("/")

    async def guess(tab: Client) -> set[str]:
        return {await answer(tab, secrets.token_urlsafe(16)) for _ in range(GUESSES // len(tabs))}

    assert set().union(*await asyncio.gather(*map(guess, tabs))) == {REFUSED}
    assert await members(story) == before


async def test_the_token_is_in_no_row_no_log_and_no_other_tab(story: Story):
    page = await story.tab("Ana", f"/w/{story.workspace_id}/members")
    create = f"{ROOT}.app___web___invite____invite"
    await page.send(
        f"{create}.create",
        workspace_id=story.workspace_id,
        role="viewer",
        days="7",
        uses="1000",
        email_domain="@Example.com",
    )
    await page.until(lambda store: store.get("invite", {}).get("link"), "the link is there")
    token = page.store["invite"]["link"].rpartition("/")[2]
    assert len(token) == 22, "128 random bits."
    assert page.store["invite"]["code"]["size"] > 20
    other = await story.tab("Ana", f"/w/{story.workspace_id}/members")
    newest = other.store["invites"][f"i{other.store['invites']['invites']['invites'][0]}"]
    assert (newest["max_uses"], newest["uses"], newest["created_by"]) == (1_000, 0, "Ana")
    assert newest["email_domain"] == "example.com"
    kept = [str(row.model_dump()) for table in (Invite, Change) for row in await rows(story, select(table))]
    assert kept and not any(token in row for row in kept)
    assert token not in story.server.log
    assert token not in str(other.store)
