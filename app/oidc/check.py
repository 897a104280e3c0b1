"""The sign-in check: the steps of a handshake, one after the other, each with what it says and what to change.

`walk` goes as far as one can without signing in. Whether a provider accepts our address for coming back is seen by
asking it for an answer without showing a page (`prompt=none`): one that accepts it sends us there with "login
required". `claims` and `failed` tell of a trial sign-in that followed.
"""

import asyncio
import secrets
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Literal, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
from authlib.integrations.starlette_client import OAuthError

from app.oidc import discovery
from app.oidc.client import LEEWAY, Client, Known, client
from app.oidc.discovery import PATIENCE, Told
from app.oidc.failure import Away, Failure, Step, quoted
from app.providers import Provider

TRIAL = "trial"
"""The kind of slip that brings what a trial found to the page."""
STEPS: dict[Step, str] = {
    "discovery": "The provider's answer",
    "issuer": "Issuer",
    "endpoints": "Addresses and signatures",
    "keys": "Keys",
    "clock": "Clocks",
    "client": "Client id and redirect address",
    "secret": "Client secret",
    "token": "ID token",
    "claims": "Who somebody is",
}
T = TypeVar("T")
WITHOUT_A_PAGE = ("login_required", "interaction_required", "consent_required", "account_selection_required")


@dataclass(frozen=True)
class Line:
    """What was found at a step; "unknown" is what only a trial sign-in can show."""

    step: Step
    outcome: Literal["right", "wrong", "unknown"]
    words: str

    @property
    def title(self) -> str:
        return STEPS[self.step]


def redirect_address(public_url: str, provider: Provider) -> str:
    """Where a provider sends people back to; it has to be registered there, to the letter."""
    return f"{public_url}/auth/oidc/{provider.number}/callback"


async def walk(provider: Provider, public_url: str) -> list[Line]:
    """Every step that needs nobody to sign in, up to the first without which there is no next one."""
    async with httpx2.AsyncClient(timeout=PATIENCE) as http:
        try:
            told = await _in_time("discovery", discovery.read(http, provider))
            found = [_right("discovery", provider.discovery), _right("issuer", provider.issuer)]
            found.append(_right("endpoints", ", ".join(told.metadata["id_token_signing_alg_values_supported"])))
        except Failure as failure:
            return [*_before(failure.step), failed(failure)]
        asker = client(provider)
        asker.remember(told)
        redirect_uri = redirect_address(public_url, provider)
        looks: dict[Step, Awaitable[Line]] = {
            "keys": _keys(http, told),
            "clock": _clock(told),
            "client": _client(http, provider, told, redirect_uri),
            "secret": _secret(asker, redirect_uri),
        }
        return found + await asyncio.gather(*(_line(step, look) for step, look in looks.items()))


async def _line(step: Step, look: Awaitable[Line]) -> Line:
    try:
        return await _in_time(step, look)
    except Failure as failure:
        return failed(failure)


def claims(known: Known) -> list[Line]:
    """What a trial sign-in showed of the admin who made it."""
    found = [_right("token", "Signed by the provider, for this Tandem, and in time.")]
    if not known.email:
        words = "The claim `email` is missing: allow this client the scope `email` at the provider."
    elif not known.is_verified:
        words = (
            f"`email_verified` is not true for {quoted(known.email)}: Tandem believes an address only with it. Have "
            "the provider verify addresses and say so. Until then, only people who have linked their account get in."
        )
    else:
        return [*found, _right("claims", f"`sub`, `email` and `email_verified` are there: you are {known.email}.")]
    return [*found, Line("claims", "wrong", words)]


def failed(failure: Failure) -> Line:
    return Line(failure.step, "wrong", failure.reason)


async def _in_time(step: Step, answer: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(PATIENCE):
            return await answer
    except (TimeoutError, httpx2.TimeoutException):
        raise Away(step, f"The provider did not answer within {PATIENCE:.0f} seconds.") from None
    except httpx2.HTTPError as error:
        raise Away(step, f"The provider's answer broke off ({type(error).__name__}).") from None


async def _keys(http: httpx2.AsyncClient, told: Told) -> Line:
    keys = (await discovery.read_keys(http, told.metadata["jwks_uri"]))["keys"]
    return _right("keys", f"{len(keys)} at {told.metadata['jwks_uri']}")


async def _clock(told: Told) -> Line:
    if told.clock_ahead is None:
        return Line("clock", "unknown", "The provider does not say what time it is.")
    seconds = abs(round(told.clock_ahead))
    if seconds <= LEEWAY:
        return _right("clock", f"They differ by {seconds} s.")
    direction = "behind" if told.clock_ahead > 0 else "ahead of"
    words = f"This machine's clock is {seconds:,} s {direction} the provider's: have it set by a time server (NTP)."
    return Line("clock", "wrong", f"{words} More than {LEEWAY} s make every sign-in fail.")


async def _client(http: httpx2.AsyncClient, provider: Provider, told: Told, redirect_uri: str) -> Line:
    address = told.metadata["authorization_endpoint"]
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": "openid email profile",
        "state": secrets.token_urlsafe(16),
        "nonce": secrets.token_urlsafe(16),
        "code_challenge": secrets.token_urlsafe(32),
        "code_challenge_method": "S256",
        "prompt": "none",
    }
    answer = await http.get(f"{address}{'&' if '?' in address else '?'}{urlencode(query)}")
    register = f"At the provider, register this address for coming back, to the letter: {redirect_uri}"
    there = answer.headers.get("location", "")
    if answer.is_redirect and there.startswith(redirect_uri):
        error = parse_qs(urlsplit(there).query).get("error", [""])[0]
        if error and error not in WITHOUT_A_PAGE:
            return Line("client", "wrong", f"The provider accepts the address, and then says {quoted(error)}.")
        return _right("client", redirect_uri)
    words = (there + answer.text[:50_000]).lower()
    if answer.status_code >= 400 or "redirect_uri_mismatch" in words or "invalid_client" in words:
        if "redirect" not in words and "client" in words:
            return Line("client", "wrong", "The provider does not know this client id: set OIDC_CLIENT_ID anew.")
        return Line("client", "wrong", f"The provider refuses (status {answer.status_code}). {register}")
    return Line("client", "unknown", f"The provider wants somebody to sign in before it says. {register}")


async def _secret(asker: Client, redirect_uri: str) -> Line:
    """Whether a code that never was is refused for what it is, or already for who shows it."""
    code, verifier = secrets.token_urlsafe(16), secrets.token_urlsafe(48)
    try:
        await asker.fetch_access_token(redirect_uri, code=code, code_verifier=verifier)
    except OAuthError as error:
        if error.error == "invalid_grant":
            return _right("secret", "The provider refuses a made-up code, and not because of the secret.")
        if error.error in ("invalid_client", "unauthorized_client"):
            return _wrong_secret(asker.provider, quoted(error.error))
        return Line("secret", "unknown", f"The provider says {quoted(error.error)} to a made-up code.")
    except httpx2.HTTPStatusError as error:
        if error.response.status_code in (401, 403):
            return _wrong_secret(asker.provider, f"status {error.response.status_code}")
        raise
    except ValueError:
        return Line("secret", "unknown", "The provider's answer to a made-up code cannot be understood.")
    return Line("secret", "wrong", "The provider takes a made-up code. Do not use it: anybody could sign in.")


def _wrong_secret(provider: Provider, said: str) -> Line:
    number = "" if provider.number == 1 else f"{provider.number}_"
    words = f"The provider does not accept it ({said}): copy the secret of client {quoted(provider.client_id)} again"
    return Line("secret", "wrong", f"{words} and set OIDC_{number}CLIENT_SECRET to it.")


def _before(step: Step) -> list[Line]:
    """The steps that must have been right for this one to be reached."""
    names = list(STEPS)
    return [_right(name, "") for name in names[: names.index(step)]]


def _right(step: Step, words: str) -> Line:
    return Line(step, "right", words)
