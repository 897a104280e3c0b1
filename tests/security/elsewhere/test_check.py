"""The sign-in check names the step that fails, and says what to change."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest
from joserfc.jwk import ECKey
from starlette.responses import JSONResponse, PlainTextResponse

from app.oidc import check
from app.oidc.check import Line
from app.oidc.client import client
from app.providers import Provider as Setting
from tests.security.visitor import Visitor, payload
from tests.support.id_tokens import CLIENT_SECRET
from tests.support.provider import CLIENT_ID, Provider
from tests.support.stores import ROOT

HERE = "https://tasks.example.com"
BACK = f"{HERE}/auth/oidc/1/callback"


@pytest.fixture
async def setting(provider: Provider) -> AsyncIterator[Setting]:
    provider.redirect_uris = {BACK}
    yield Setting(provider.issuer, CLIENT_ID, CLIENT_SECRET, "Corp")
    client.cache_clear()


async def outcome(setting: Setting) -> dict[str, str]:
    return {line.step: line.outcome for line in await check.walk(setting, HERE)}


async def the_wrong(setting: Setting) -> Line:
    [wrong] = [line for line in await check.walk(setting, HERE) if line.outcome == "wrong"]
    return wrong


async def test_all_is_right_where_all_is_right(setting: Setting):
    found = await check.walk(setting, HERE)
    assert [(line.step, line.outcome) for line in found] == [
        (step, "right") for step in ("discovery", "issuer", "endpoints", "keys", "clock", "client", "secret")
    ]
    assert all(line.title and line.words for line in found)


async def test_a_provider_that_is_not_there(setting: Setting):
    nowhere = replace(setting, issuer="http://127.0.0.1:9")
    wrong = await the_wrong(nowhere)
    assert wrong.step == "discovery"
    assert "127.0.0.1:9 cannot be reached" in wrong.words and "Look whether OIDC_ISSUER is right." in wrong.words


async def test_an_address_where_no_provider_is(setting: Setting):
    wrong = await the_wrong(replace(setting, issuer=f"{setting.issuer}/realms/wrong"))
    assert wrong.step == "discovery"
    assert "answered with status 404" in wrong.words


async def test_a_provider_that_does_not_answer(setting: Setting, provider: Provider):
    provider.ways.is_asleep = "/.well-known"
    wrong = await the_wrong(setting)
    assert wrong.step == "discovery"
    assert "did not answer within 4 seconds" in wrong.words


async def test_the_wrong_issuer(setting: Setting, provider: Provider):
    provider.ways.metadata = {"issuer": "https://corp.example/"}
    wrong = await the_wrong(setting)
    assert wrong.step == "issuer"
    assert "'https://corp.example/'" in wrong.words and f"'{setting.issuer}'" in wrong.words
    assert "set OIDC_ISSUER to what it calls itself" in wrong.words


async def test_a_slash_is_a_difference(setting: Setting):
    wrong = await the_wrong(replace(setting, issuer=f"{setting.issuer}/"))
    assert wrong.step == "issuer"


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ({"id_token_signing_alg_values_supported": ["HS256", "none"]}, "signs with 'HS256', 'none' only"),
        ({"token_endpoint": None}, "token_endpoint is 'None'"),
        ({"jwks_uri": "javascript:alert(1)"}, "jwks_uri is"),
        ({"authorization_endpoint": ["https://x"]}, "authorization_endpoint is"),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_what_is_not_safe(setting: Setting, provider: Provider, metadata: dict[str, Any], words: str):
    provider.ways.metadata = metadata
    wrong = await the_wrong(setting)
    assert wrong.step == "endpoints"
    assert words in wrong.words


@pytest.mark.parametrize(
    "keys", [[], [{"kty": "oct", "k": "AAAA"}], [{"kty": "RSA", "use": "enc"}], ["key"]], ids=lambda keys: str(keys)
)
async def test_no_key_to_check_with(setting: Setting, provider: Provider, keys: list[Any]):
    provider.ways.keys = keys
    wrong = await the_wrong(setting)
    assert wrong.step == "keys"
    assert "There is no public key for signatures" in wrong.words


async def test_keys_of_other_kinds_do_no_harm(setting: Setting, provider: Provider):
    more = ECKey.generate_key("P-256", private=False)
    provider.ways.keys = [{"kty": "AKP", "alg": "ML-DSA-44"}, more.as_dict(), provider.key.as_dict(private=False)]
    assert set((await outcome(setting)).values()) == {"right"}


@pytest.mark.parametrize(("ahead", "words"), [(312, "312 s behind"), (-4000, "4,000 s ahead of")])
async def test_the_clock(setting: Setting, provider: Provider, ahead: float, words: str):
    provider.ways.clock_ahead = ahead
    wrong = await the_wrong(setting)
    assert wrong.step == "clock"
    assert words in wrong.words.replace("311", "312").replace("3,999", "4,000").replace("4,001", "4,000")
    assert "time server" in wrong.words


@pytest.mark.parametrize("ahead", [-55, 0, 55])
async def test_clocks_that_differ_by_less_than_a_minute_agree(setting: Setting, provider: Provider, ahead: float):
    provider.ways.clock_ahead = ahead
    assert (await outcome(setting))["clock"] == "right"


async def test_the_redirect_address(setting: Setting, provider: Provider):
    provider.redirect_uris = {"https://tasks.example.com/callback"}
    wrong = await the_wrong(setting)
    assert wrong.step == "client"
    assert wrong.words.endswith(f"register this address for coming back, to the letter: {BACK}")


async def test_the_client_id(setting: Setting):
    found = [line for line in await check.walk(replace(setting, client_id="tandm"), HERE) if line.outcome == "wrong"]
    assert [line.step for line in found] == ["client", "secret"]
    assert "does not know this client id: set OIDC_CLIENT_ID" in found[0].words


async def test_where_only_somebody_who_signs_in_is_told(setting: Setting, provider: Provider):
    provider.ways.says_nothing_without_a_page = True
    [unknown] = [line for line in await check.walk(setting, HERE) if line.outcome != "right"]
    assert (unknown.step, unknown.outcome) == ("client", "unknown")
    assert BACK in unknown.words


async def test_the_secret(setting: Setting, provider: Provider):
    provider.secret = "another one by now"
    provider.redirect_uris = {BACK.replace("/1/", "/2/")}
    wrong = await the_wrong(replace(setting, number=2))
    assert wrong.step == "secret"
    assert "set OIDC_2_CLIENT_SECRET to it" in wrong.words
    assert CLIENT_SECRET not in wrong.words


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (JSONResponse({"error": "invalid_request"}, 400), "unknown"),
        (PlainTextResponse("who are you", 401), "wrong"),
        (PlainTextResponse("<h1>ok</h1>"), "unknown"),
        (JSONResponse({"access_token": "x", "token_type": "Bearer"}), "wrong"),
        (PlainTextResponse("down", 502), "wrong"),
    ],
    ids=["another error", "no JSON but 401", "noise", "takes any code", "down"],
)
async def test_other_answers_about_the_secret(setting: Setting, provider: Provider, answer: Any, outcome: str):
    provider.ways.token_answer = answer
    [line] = [line for line in await check.walk(setting, HERE) if line.outcome != "right"]
    assert (line.step, line.outcome) == ("secret", outcome)


async def tried(admin: Visitor) -> dict[str, tuple[str, str]]:
    """What a trial sign-in finds: by step, the outcome and the words."""
    await admin.come_back(await admin.consent(await admin.leave("/auth/oidc/1/trial")))
    assert admin.went_to == "/admin/sign-in-check", admin.sentence
    found = payload(admin.browser.cookies.get("tandem_trial") or "")["claims"]["found"]
    return {line["step"]: (line["outcome"], line["words"]) for line in found}


Arrange = Callable[[Provider], None]


def claim(**claims: Any) -> Arrange:
    def arrange(provider: Provider) -> None:
        provider.ways.claims = claims

    return arrange


def secret(provider: Provider) -> None:
    provider.secret = "another one by now"


def clock(provider: Provider) -> None:
    provider.ways.clock_ahead = -4000


def silent_userinfo(provider: Provider) -> None:
    provider.ways.claims = {"email": None}
    provider.ways.userinfo = {"sub": provider.knows["sub"]}


async def test_a_trial_where_all_is_right(admin: Visitor, provider: Provider):
    found = await tried(admin)
    assert {step: outcome for step, (outcome, _) in found.items()} == {"token": "right", "claims": "right"}
    assert provider.knows["email"] in found["claims"][1]


@pytest.mark.parametrize(
    ("arrange", "step", "words"),
    [
        (claim(iss="https://elsewhere.example"), "issuer", "'iss' of the ID token"),
        (claim(aud="somebody else"), "client", "'aud' of the ID token"),
        (claim(nonce="another"), "token", "'nonce' of the ID token"),
        (claim(sub=None), "claims", "lacks 'sub'"),
        (claim(email_verified=None), "claims", "`email_verified` is not true"),
        (claim(email_verified=False), "claims", "`email_verified` is not true"),
        (silent_userinfo, "claims", "The claim `email` is missing: allow this client the scope `email`"),
        (clock, "clock", "Have both set by a time server"),
        (secret, "secret", "does not accept the client id with this client secret"),
    ],
)
async def test_a_trial_names_the_step_that_fails(
    admin: Visitor, provider: Provider, arrange: Arrange, step: str, words: str
):
    arrange(provider)
    found = await tried(admin)
    assert [name for name, (outcome, _) in found.items() if outcome == "wrong"] == [step]
    assert words in found[step][1]
    assert CLIENT_SECRET not in found[step][1]


def test_the_guide_names_every_step():
    guide = (ROOT / "docs/sign-in.md").read_text()
    assert [title for title in check.STEPS.values() if f"| {title} |" not in guide] == []
