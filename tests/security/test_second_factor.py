"""The second factor over HTTP: a password alone lets nobody in, and a code lets in once."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from cryptography.fernet import Fernet
from pyotp.hotp import HOTP
from sqlalchemy import select, update
from sqlmodel import col

from app.db import Database
from app.domain import accounts, people, second_factors
from app.domain.access import Actor
from app.domain.models import Person, SecondFactor
from tests.security.visitor import Visitor, payload
from tests.support.server import Server

PASSWORD = "a door with a lock"
WRONG = "This code is not right. Codes change every 30 seconds, and each can be used once."
numbers: list[int] = []


@dataclass
class Ana:
    """Somebody with the second factor on, and what is on her phone and on her paper."""

    visitor: Visitor
    email: str
    secret: str
    recovery_codes: list[str] = field(default_factory=list)

    def code(self, steps: int = 0) -> str:
        """What her phone shows, or did or will so many steps from now."""
        return HOTP(self.secret).at(int(time.time() // 30) + steps)

    async def show_password(self, visitor: Visitor | None = None, next_path: str = "") -> Visitor:
        visitor = visitor or self.visitor
        await visitor.post("/auth/sign-in", email=self.email, password=PASSWORD, next=next_path)
        assert visitor.went_to == "/sign-in/code", visitor.sentence
        return visitor

    async def show_code(self, code: str, visitor: Visitor | None = None) -> Visitor:
        visitor = visitor or self.visitor
        await visitor.post("/auth/sign-in/code", code=code)
        return visitor


async def set_up(visitor: Visitor) -> str:
    """As far as the secret."""
    await visitor.post("/auth/second-factor/begin")
    assert visitor.went_to == "/settings/second-factor", visitor.sentence
    return (await visitor.get("/auth/second-factor/secret")).text.replace(" ", "")


@pytest.fixture
async def visitor(program: Server) -> AsyncIterator[Visitor]:
    async with Visitor(program.url) as visitor:
        yield visitor


@pytest.fixture
async def newcomer(visitor: Visitor) -> Ana:
    """Signed in, without a second factor."""
    numbers.append(len(numbers))
    email = f"factor{numbers[-1]}@example.com"
    await visitor.sign_up("Ana", email, PASSWORD)
    return Ana(visitor, email, "")


@pytest.fixture
async def ana(newcomer: Ana) -> Ana:
    """Signed out, with the second factor on; the code that turned it on was that of a step ago."""
    ana, visitor = newcomer, newcomer.visitor
    ana.secret = await set_up(visitor)
    await visitor.post("/auth/second-factor/turn-on", code=ana.code(-1), password=PASSWORD)
    assert visitor.went_to == "/settings/second-factor", visitor.sentence
    assert not visitor.sentence
    ana.recovery_codes = (await visitor.get("/auth/second-factor/recovery-codes")).text.splitlines()
    await visitor.sign_out()
    return ana


async def test_a_password_alone_is_not_enough(ana: Ana):
    await ana.show_password()
    assert not await ana.visitor.is_signed_in()
    assert not ana.visitor.browser.cookies.get("tandem"), "There is no session before the second step."
    await ana.show_code(ana.code())
    assert ana.visitor.went_to == "/"
    assert await ana.visitor.is_signed_in()


async def test_a_code_without_a_password_is_nothing(ana: Ana, program: Server):
    async with Visitor(program.url) as mallory:
        await ana.show_code(ana.code(), mallory)
        assert (mallory.went_to, mallory.sentence) == ("/sign-in", "That took too long. Please sign in again.")
        assert not await mallory.is_signed_in()


async def test_whoever_asked_for_a_page_is_brought_to_it_and_not_elsewhere(ana: Ana):
    await ana.show_password(next_path="/settings?x=1")
    await ana.show_code(ana.code())
    assert ana.visitor.went_to == "/settings?x=1"
    await ana.visitor.sign_out()
    await ana.show_password(next_path="//evil.example")
    await ana.show_code(ana.recovery_codes[0])
    assert ana.visitor.went_to == "/"


async def test_a_code_is_used_once(ana: Ana, program: Server):
    code = ana.code()
    await ana.show_password()
    await ana.show_code(code)
    assert await ana.visitor.is_signed_in()
    async with Visitor(program.url) as shoulder_surfer:
        await ana.show_password(shoulder_surfer)
        await ana.show_code(code, shoulder_surfer)
        assert (shoulder_surfer.went_to, shoulder_surfer.sentence) == ("/sign-in/code", WRONG)
        assert not await shoulder_surfer.is_signed_in()


async def test_of_several_who_show_one_code_at_once_one_gets_in(ana: Ana, program: Server):
    visitors = [Visitor(program.url) for _ in range(4)]
    for visitor in visitors:
        await ana.show_password(visitor)
    code = ana.code()
    await asyncio.gather(*(ana.show_code(code, visitor) for visitor in visitors))
    assert sum([await visitor.is_signed_in() for visitor in visitors]) == 1
    for visitor in visitors:
        await visitor.browser.aclose()


async def test_the_code_that_turned_it_on_does_not_let_in(ana: Ana):
    await ana.show_password()
    await ana.show_code(ana.code(-1))
    assert ana.visitor.sentence == WRONG
    assert not await ana.visitor.is_signed_in()


@pytest.mark.parametrize("steps", [-3, -2, 2, 3, 1000])
async def test_a_code_of_another_time_does_not_let_in(ana: Ana, steps: int):
    await ana.show_password()
    await ana.show_code(ana.code(steps))
    assert ana.visitor.sentence == WRONG
    assert not await ana.visitor.is_signed_in()


async def test_a_clock_that_is_one_step_fast_lets_in(ana: Ana):
    await ana.show_password()
    await ana.show_code(ana.code(1))
    assert await ana.visitor.is_signed_in()


@pytest.mark.parametrize("typed", ["", " ", "12345", "1234567", "abcdef", "\u0661" * 6, "\x00", "x" * 9000, "🔑" * 6])
async def test_what_is_no_code_does_not_let_in(ana: Ana, typed: str):
    await ana.show_password()
    await ana.show_code(typed)
    assert (ana.visitor.went_to, ana.visitor.sentence) == ("/sign-in/code", WRONG)
    assert not await ana.visitor.is_signed_in()


async def test_after_five_wrong_codes_even_the_right_one_waits_from_whatever_browser(ana: Ana, program: Server):
    async with Visitor(program.url) as mallory:
        await ana.show_password(mallory)
        for _ in range(second_factors.TRIES):
            await ana.show_code("000000" if ana.code() != "000000" else "000001", mallory)
            assert mallory.sentence == WRONG
        for visitor, code in ((mallory, "000002"), (ana.visitor, ana.code()), (ana.visitor, ana.recovery_codes[0])):
            await ana.show_password(visitor)
            await ana.show_code(code, visitor)
            assert (visitor.went_to, visitor.sentence) == ("/sign-in/code", second_factors.TOO_MANY)
            assert not await visitor.is_signed_in()


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


async def test_the_slip_between_the_steps_is_good_once_and_for_one_person(ana: Ana, program: Server):
    await ana.show_password()
    slip = ana.visitor.browser.cookies.get("tandem_step") or ""
    assert slip and "sid" not in payload(slip)
    await ana.show_code(ana.code())
    assert await ana.visitor.is_signed_in()
    async with Visitor(program.url) as thief:
        thief.browser.cookies.set("tandem_step", slip)
        await ana.show_code(ana.recovery_codes[0], thief)
        assert thief.sentence == "This was used already. Please start again."
        assert not await thief.is_signed_in()
        thief.browser.cookies.clear()
        thief.browser.cookies.set("tandem", slip)
        assert not await thief.is_signed_in(), "It is no session."


async def test_it_is_turned_on_with_a_right_code_and_the_password_only(newcomer: Ana):
    visitor = newcomer.visitor
    newcomer.secret = await set_up(visitor)
    for code, password, sentence in (
        (newcomer.code(), "not the password", "The password is wrong."),
        (newcomer.code(), "", "The password is wrong."),
        (newcomer.code(5), PASSWORD, "This code is not right."),
        ("", PASSWORD, "This code is not right."),
    ):
        await visitor.post("/auth/second-factor/turn-on", code=code, password=password)
        assert visitor.went_to == "/settings/second-factor"
        assert visitor.sentence.startswith(sentence)
    await visitor.sign_out()
    await visitor.sign_in(newcomer.email, PASSWORD)
    assert await visitor.is_signed_in(), "It is off still."


async def test_a_secret_that_somebody_else_set_up_is_not_turned_on(newcomer: Ana, program: Server):
    """A slip planted in the victim's browser would have the attacker know the secret."""
    async with Visitor(program.url) as mallory:
        await mallory.sign_up("Mallory", "planting-" + newcomer.email, PASSWORD)
        newcomer.secret = await set_up(mallory)
        newcomer.visitor.browser.cookies.set("tandem_totp", mallory.browser.cookies.get("tandem_totp") or "")
    visitor = newcomer.visitor
    await visitor.post("/auth/second-factor/turn-on", code=newcomer.code(), password=PASSWORD)
    assert visitor.sentence == "Setting this up took too long. Please start again."


async def test_the_secret_and_the_codes_are_seen_once_and_by_nobody_else(ana: Ana, program: Server):
    await ana.show_password()
    await ana.show_code(ana.code())
    for path in ("secret", "picture", "recovery-codes"):
        answer = await ana.visitor.get(f"/auth/second-factor/{path}")
        assert answer.status_code == 410, path
        assert ana.secret not in answer.text and ana.recovery_codes[0] not in answer.text
    async with Visitor(program.url) as stranger:
        for path in ("secret", "picture", "recovery-codes"):
            assert (await stranger.get(f"/auth/second-factor/{path}")).status_code == 401


async def test_the_picture_is_an_image_that_is_kept_nowhere(newcomer: Ana):
    await set_up(newcomer.visitor)
    answer = await newcomer.visitor.get("/auth/second-factor/picture")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.startswith("<svg") and "<script" not in answer.text


@pytest.mark.parametrize("act", ["turn-off", "renew-codes"])
async def test_turning_it_off_and_making_new_codes_take_the_password_and_a_code(ana: Ana, act: str):
    visitor, path = ana.visitor, f"/auth/second-factor/{act}"
    await ana.show_password()
    await ana.show_code(used := ana.code())
    for code, password, sentence in (
        (ana.recovery_codes[0], "not the password", "The password is wrong."),
        ("000000", PASSWORD, WRONG),
        (used, PASSWORD, WRONG),
    ):
        await visitor.post(path, code=code, password=password)
        assert (visitor.went_to, visitor.sentence) == ("/settings", sentence)
    await visitor.post(path, code=ana.recovery_codes[0], password=PASSWORD)
    if act == "turn-off":
        assert visitor.sentence == "The second factor is off. Your password is enough again."
        await visitor.sign_out()
        await visitor.sign_in(ana.email, PASSWORD)
        assert await visitor.is_signed_in()
    else:
        assert visitor.went_to == "/settings/second-factor"
        fresh = (await visitor.get("/auth/second-factor/recovery-codes")).text.splitlines()
        assert len(fresh) == 10 and not set(fresh) & set(ana.recovery_codes)
        await visitor.sign_out()
        await ana.show_password()
        await ana.show_code(ana.recovery_codes[1])
        assert not await visitor.is_signed_in()
        await ana.show_code(fresh[0])
        assert await visitor.is_signed_in()


@pytest.mark.parametrize("act", ["begin", "turn-on", "turn-off", "renew-codes"])
async def test_nobody_without_a_session_and_no_other_site_does_any_of_it(visitor: Visitor, act: str):
    await visitor.post(f"/auth/second-factor/{act}", code="000000", password=PASSWORD)
    assert visitor.went_to == "/sign-in"
    visitor.browser.headers["Origin"] = "https://evil.example"
    assert (await visitor.post(f"/auth/second-factor/{act}")).status_code == 403


async def test_it_cannot_be_set_up_over_one_that_is_on(ana: Ana):
    await ana.show_password()
    await ana.show_code(ana.code())
    await ana.visitor.post("/auth/second-factor/begin")
    assert (ana.visitor.went_to, ana.visitor.sentence) == ("/settings", "The second factor is on already.")


async def test_no_secret_code_or_password_is_in_the_log(ana: Ana, program: Server):
    await ana.show_password()
    for code in ("987654", "planted-reco-very-code", ana.code(), ana.recovery_codes[0]):
        await ana.show_code(code)
    log = program.log
    for secret in (ana.secret, *ana.recovery_codes, PASSWORD, "987654", "planted-reco", "otpauth", "eyJ"):
        assert secret not in log


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
