"""One's own account: links that work once, and what a new password or address does to everything before it."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app.domain import accounts, proofs
from app.domain.access import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.models import Person, Proof, now
from tests.domain.test_sessions import start, whose
from tests.support.world import World

ANA = "ana@tandem.example"


async def asked(world: World) -> str:
    found = await world.do(accounts.ask_for_reset, f" {ANA.upper()} ")
    assert found is not None and found[0].id == world.ana.id
    return found[1]


async def hash_of(world: World, person: Actor) -> str:
    return (await world.row(Person, person.id)).password_hash


async def email_of(world: World, person: Actor) -> str:
    return (await world.row(Person, person.id)).email


async def test_a_link_sets_a_password_once_and_ends_every_sign_in(world: World):
    signed_in, bens = await start(world, world.ana.id), await start(world, world.ben.id)
    token, other = await asked(world), await asked(world)
    assert (await world.do(accounts.reset_password, token, "a new hash")).id == world.ana.id
    assert await hash_of(world, world.ana) == "a new hash"
    assert [await whose(world, id) for id in (signed_in, bens)] == [None, "Ben"]
    for used in (token, other):
        with pytest.raises(NotFound, match="This link is not valid any more"):
            await world.do(accounts.reset_password, used, "another hash")
    assert await hash_of(world, world.ana) == "a new hash"


async def test_a_link_that_twenty_open_at_once_works_for_one(world: World):
    token = await asked(world)
    answers = await asyncio.gather(
        *(world.do(accounts.reset_password, token, f"hash {number}") for number in range(20)), return_exceptions=True
    )
    winners = [number for number, answer in enumerate(answers) if isinstance(answer, Person)]
    assert len(winners) == 1
    assert await hash_of(world, world.ana) == f"hash {winners[0]}"


async def test_a_link_that_is_unknown_too_old_or_for_something_else_is_refused_with_one_sentence(world: World):
    old, proposal = await asked(world), await world.do(accounts.propose_email, world.ana, "ana@example.com")
    async with world.db.unrecorded() as session:
        await session.execute(
            update(Proof).where(col(Proof.purpose) == "password").values(expires_at=now() - timedelta(seconds=1))
        )
    for token in (old, proposal, "", "x" * 10_000, "\ud800"):
        with pytest.raises(NotFound) as refusal:
            await world.do(accounts.reset_password, token, "a new hash")
        assert refusal.value.sentence == proofs.REFUSED


async def test_only_the_hash_of_a_token_is_kept(world: World):
    token = await asked(world)
    kept = await world.rows(select(Proof))
    assert len(kept) == 1
    assert token not in str(kept[0].model_dump())
    assert kept[0].expires_at - kept[0].created_at <= timedelta(hours=1, seconds=5)


async def test_for_an_address_that_nobody_has_there_is_no_link(world: World):
    before = await world.revisions()
    for email in ("nobody@tandem.example", "no address", ""):
        assert await world.do(accounts.ask_for_reset, email) is None
    assert await world.rows(select(Proof)) == []
    assert await world.revisions() == before


async def test_only_an_admin_makes_a_link_for_somebody_else(world: World):
    token = await world.do(accounts.make_reset, world.ana, world.ben.id)
    assert (await world.do(accounts.reset_password, token, "a new hash")).id == world.ben.id
    answers = set()
    for person_id in (world.ana.id, 99_999):
        with pytest.raises(NotFound) as refusal:
            await world.do(accounts.make_reset, world.ben, person_id)
        answers.add(refusal.value.sentence)
    assert answers == {"This is gone, or it is not shared with you."}
    with pytest.raises(NotFound, match="There is no such person"):
        await world.do(accounts.make_reset, world.ana, 99_999)


async def test_a_changed_password_keeps_this_sign_in_and_ends_the_others_and_every_link(world: World):
    here, there = await start(world, world.ana.id), await start(world, world.ana.id)
    token, was = await asked(world), await hash_of(world, world.ana)
    await world.do(accounts.change_password, world.ana, was, "a new hash", here)
    assert [await whose(world, id) for id in (here, there)] == ["Ana", None]
    with pytest.raises(NotFound):
        await world.do(accounts.reset_password, token, "another hash")
    with pytest.raises(Invalid, match="just changed elsewhere"):
        await world.do(accounts.change_password, world.ana, was, "another hash", here)
    assert await hash_of(world, world.ana) == "a new hash"


async def test_an_address_changes_when_its_link_is_opened_and_not_before(world: World):
    reset = await asked(world)
    first = await world.do(accounts.propose_email, world.ana, "ana@example.com")
    token = await world.do(accounts.propose_email, world.ana, " Ana.New@Example.com ")
    assert await email_of(world, world.ana) == ANA
    person, was = await world.do(accounts.confirm_email, token)
    assert (person.email, was) == ("ana.new@example.com", ANA)
    assert await email_of(world, world.ana) == "ana.new@example.com"
    for stale in (first, token):
        with pytest.raises(NotFound):
            await world.do(accounts.confirm_email, stale)
    with pytest.raises(NotFound):
        await world.do(accounts.reset_password, reset, "sent to the old address")


async def test_an_address_that_somebody_has_is_refused_only_to_who_reads_its_mail(world: World):
    token = await world.do(accounts.propose_email, world.ana, "ben@tandem.example")
    with pytest.raises(Invalid, match="There is an account with this e-mail address already"):
        await world.do(accounts.confirm_email, token)
    with pytest.raises(Invalid, match="There is an account with this e-mail address already"):
        await world.do(accounts.change_email, world.ana, "BEN@tandem.example")
    for verb in (accounts.propose_email, accounts.change_email):
        with pytest.raises(Invalid, match="This is your e-mail address already"):
            await world.do(verb, world.ana, ANA.upper())
        with pytest.raises(Invalid, match="This does not look like an e-mail address"):
            await world.do(verb, world.ana, "no address")
    assert await email_of(world, world.ana) == ANA
