"""The answer that a browser brings from a provider, attacked: of others, of another time, made up."""

import asyncio
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.security.elsewhere.sentences import AGAIN, STALE
from tests.security.visitor import Visitor
from tests.support.provider import Provider
from tests.support.server import Server


@pytest.mark.parametrize(
    ("state", "is_missing"), [("x" * 43, False), ("", False), ("", True), ("ß" * 43, False)], ids=str
)
async def test_another_state_lets_nobody_in(visitor: Visitor, state: str, is_missing: bool):
    answer = urlsplit(await visitor.consent(await visitor.begin()))
    query = {name: values[0] for name, values in parse_qs(answer.query).items()}
    del query["state"]
    query |= {} if is_missing else {"state": state}
    await visitor.come_back(f"{visitor.url}{answer.path}?{urlencode(query)}")
    assert (visitor.went_to, visitor.sentence) == ("/sign-in", STALE)
    assert not await visitor.is_signed_in()


async def test_the_state_of_an_earlier_try_is_not_that_of_this_one(visitor: Visitor):
    earlier = await visitor.consent(await visitor.begin())
    await visitor.begin()
    await visitor.come_back(earlier)
    assert (visitor.went_to, visitor.sentence) == ("/sign-in", STALE)
    assert not await visitor.is_signed_in()


async def test_an_answer_for_another_browser_lets_nobody_in(visitor: Visitor, door: Server):
    address = await visitor.consent(await visitor.begin())
    async with Visitor(door.url) as without, Visitor(door.url) as with_one_of_its_own:
        await with_one_of_its_own.begin()
        for victim in (without, with_one_of_its_own):
            await victim.come_back(address)
            assert (victim.went_to, victim.sentence) == ("/sign-in", STALE)
            assert not await victim.is_signed_in()
    await visitor.come_back(address)
    assert await visitor.is_signed_in(), "The premise: it was good, in the browser that had begun."


@pytest.mark.parametrize("codes_are_good_again", [False, True], ids=["code is spent", "provider forgets"])
async def test_the_same_answer_again_lets_nobody_in(
    visitor: Visitor, provider: Provider, door: Server, codes_are_good_again: bool
):
    provider.ways.codes_are_good_again = codes_are_good_again
    address = await visitor.consent(await visitor.begin())
    held = dict(visitor.browser.cookies)
    await visitor.come_back(address)
    assert await visitor.is_signed_in()
    async with Visitor(door.url) as thief:  # Who has copied both cookie and address.
        thief.browser.cookies.update(held)
        await thief.come_back(address)
        assert thief.went_to == "/sign-in"
        assert thief.sentence == "This was used already. Please start again."
        assert not await thief.is_signed_in()


async def test_of_many_copies_of_one_answer_one_counts(visitor: Visitor, provider: Provider, door: Server):
    provider.ways.codes_are_good_again = True
    address = await visitor.consent(await visitor.begin())
    thieves = [Visitor(door.url) for _ in range(12)]
    for thief in thieves:
        thief.browser.cookies.update(dict(visitor.browser.cookies))
    await asyncio.gather(*(thief.come_back(address) for thief in thieves))
    assert sum([await thief.is_signed_in() for thief in thieves]) == 1
    for thief in thieves:
        await thief.browser.aclose()


async def test_a_code_of_another_sign_in_lets_nobody_in(visitor: Visitor, door: Server):
    """Code injection: PKCE binds a code to the browser that asked for it."""
    async with Visitor(door.url) as victim:
        stolen = parse_qs(urlsplit(await victim.consent(await victim.begin())).query)["code"][0]
    mine = urlsplit(await visitor.consent(await visitor.begin()))
    query = {name: values[0] for name, values in parse_qs(mine.query).items()} | {"code": stolen}
    await visitor.come_back(f"{visitor.url}{mine.path}?{urlencode(query)}")
    assert (visitor.went_to, visitor.sentence) == ("/sign-in", AGAIN)
    assert not await visitor.is_signed_in()


async def test_an_answer_that_names_another_issuer_lets_nobody_in(visitor: Visitor):
    address = await visitor.consent(await visitor.begin())
    await visitor.come_back(f"{address}&iss=https%3A%2F%2Fevil.example")
    assert (visitor.went_to, visitor.sentence) == ("/sign-in", AGAIN)
    assert not await visitor.is_signed_in()


async def test_an_answer_without_a_code_lets_nobody_in(visitor: Visitor):
    address = urlsplit(await visitor.consent(await visitor.begin()))
    state = parse_qs(address.query)["state"][0]
    await visitor.come_back(f"{visitor.url}{address.path}?state={state}")
    assert (visitor.went_to, visitor.sentence) == ("/sign-in", AGAIN)
    assert not await visitor.is_signed_in()


@pytest.mark.parametrize("forged", ["", "x", "e30.e30.e30", "eyJhbGciOiJub25lIn0.eyJzbGlwIjoib2lkYyJ9."])
async def test_a_forged_slip_is_none(visitor: Visitor, forged: str):
    address = await visitor.consent(await visitor.begin())
    visitor.browser.cookies.clear()
    visitor.browser.cookies.set("tandem_oidc", forged)
    await visitor.come_back(address)
    assert (visitor.went_to, visitor.sentence) == ("/sign-in", STALE)
    assert not await visitor.is_signed_in()


async def test_a_signed_cookie_of_another_kind_is_no_slip_and_no_session(visitor: Visitor):
    address = await visitor.consent(await visitor.begin())
    slip = visitor.browser.cookies.get("tandem_oidc") or ""
    await visitor.sign_in("nobody@corp.example", "not the password")
    flash = visitor.browser.cookies.get("tandem_flash") or ""
    assert slip and flash
    for name, value in (("tandem_oidc", flash), ("tandem", slip), ("tandem", flash), ("tandem_identity", slip)):
        visitor.browser.cookies.clear()
        visitor.browser.cookies.set(name, value)
        await visitor.come_back(address)
        assert visitor.went_to == "/sign-in"
        assert not await visitor.is_signed_in(), name
