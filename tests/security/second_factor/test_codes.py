"""The second factor over HTTP: a password alone lets nobody in, and a code lets in once."""

import asyncio

import pytest

from app.domain import second_factors
from tests.security.second_factor.conftest import WRONG, Ana
from tests.security.visitor import Visitor, payload
from tests.support.server import Server


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
