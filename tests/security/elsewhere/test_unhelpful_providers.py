"""Providers that refuse, fail or say nothing: a sentence, in time, and nothing secret in the log."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.responses import PlainTextResponse

from tests.security.elsewhere.sentences import AGAIN, AWAY, STALE
from tests.security.visitor import Visitor
from tests.support.id_tokens import CLIENT_SECRET
from tests.support.provider import Provider, Ways
from tests.support.server import Server


@pytest.mark.parametrize("status", [500, 503])
async def test_a_provider_that_fails_is_said_to_be_away(visitor: Visitor, provider: Provider, status: int):
    provider.ways.token_answer = PlainTextResponse("down", status)
    await visitor.sign_in_elsewhere()
    assert (visitor.went_to, visitor.sentence) == ("/sign-in", AWAY)
    assert not await visitor.is_signed_in()


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
