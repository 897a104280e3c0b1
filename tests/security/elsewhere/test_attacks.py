"""Signing in elsewhere, attacked at every step: nobody gets in, and whoever was tricked is told so in a sentence."""

import asyncio
import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc.jwk import RSAKey
from starlette.responses import JSONResponse, PlainTextResponse

from tests.security.visitor import Visitor
from tests.support import id_tokens
from tests.support.id_tokens import CLIENT_SECRET
from tests.support.provider import Provider, Ways
from tests.support.server import Server

AGAIN = "Signing in with Corp did not work. Please try again; if it fails again, tell your admin."
AWAY = "Corp does not answer at the moment. Please try again in a few minutes."
STALE = "This sign-in was begun too long ago, or in another tab or browser. Please start again."
UNVERIFIED = "does not say that your e-mail address is verified"


async def test_the_premise_whoever_does_it_right_gets_in(visitor: Visitor, provider: Provider):
    await visitor.sign_in_elsewhere()
    assert visitor.went_to == "/"
    assert await visitor.is_signed_in()
    asked = provider.asked[-1]
    assert asked["code_challenge_method"] == "S256" and len(asked["code_challenge"]) == 43
    assert len(asked["state"]) >= 32 and len(asked["nonce"]) >= 20 and asked["response_type"] == "code"


NOW = int(time.time())
LIES: dict[str, Ways] = {
    "wrong nonce": Ways(claims={"nonce": "of another sign-in"}),
    "no nonce": Ways(claims={"nonce": None}),
    "wrong issuer": Ways(claims={"iss": "https://elsewhere.example"}),
    "issuer with a slash": Ways(claims={"iss": "http://127.0.0.1/"}),
    "no issuer": Ways(claims={"iss": None}),
    "wrong audience": Ways(claims={"aud": "another client"}),
    "no audience": Ways(claims={"aud": None}),
    "empty audience": Ways(claims={"aud": []}),
    "for another party": Ways(claims={"aud": ["tandem", "another"], "azp": "another"}),
    "expired": Ways(claims={"iat": NOW - 7200, "exp": NOW - 3600}),
    "never expires": Ways(claims={"exp": None}),
    "expires at no time": Ways(claims={"exp": "tomorrow"}),
    "expiry is not a number": Ways(claims={"exp": float("nan")}),
    "of the future": Ways(claims={"iat": NOW + 36_000, "exp": NOW + 40_000}),
    "no subject": Ways(claims={"sub": None}),
    "empty subject": Ways(claims={"sub": ""}),
    "subject is a number": Ways(claims={"sub": 1}),
    "subject is a list": Ways(claims={"sub": ["ana-at-work"]}),
    "subject without an end": Ways(claims={"sub": "x" * 256}),
    "alg none": Ways(token=id_tokens.without_signature),
    "HMAC with the public key": Ways(token=id_tokens.by_public_key_as_secret),
    "HMAC with the client's secret": Ways(token=id_tokens.by_client_secret),
    "its own key in the header": Ways(token=id_tokens.by_its_own_key),
    "the right key in the header": Ways(token=id_tokens.with_header(jwk={"kty": "RSA"})),
    "a jku header": Ways(token=id_tokens.with_header(jku="https://evil.example/keys")),
    "an x5u header": Ways(token=id_tokens.with_header(x5u="https://evil.example/chain")),
    "critical rules of its own": Ways(token=id_tokens.with_header(crit=["exp"])),
    "an unknown kid": Ways(token=id_tokens.with_header(kid="second")),
    "somebody else's signature": Ways(token=id_tokens.by_a_stranger),
    "no token": Ways(token=lambda key, claims: None),
    "a token that is a number": Ways(token=lambda key, claims: 17),
    "a token that is noise": Ways(token=lambda key, claims: "§.§.§"),
    "a token whose header is a list": Ways(token=lambda key, claims: "W10.e30.x"),
    "no keys": Ways(token=id_tokens.with_header(kid="second"), keys=[]),
    "keys of another kind": Ways(token=id_tokens.with_header(kid="second"), keys=[{"kty": "oct", "k": "AAAA"}]),
    "an answer of another person's userinfo": Ways(claims={"email": None}, userinfo={"sub": "x", "email": "x@y.de"}),
    "an answer that is no JSON": Ways(token_answer=PlainTextResponse("<h1>Gateway</h1>")),
    "an answer that is a list": Ways(token_answer=JSONResponse([1])),
    "an error for an answer": Ways(token_answer=JSONResponse({"error": "server_error"}, 400)),
}


@pytest.mark.parametrize("ways", LIES.values(), ids=LIES.keys())
async def test_a_token_that_is_not_to_be_believed_lets_nobody_in(visitor: Visitor, provider: Provider, ways: Ways):
    provider.ways = ways
    await visitor.sign_in_elsewhere()
    assert visitor.went_to == "/sign-in"
    assert visitor.sentence == AGAIN
    assert not await visitor.is_signed_in()
    provider.ways = Ways()
    await visitor.sign_in_elsewhere()
    assert await visitor.is_signed_in(), "The lie has left nothing behind."


@pytest.mark.parametrize("status", [500, 503])
async def test_a_provider_that_fails_is_said_to_be_away(visitor: Visitor, provider: Provider, status: int):
    provider.ways.token_answer = PlainTextResponse("down", status)
    await visitor.sign_in_elsewhere()
    assert (visitor.went_to, visitor.sentence) == ("/sign-in", AWAY)
    assert not await visitor.is_signed_in()


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


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("access_denied", "Corp did not let you in, or you stopped there."),
        ("server_error", AGAIN),
        ("<script>alert(1)</script>", AGAIN),
        ("x" * 3000, AGAIN),
    ],
)
async def test_what_a_provider_refuses_is_said(visitor: Visitor, provider: Provider, error: str, sentence: str):
    provider.ways.error = error
    there = await visitor.begin()
    async with Visitor(provider.issuer) as at_provider:
        back = (await at_provider.get(there)).headers["location"]
    await visitor.come_back(back)
    assert (visitor.went_to, visitor.sentence) == ("/sign-in", sentence)
    assert not await visitor.is_signed_in()


@pytest.mark.parametrize("odd", ["\x00", "x" * 300 + "@corp.example", 7, ["a@b.de"]], ids=lambda odd: repr(odd)[:9])
async def test_an_address_or_name_that_is_none_is_a_sentence(visitor: Visitor, provider: Provider, odd: Any):
    provider.ways.claims = {"email": odd}
    await visitor.sign_in_elsewhere()
    assert visitor.went_to == "/sign-in"
    assert visitor.sentence.endswith((".", "?"))
    assert not await visitor.is_signed_in()
    provider.ways.claims = {"name": odd}
    await visitor.sign_in_elsewhere()
    assert await visitor.is_signed_in(), "A name can be chosen later."


@pytest.mark.parametrize("verified", [False, None, "true", 1, "yes"], ids=repr)
async def test_an_address_that_is_not_verified_makes_no_account(visitor: Visitor, provider: Provider, verified: Any):
    provider.ways.claims = {"email_verified": verified}
    await visitor.sign_in_elsewhere()
    assert visitor.went_to == "/sign-in"
    assert UNVERIFIED in visitor.sentence
    assert not await visitor.is_signed_in()


async def test_an_address_that_is_not_verified_is_nobodys(visitor: Visitor, provider: Provider, door: Server):
    """A provider where one can type any address must not let one into the account that has it here."""
    provider.knows |= {"email": "admin@tandem.example"}
    provider.ways.claims = {"email_verified": False}
    await visitor.sign_in_elsewhere()
    assert UNVERIFIED in visitor.sentence
    await visitor.sign_in("admin@tandem.example", "not the admin's password")
    assert not await visitor.is_signed_in()


async def test_a_verified_address_alone_does_not_let_into_the_account_that_has_it(visitor: Visitor, provider: Provider):
    provider.knows |= {"email": "admin@tandem.example"}
    await visitor.sign_in_elsewhere()
    assert visitor.went_to == "/sign-in"
    assert visitor.sentence.startswith("There is an account with the address admin@tandem.example already.")
    assert not await visitor.is_signed_in()
    await visitor.sign_in_elsewhere()
    assert not await visitor.is_signed_in(), "Nor the second time."


ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "https:evil.example",
    "HTTPS://evil.example/",
    "javascript:alert(1)",
    "/\tevil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "evil.example",
    "@evil.example",
    ".evil.example",
    "/ /evil.example",
    "//evil.example%2f@127.0.0.1",
    "/auth/oidc/1",
    "/" + "x" * 5000,
    "",
]


@pytest.mark.parametrize("next_path", ELSEWHERE, ids=lambda path: repr(path[:40]))
async def test_whoever_signs_in_ends_up_here_whatever_comes_next(visitor: Visitor, next_path: str):
    await visitor.sign_in_elsewhere(next_path)
    assert visitor.went_to == "/"
    assert await visitor.is_signed_in()


async def test_whoever_asked_for_a_page_is_brought_to_it(visitor: Visitor):
    await visitor.sign_in_elsewhere("/settings?x=1")
    assert visitor.went_to == "/settings?x=1"


async def test_a_session_that_was_there_before_is_not_the_one_afterwards(visitor: Visitor):
    await visitor.sign_in_elsewhere()
    planted = visitor.browser.cookies.get("tandem")
    await visitor.sign_in_elsewhere()
    assert visitor.browser.cookies.get("tandem") not in ("", None, planted)
    assert await visitor.is_signed_in()


@pytest.mark.parametrize("path", ["/.well-known", "/token", "/keys"])
async def test_a_provider_that_says_nothing_costs_a_sentence_and_five_seconds(
    visitor: Visitor, provider: Provider, path: str, fresh_door: Server
):
    async with Visitor(fresh_door.url) as newcomer:
        provider.ways.is_asleep = path
        begun = time.monotonic()
        if path == "/.well-known":
            await newcomer.get("/auth/oidc/1")
        else:
            address = await newcomer.consent(await newcomer.begin())
            begun = time.monotonic()
            await newcomer.come_back(address)
        assert (newcomer.went_to, newcomer.sentence) == ("/sign-in", AWAY)
        assert "did not answer" in fresh_door.log
        assert time.monotonic() - begun < 5
        provider.ways.is_asleep = ""
        await newcomer.sign_in_elsewhere()
        assert await newcomer.is_signed_in(), "And afterwards all is well."


@pytest.mark.parametrize("path", ["/auth/oidc/2", "/auth/oidc/2/callback?state=x&code=y", "/auth/oidc/0"])
async def test_a_provider_that_is_not_set_is_a_sentence(visitor: Visitor, path: str):
    await visitor.get(path)
    assert visitor.went_to == "/sign-in"
    assert visitor.sentence in ("This Tandem does not know that way to sign in.", STALE)


async def test_no_secret_code_or_token_is_in_the_log(visitor: Visitor, provider: Provider, door: Server):
    address = await visitor.consent(await visitor.begin())
    code = parse_qs(urlsplit(address).query)["code"][0]
    await visitor.come_back(address)
    provider.ways = Ways(error="planted_error_9c1")
    there = await visitor.begin()
    async with Visitor(provider.issuer) as at_provider:
        await visitor.come_back((await at_provider.get(there)).headers["location"])
    log = door.log
    assert "planted_error_9c1" in log, "The premise: what goes wrong is in the log."
    assert code not in log and CLIENT_SECRET not in log and "eyJ" not in log
    assert all(len(line) < 600 for line in log.splitlines())
    for cookie in visitor.browser.cookies.jar:
        assert not cookie.value or cookie.value not in log


async def test_a_key_that_is_new_is_fetched_and_one_that_is_gone_is_believed_no_more(
    visitor: Visitor, provider: Provider
):
    old, provider.key = provider.key, RSAKey.generate_key(2048, {"kid": "second", "use": "sig"}, private=True)
    try:
        provider.ways.token = lambda key, claims: id_tokens.signed(key, claims, kid="second")
        await visitor.sign_in_elsewhere()
        assert await visitor.is_signed_in()
    finally:
        provider.key = old
