"""Ways around the second factor that are meant, and what is asked on them."""

import re

from cryptography.fernet import Fernet
from sqlalchemy import select, update
from sqlmodel import col

from app.db import Database
from app.domain import accounts, people, second_factors
from app.domain.access import Actor
from app.domain.models import Person, SecondFactor
from tests.security.second_factor.conftest import PASSWORD, WRONG, Ana
from tests.security.visitor import Visitor
from tests.support.server import Server


async def test_a_recovery_code_is_used_once_however_it_is_typed(ana: Ana):
    assert len(set(ana.recovery_codes)) == 10
    assert all(re.fullmatch(r"[a-z2-7]{4}(-[a-z2-7]{4}){3}", code) for code in ana.recovery_codes)
    for typed in (ana.recovery_codes[0], ana.recovery_codes[1].upper().replace("-", " ")):
        await ana.show_password()
        await ana.show_code(typed)
        assert await ana.visitor.is_signed_in()
        await ana.visitor.sign_out()
        await ana.show_password()
        await ana.show_code(typed)
        assert ana.visitor.sentence == WRONG
        assert not await ana.visitor.is_signed_in()


async def test_after_a_changed_secret_key_a_recovery_code_lets_in(ana: Ana, program: Server):
    """What was sealed under another key is what a changed SECRET_KEY leaves behind."""
    db = Database(program.database_url)
    async with db.unrecorded() as session:
        mine = select(col(Person.id)).where(col(Person.email) == ana.email).scalar_subquery()
        sealed = Fernet(Fernet.generate_key()).encrypt(ana.secret.encode()).decode()
        await session.execute(update(SecondFactor).where(col(SecondFactor.person_id) == mine).values(secret=sealed))
    await db.close()
    await ana.show_password()
    await ana.show_code(ana.code())
    assert "this Tandem's secret key was changed" in ana.visitor.sentence
    assert not await ana.visitor.is_signed_in()
    await ana.show_code(ana.recovery_codes[0])
    assert await ana.visitor.is_signed_in()
    await ana.visitor.post("/auth/second-factor/turn-off", code=ana.recovery_codes[1], password=PASSWORD)
    assert ana.visitor.sentence.startswith("The second factor is off.")


async def test_one_that_was_turned_off_between_the_steps_is_said_to_be(ana: Ana, program: Server):
    await ana.show_password()
    db = Database(program.database_url)
    async with db.transaction() as tx:
        person = await people.with_email(tx, ana.email)
        assert person is not None
        await second_factors.turn_off(tx, Actor(person.id, person.name))
    await db.close()
    await ana.show_code(ana.code())
    assert ana.visitor.sentence == "The second factor is off by now. Please sign in again without it."
    assert not await ana.visitor.is_signed_in()


async def test_a_new_password_by_a_link_lets_nobody_in_without_a_code(ana: Ana, program: Server):
    """Whoever reads somebody's mail has one of the two, and not the other."""
    db = Database(program.database_url)
    async with db.transaction() as tx:
        asked = await accounts.ask_for_reset(tx, ana.email)
        assert asked is not None
    await db.close()
    async with Visitor(program.url) as reader:
        await reader.post("/auth/reset", token=asked[1], new_password="chosen by who reads her mail")
        assert reader.went_to == "/sign-in/code", reader.sentence
        assert not reader.browser.cookies.get("tandem") and not await reader.is_signed_in()
        await ana.show_code("000000" if ana.code() != "000000" else "000001", reader)
        assert (reader.went_to, reader.sentence) == ("/sign-in/code", WRONG)
        assert not await reader.is_signed_in()
        await ana.show_code(ana.code(), reader)
        assert reader.went_to == "/"
        assert await reader.is_signed_in()
