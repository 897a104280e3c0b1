"""People: signing up, and what others see of them."""

import pytest

from app.db import Database
from app.domain import people
from app.domain.access import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.models import Person
from tests.support.world import World

TAKEN = "There is an account with this e-mail address already. Sign in instead."


async def name_of(world: World, email: str) -> str | None:
    async with world.db.reading() as tx:
        person = await people.with_email(tx, email)
        return person and person.name


async def test_the_first_to_sign_up_is_the_admin_and_the_others_are_not(database: Database):
    is_admin = []
    for name in ("Ana", "Ben", "Cleo"):
        async with database.transaction() as tx:
            is_admin.append((await people.sign_up(tx, name, f"{name}@tandem.example", "a hash")).is_admin)
    assert is_admin == [True, False, False]


async def test_an_address_has_one_account_however_it_is_written(world: World):
    for email in ("ana@tandem.example", " ANA@Tandem.Example "):
        with pytest.raises(Invalid, match=TAKEN):
            await world.do(people.sign_up, "Another Ana", email, "a hash")
        assert await name_of(world, email) == "Ana"


async def test_what_is_no_address_gets_a_sentence_and_finds_nobody(world: World):
    for email in (
        *("", "ana", "ana@", "@tandem.example", "ana@tandem", "a b@tandem.example", "ana@tandem.example, ben@x.de"),
        *("ana\x00@tandem.example", "ana@tandem.ex\ud800mple", "x" * 65 + "@y.de"),
        "a" * 64 + "@" + "b" * 180 + "." + "c" * 20,
    ):
        with pytest.raises(Invalid, match="This does not look like an e-mail address"):
            await world.do(people.sign_up, "Dora", email, "a hash")
        assert await name_of(world, email) is None


async def test_the_longest_address_is_kept(world: World):
    email = "a" * 64 + "@" + "b" * 180 + "." + "c" * 8
    assert len(email) == 254
    await world.do(people.sign_up, "Dora", email, "a hash")
    assert await name_of(world, email) == "Dora"


async def test_a_profile_changes_for_everyone(world: World):
    await world.do(people.change_profile, world.ana, " Ana  Maria ", "rose")
    ana = await world.row(Person, world.ana.id)
    assert (ana.name, ana.color) == ("Ana Maria", "rose")


async def test_a_profile_that_cannot_be_kept_gets_a_sentence(world: World):
    for name, color in (("", "rose"), ("x" * 101, "rose"), ("\x00", "rose"), ("Ana", "url(//x)"), ("Ana", "")):
        with pytest.raises(Invalid):
            await world.do(people.change_profile, world.ana, name, color)
    with pytest.raises(NotFound, match="This account is gone"):
        await world.do(people.change_profile, Actor(99_999, "Nobody"), "Nobody", "rose")
