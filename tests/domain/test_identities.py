"""Identities elsewhere: each is one person's, and nobody is left without a way in."""

import asyncio

import pytest
from sqlalchemy import select

from app.domain import identities, people
from app.domain.access import Actor
from app.domain.errors import Busy, Invalid, NotAllowed, NotFound
from app.domain.models import Identity, Person
from tests.support.world import World

CORP = "https://corp.example"


async def owner(world: World, subject: str, issuer: str = CORP) -> str | None:
    async with world.db.reading() as tx:
        person = await identities.person_of(tx, issuer, subject)
        return person and person.name


async def linked(world: World, person: Actor) -> list[int]:
    async with world.db.reading() as tx:
        return [identity.id for identity in await identities.of(tx, person.id)]


async def test_an_identity_is_issuer_and_subject_to_the_letter(world: World):
    await world.do(identities.link, world.ana, CORP, "ana", "ana@corp.example")
    assert await owner(world, "ana") == "Ana"
    for subject, issuer in (("Ana", CORP), ("ana ", CORP), ("ana", CORP + "/"), ("ana", "https://other.example")):
        assert await owner(world, subject, issuer) is None


async def test_linking_again_is_nothing_and_another_persons_is_refused(world: World):
    await world.do(identities.link, world.ana, CORP, "ana", "")
    before = await world.revisions()
    await world.do(identities.link, world.ana, CORP, "ana", "new@corp.example")
    assert await world.revisions() == before
    with pytest.raises(Invalid, match="linked with another account"):
        await world.do(identities.link, world.ben, CORP, "ana", "")
    assert await owner(world, "ana") == "Ana"


async def test_of_two_who_link_the_same_at_once_one_has_it(world: World):
    results = await asyncio.gather(
        *(world.do(identities.link, person, CORP, "shared", "") for person in (world.ana, world.ben)),
        return_exceptions=True,
    )
    assert sum(result is None for result in results) == 1
    assert all(result is None or isinstance(result, (Invalid, Busy)) for result in results), results
    assert len(await world.rows(select(Identity))) == 1


async def test_who_signs_up_elsewhere_has_no_password_and_cannot_unlink_the_only_way_in(world: World):
    dora = await world.do(identities.sign_up, "Dora", "Dora@Corp.Example", CORP, "dora")
    assert (dora.email, dora.password_hash, dora.is_admin) == ("dora@corp.example", "", False)
    actor = Actor(dora.id, dora.name)
    [only] = await linked(world, actor)
    with pytest.raises(NotAllowed, match="your only way in"):
        await world.do(identities.unlink, actor, only)
    await world.do(identities.link, actor, "https://other.example", "dora", "")
    await world.do(identities.unlink, actor, only)
    assert await owner(world, "dora") is None
    assert await owner(world, "dora", "https://other.example") == "Dora"


async def test_an_address_that_has_an_account_signs_nobody_up(world: World):
    with pytest.raises(Invalid, match="There is an account with this e-mail address already"):
        await world.do(identities.sign_up, "Another", "ANA@tandem.example", CORP, "another")
    assert await owner(world, "another") is None
    async with world.db.reading() as tx:
        ana = await people.with_email(tx, "ana@tandem.example")
    assert ana is not None and ana.id == world.ana.id


async def test_with_a_password_the_last_identity_can_go_and_nobody_elses_can(world: World):
    await world.do(identities.link, world.ana, CORP, "ana", "")
    [hers] = await linked(world, world.ana)
    for stranger, id in ((world.ben, hers), (world.ben, 99_999)):
        with pytest.raises(NotFound, match="not linked with your account"):
            await world.do(identities.unlink, stranger, id)
    await world.do(identities.unlink, world.ana, hers)
    assert await linked(world, world.ana) == []
    assert (await world.row(Person, world.ana.id)).password_hash


async def test_of_two_ways_in_that_are_unlinked_at_once_one_stays(world: World):
    dora = await world.do(identities.sign_up, "Dora", "dora@corp.example", CORP, "dora")
    actor = Actor(dora.id, dora.name)
    await world.do(identities.link, actor, "https://other.example", "dora", "")
    results = await asyncio.gather(
        *(world.do(identities.unlink, actor, id) for id in await linked(world, actor)), return_exceptions=True
    )
    assert sum(result is None for result in results) == 1
    assert len(await linked(world, actor)) == 1
