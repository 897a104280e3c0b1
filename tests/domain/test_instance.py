"""Who may sign up, who says so, and who is the first."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.db import Database
from app.domain import entry, instance, invites, people, second_factors
from app.domain.access import Actor
from app.domain.drawings.instance import FOUND, InstanceDrawing, search
from app.domain.entry import Entry
from app.domain.errors import Invalid, NotAllowed, NotFound
from app.domain.models import Instance, Person
from tests.support.world import World, drawn

OPEN, INVITED, DOMAINS = Entry("open"), Entry("invited"), Entry("domains", ("example.com", "example.org"))


async def admitted(world: World, email: str, invitation: str = "", default: Entry = OPEN) -> bool:
    async with world.db.transaction() as tx:
        try:
            await instance.admit(tx, email, invitation, default)
        except NotAllowed as refusal:
            assert refusal.sentence
            return False
        return True


def test_a_rule_is_read_as_it_is_written():
    assert entry.parse(" Open ") == OPEN
    assert entry.parse("invited") == INVITED
    assert entry.parse("example.com, @Example.ORG example.com") == DOMAINS
    for rule in (OPEN, INVITED, DOMAINS):
        assert entry.parse(str(rule)) == rule
    for wrong in (
        "",
        " ",
        ",",
        "everybody",
        "example",
        "exa mple",
        ".com",
        "-.com",
        "a@b.com",
        "open,invited",
        "ä.b c",
    ):
        with pytest.raises(Invalid, match="Sign-up is open, invited, or e-mail domains"):
            entry.parse(wrong)
    for too_much in (",".join(f"a{number}.com" for number in range(51)), ",".join(f"{n:060}.com" for n in range(40))):
        with pytest.raises(Invalid):
            entry.parse(too_much)


async def test_who_may_sign_up_is_for_the_rule_to_say(world: World):
    assert await admitted(world, "dora@anywhere.example", default=OPEN)
    for email, may in [
        *(("dora@example.com", True), ("dora@example.org", True), ("dora@sub.example.com", False)),
        *(("dora@notexample.com", False), ("example.com@evil.example", False)),
    ]:
        assert await admitted(world, email, default=DOMAINS) == may, email


async def test_by_invitation_only_an_invitation_that_can_be_used_counts(world: World):
    token = await world.do(invites.create, world.ana, world.workspace_id, "member", timedelta(days=1), 1)
    assert await admitted(world, "dora@tandem.example", token, INVITED)
    for wrong in ("", "x", token + "x"):
        assert not await admitted(world, "dora@tandem.example", wrong, INVITED)
    await world.do(invites.accept, await world.newcomer("Dora"), token)
    assert not await admitted(world, "eve@tandem.example", token, INVITED), "It is used up."


async def test_the_first_may_always_sign_up(database: Database):
    async with database.transaction() as tx:
        for rule in (OPEN, INVITED, DOMAINS):
            assert await instance.admit(tx, "ana@tandem.example", "", rule) == OPEN


async def test_what_an_admin_sets_counts_until_it_is_taken_back(world: World):
    await world.do(instance.set_sign_up, world.ana, "Example.com")
    assert not await admitted(world, "dora@tandem.example")
    assert await admitted(world, "dora@example.com", default=INVITED)
    await world.do(instance.set_sign_up, world.ana, " ")
    assert not await admitted(world, "dora@example.com", default=INVITED)
    with pytest.raises(Invalid):
        await world.do(instance.set_sign_up, world.ana, "everybody")
    with pytest.raises(NotFound, match="This is gone, or it is not shared with you"):
        await world.do(instance.set_sign_up, world.ben, "open")
    assert (await world.row(Instance, instance.ID)).sign_up == ""


async def test_of_many_first_sign_ups_at_once_one_is_the_admin(database: Database):
    async def sign_up(name: str) -> bool:
        async with database.transaction() as tx:
            return (await people.sign_up(tx, name, f"{name}@tandem.example", "a hash")).is_admin

    admins = await asyncio.gather(*(sign_up(name) for name in ("Ana", "Ben", "Cleo", "Dora", "Eve", "Finn")))
    assert sorted(admins) == [False] * 5 + [True]


async def test_the_rule_holds_for_the_second_of_two_first_sign_ups(database: Database):
    async def sign_up(name: str) -> None:
        async with database.transaction() as tx:
            await instance.admit(tx, f"{name}@tandem.example", "", INVITED)
            await people.sign_up(tx, name, f"{name}@tandem.example", "a hash")

    answers = await asyncio.gather(*(sign_up(name) for name in ("Ana", "Ben", "Cleo")), return_exceptions=True)
    assert [type(answer) for answer in answers if answer] == [NotAllowed] * 2


async def test_the_first_whose_sign_up_fails_leaves_the_place_to_the_next(database: Database):
    with pytest.raises(Invalid):
        async with database.transaction() as tx:
            await people.sign_up(tx, "Ana", "ana@tandem.example", "a hash")
            raise Invalid("Something else was wrong.")
    async with database.transaction() as tx:
        assert (await people.sign_up(tx, "Ben", "ben@tandem.example", "a hash")).is_admin


async def test_admins_see_everybody_and_nobody_else_does(world: World):
    drawing = InstanceDrawing(instance.ID)
    shown = await drawn(world.db, drawing)
    assert shown is not None and drawing.viewers == {world.ana.id}
    assert shown["instance"].people == (world.ana.id, world.ben.id, world.cleo.id)
    ana = shown[f"a{world.ana.id}"]
    assert (ana.name, ana.email, ana.is_admin, ana.last_seen_at) == ("Ana", "ana@tandem.example", True, "")
    assert await drawn(world.db, InstanceDrawing(2)) is None


async def test_admins_make_and_unmake_each_other_and_the_last_one_stays(world: World):
    with pytest.raises(NotAllowed, match="Make another person an admin first"):
        await world.do(instance.set_admin, world.ana, world.ana.id, False)
    await world.do(instance.set_admin, world.ana, world.ben.id, True)
    assert (await world.row(Person, world.ben.id)).is_admin
    change = (await world.changes(f"instance:{instance.ID}"))[-1]
    assert (change.kind, change.actor_id, change.entity_id) == ("instance.admins_changed", world.ana.id, world.ben.id)
    assert change.details == {"from": "member", "to": "admin"}
    await world.do(instance.set_admin, world.ben, world.ana.id, False)
    with pytest.raises(NotFound, match="This is gone"):
        await world.do(instance.set_sign_up, world.ana, "open")
    with pytest.raises(NotAllowed):
        await world.do(instance.set_admin, world.ben, world.ben.id, False)


async def test_nobody_else_does_and_learns_nothing_by_trying(world: World):
    for actor in (world.ben, Actor(99_999, "Nobody")):
        for person_id in (world.ana.id, actor.id, 99_999):
            for is_admin in (True, False):
                with pytest.raises(NotFound, match="This is gone, or it is not shared with you"):
                    await world.do(instance.set_admin, actor, person_id, is_admin)
    with pytest.raises(NotFound, match="There is no such person"):
        await world.do(instance.set_admin, world.ana, 99_999, True)
    assert (await world.row(Person, world.ana.id)).is_admin


async def test_of_two_who_take_it_from_each_other_at_once_one_stays(world: World):
    await world.do(instance.set_admin, world.ana, world.ben.id, True)
    pairs = (world.ana, world.ben), (world.ben, world.ana)
    taking = (world.do(instance.set_admin, actor, other.id, False) for actor, other in pairs)
    answers = await asyncio.gather(*taking, return_exceptions=True)
    assert sorted(isinstance(answer, NotFound) for answer in answers) == [False, True], answers
    assert len(await world.rows(select(col(Person.id)).where(col(Person.is_admin)))) == 1


async def test_people_are_found_by_name_and_address_and_letters_mean_themselves(world: World):
    for name, email in (("Änne 100%", "anne@launch.example"), ("Dora_Maar", "d.maar@tandem.example")):
        async with world.db.transaction() as tx:
            await people.sign_up(tx, name, email, "a hash")
    async with world.db.reading() as tx:
        for typed, names in {
            "ana": ["Ana"],
            "CLEO@": ["Cleo"],
            "@tandem.example": ["Ana", "Ben", "Cleo", "Dora_Maar"],
            "Änne": ["Änne 100%"],
            "0%": ["Änne 100%"],
            "a_m": ["Dora_Maar"],
            "_": ["Dora_Maar"],
            "%_": [],
            "nobody": [],
            "' OR 1=1": [],
        }.items():
            ids = await search(tx, typed)
            assert [(await tx.session.get_one(Person, id)).name for id in ids] == names, typed


async def test_of_many_who_are_found_the_first_are_shown(world: World):
    async with world.db.unrecorded() as session:
        for number in range(FOUND + 5):
            email = f"twin{number}@example.com"
            session.add(Person(name=f"Twin {number:03}", email=email, color="teal", password_hash=""))
    async with world.db.reading() as tx:
        names = [(await tx.session.get_one(Person, id)).name for id in await search(tx, "twin")]
    assert names == [f"Twin {number:03}" for number in range(FOUND)]


async def test_whoever_was_found_beyond_the_first_is_drawn_with_them(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("app.domain.drawings.instance.MOST", 2)
    drawing = InstanceDrawing(instance.ID)
    cleo = f"a{world.cleo.id}"
    assert cleo not in (await drawn(world.db, drawing) or {})
    both = {world.ana.id: 1, world.cleo.id: 1}
    assert not drawing.widen(both)
    await world.do(instance.set_admin, world.ana, world.cleo.id, True)
    shown = await drawn(world.db, drawing)
    assert shown and shown[cleo].is_admin and drawing.widen(both)
    assert shown["instance"].people == (world.ana.id, world.ben.id), "The list itself stays what it is."


async def test_who_has_a_second_factor_is_shown(world: World):
    await world.do(second_factors.turn_on, world.ben, "sealed", 1, ["0" * 64])
    shown = await drawn(world.db, InstanceDrawing(instance.ID))
    assert shown is not None
    assert [shown[f"a{who.id}"].has_second_factor for who in (world.ana, world.ben, world.cleo)] == [False, True, False]
