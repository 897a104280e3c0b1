"""Invitations: a link that lets so many people in, for so long, until it is revoked."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app.domain import invites, members, people, workspaces
from app.domain.access import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.invites import REFUSED
from app.domain.models import Invite, now
from tests.support.world import World

DAY = timedelta(days=1)


async def invite(world: World, role: str = "member", uses: int = 1) -> tuple[str, Invite]:
    """The token, and the row."""
    token = await world.do(invites.create, world.ana, world.workspace_id, role, DAY, uses)
    return token, (await world.rows(select(Invite).order_by(col(Invite.id).desc())))[0]


async def expire(world: World, invite_id: Any) -> None:
    async with world.db.unrecorded() as session:
        past = now() - timedelta(seconds=1)
        await session.execute(update(Invite).where(col(Invite.id) == invite_id).values(expires_at=past))


@pytest.mark.parametrize("role", ["admin", "member", "commenter", "viewer"])
async def test_a_link_shows_what_it_is_for_and_gives_its_role(world: World, role: str):
    dora = await world.newcomer("Dora")
    token, _ = await invite(world, role)
    async with world.db.reading() as tx:
        assert await invites.look(tx, token) == ("Tandem team", "Ana", role)
    assert await world.do(invites.accept, dora, token) == world.workspace_id
    assert await world.role(dora) == role


async def test_every_invitation_that_does_not_work_gets_the_same_answer(world: World):
    dora, eve = await world.newcomer("Dora"), await world.newcomer("Eve")
    expired, row = await invite(world)
    await expire(world, row.id)
    used_up, _ = await invite(world)
    await world.do(invites.accept, eve, used_up)
    revoked, row = await invite(world)
    await world.do(invites.revoke, world.ana, world.workspace_id, row.id)
    deleted = await _of_deleted_workspace(world)
    for token in (expired, used_up, revoked, deleted, "unknown", "", "\x00", "\ud800", "x" * 10_000):
        with pytest.raises(NotFound) as refusal:
            await world.do(invites.accept, dora, token)
        assert refusal.value.sentence == REFUSED
        with pytest.raises(NotFound) as refusal:
            await world.do(invites.look, token)
        assert refusal.value.sentence == REFUSED
    assert await world.role(dora) is None


async def _of_deleted_workspace(world: World) -> str:
    workspace_id, _ = await world.do(workspaces.create, world.cleo, "Choir")
    token = await world.do(invites.create, world.cleo, workspace_id, "member", DAY, 1)
    await world.do(workspaces.delete, world.cleo, workspace_id, "Choir")
    return token


async def test_a_member_who_follows_a_link_keeps_the_role_and_uses_nothing_up(world: World):
    token, row = await invite(world, "viewer")
    assert await world.do(invites.accept, world.ben, token) == world.workspace_id
    assert await world.role(world.ben) == "member"
    assert (await world.row(Invite, row.id)).uses == 0


async def test_who_was_removed_can_be_invited_again(world: World):
    await world.do(members.remove, world.ana, world.workspace_id, world.ben.id)
    token, _ = await invite(world, "viewer")
    await world.do(invites.accept, world.ben, token)
    assert await world.role(world.ben) == "viewer"


async def test_an_invitation_that_makes_no_sense_gets_a_sentence(world: World):
    for role, lasts, uses in (
        ("owner", DAY, 1),
        ("king", DAY, 1),
        ("member", timedelta(seconds=59), 1),
        ("member", timedelta(days=366), 1),
        ("member", DAY, 0),
        ("member", DAY, 1_001),
    ):
        with pytest.raises(Invalid, match=r"^An invitation "):
            await world.do(invites.create, world.ana, world.workspace_id, role, lasts, uses)


async def test_the_token_is_long_and_kept_nowhere(world: World):
    token, row = await invite(world)
    assert len(token) >= 22
    assert token not in str(row.model_dump())
    assert not any(token in str(change.model_dump()) for change in await world.changes("workspace:1"))


async def test_an_invitation_of_another_workspace_cannot_be_revoked(world: World):
    garden = await world.elsewhere()
    _, row = await invite(world)
    for invite_id in (row.id, 99_999):
        with pytest.raises(NotFound, match="There is no such invitation"):
            await world.do(invites.revoke, world.ben, garden.workspace_id, invite_id)


async def test_an_invitation_for_one_domain_lets_nobody_else_in_and_does_not_say_why(world: World):
    token = await world.do(invites.create, world.ana, world.workspace_id, "member", DAY, 5, " @Tandem.Example ")
    assert (await world.rows(select(Invite.email_domain).order_by(col(Invite.id).desc())))[0] == "tandem.example"
    dora = await world.newcomer("Dora")
    for address in ("eve@example.com", "eve@sub.tandem.example", "eve@nottandem.example", "tandem.example@x.example"):
        person = await world.do(people.sign_up, "Eve", address, "no password")
        eve = Actor(person.id, person.name)
        for verb, *arguments in ((invites.accept, eve, token), (invites.look, token, eve.id)):
            with pytest.raises(NotFound) as refusal:
                await world.do(verb, *arguments)
            assert refusal.value.sentence == REFUSED
        assert await world.role(eve) is None
    assert await world.do(invites.look, token, dora.id) == ("Tandem team", "Ana", "member")
    await world.do(invites.accept, dora, token)
    assert await world.rows(select(Invite.uses).where(Invite.max_uses == 5)) == [1]


async def test_a_domain_that_is_none_gets_a_sentence(world: World):
    for typed in (
        "@",
        "example",
        "a@b.example",
        "two words.example",
        "http://mail.example",
        ".example",
        "x" * 200 + ".example",
        "\ud800.example",
    ):
        with pytest.raises(Invalid, match="An e-mail domain is what stands behind the @"):
            await world.do(invites.create, world.ana, world.workspace_id, "member", DAY, 1, typed)
