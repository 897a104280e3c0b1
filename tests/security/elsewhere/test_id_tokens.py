"""What a provider says in an ID token, and how it is signed: all that is wrong with one lets nobody in."""

import time

import pytest
from joserfc.jwk import RSAKey
from starlette.responses import JSONResponse, PlainTextResponse

from tests.security.elsewhere.sentences import AGAIN
from tests.security.visitor import Visitor
from tests.support import id_tokens
from tests.support.provider import Provider, Ways


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
    "signed otherwise than it says": Ways(token=id_tokens.with_header(alg="PS256")),
    "signed with a key of another kind than it says": Ways(token=id_tokens.with_header(alg="ES256")),
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


@pytest.mark.parametrize("algorithm", ["PS256", "ES256", "EdDSA"])
async def test_other_signatures_that_the_provider_offers_are_believed(
    visitor: Visitor, provider: Provider, algorithm: str
):
    provider.ways.token = id_tokens.signed_with(provider.others[algorithm], algorithm)
    await visitor.sign_in_elsewhere()
    assert await visitor.is_signed_in(), visitor.sentence
    await visitor.sign_out()
    provider.ways.token = id_tokens.of_another_content(provider.others[algorithm], algorithm)
    await visitor.sign_in_elsewhere()
    assert (visitor.went_to, visitor.sentence) == ("/sign-in", AGAIN)
    assert not await visitor.is_signed_in(), "A signature is of what it signs."


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
