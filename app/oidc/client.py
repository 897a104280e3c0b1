"""Authlib's Starlette client, told what it may believe of a provider."""

import asyncio
import base64
import contextlib
import json
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx2
from authlib.integrations.starlette_client import OAuth, OAuthError, StarletteOAuth2App
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError, MissingClaimError
from starlette.requests import Request

from app.oidc import discovery
from app.oidc.failure import Away, Failure, Step, quoted
from app.providers import Provider

logging.getLogger("authlib").setLevel(logging.INFO)  # At its finest it writes down the code verifier.

SCOPE = "openid email profile"
IN_ALL = 4.5
"""Seconds that all of a provider's answers to one request of a person may take together."""
LEEWAY = 60
"""Seconds by which the provider's clock and ours may differ."""
REMEMBERED = 3600.0
"""Seconds for which what a provider tells of itself, and its keys, are believed without asking again."""
FOREIGN_KEYS = ("jwk", "jku", "x5u", "x5c", "crit")
"""Headers with which a token names the key that it wants to be checked with, or rules that are not ours."""


@dataclass(frozen=True)
class Known:
    """Who somebody is, as their provider says. `email` is to be believed only if `is_verified`."""

    issuer: str
    subject: str
    name: str
    email: str
    is_verified: bool


class Client(StarletteOAuth2App):
    provider: Provider
    _told_at = float("-inf")

    async def load_server_metadata(self) -> dict[str, Any]:
        if time.monotonic() - self._told_at > REMEMBERED:
            async with self.http() as http:
                self.remember(await discovery.read(http, self.provider))
        return self.server_metadata

    def remember(self, told: discovery.Told) -> None:
        """Believe this of the provider for the next while, its keys anew as well."""
        self.server_metadata, self._told_at = told.metadata, time.monotonic()

    async def fetch_jwk_set(self, force: bool = False) -> dict[str, Any]:
        metadata = await self.load_server_metadata()
        if "jwks" not in metadata or force:
            async with self.http() as http:
                metadata["jwks"] = await discovery.read_keys(http, metadata["jwks_uri"])
        return metadata["jwks"]

    async def parse_id_token(
        self,
        token: dict[str, Any],
        nonce: str,
        claims_options: Any = None,
        claims_cls: Any = None,
        leeway: int = LEEWAY,
    ) -> Any:
        """The claims of a token that is signed by the provider, for us, now, and for this very sign-in."""
        _refuse_foreign_keys(token["id_token"])
        wanted = {"iss": self.provider.issuer, "aud": self.client_id}
        options = {name: {"essential": True, "value": value} for name, value in wanted.items()}
        return await super().parse_id_token(token, nonce, options, claims_cls, leeway)

    async def known(self, request: Request) -> Known:
        """Who came back from the provider with this request; Failure unless everything about it is right.

        `request.session` must be what `authorize_redirect` left in it.
        """
        async with answering(self.provider):
            metadata = await self.load_server_metadata()
            said = request.query_params.get("iss", "" if metadata["says_issuer"] else self.provider.issuer)
            if said != self.provider.issuer:
                raise Failure("issuer", f"The answer came from {quoted(said)}, not from {self.provider.issuer}.")
            if not request.query_params.get("code") and "error" not in request.query_params:
                raise Failure("token", "The provider sent neither a code nor an error.")
            token = await self.authorize_access_token(request, leeway=LEEWAY)
            if not (claims := token.get("userinfo")):
                raise Failure("token", "The provider's answer has no ID token: is `openid` among the client's scopes?")
            return _known(self.provider, await self._with_email(token, dict(claims)))

    async def _with_email(self, token: dict[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
        """Some providers tell the address only when they are asked once more."""
        if "email" in claims or "userinfo_endpoint" not in self.server_metadata or "access_token" not in token:
            return claims
        more = await self.userinfo(token=token)
        if more.get("sub") != claims["sub"]:
            raise Failure("claims", "The provider's userinfo is about somebody else than its ID token.")
        return dict(more) | claims

    def http(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(timeout=discovery.PATIENCE)


@cache
def client(provider: Provider) -> Client:
    """The one client of this process for a provider; it remembers what the provider told of itself."""
    made: Client = OAuth().register(
        f"provider_{provider.number}",
        client_cls=Client,
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        client_kwargs={"scope": SCOPE, "code_challenge_method": "S256", "timeout": discovery.PATIENCE},
    )
    made.provider = provider
    return made


@contextlib.asynccontextmanager
async def answering(provider: Provider) -> AsyncIterator[None]:
    """Around everything that a provider has to answer: what goes wrong in it is a Failure, and comes in time."""
    try:
        async with asyncio.timeout(IN_ALL):
            yield
    except (Failure, OAuthError, JoseError, ValueError, httpx2.HTTPError, TimeoutError) as error:
        raise _failure(error, provider) from None


def _failure(error: Exception, provider: Provider) -> Failure:
    """The same in words: what the person is told says nothing of how it went wrong, as they cannot mend it."""
    if isinstance(error, OAuthError):
        return _refused_there(error, provider)
    if isinstance(error, (TimeoutError, httpx2.HTTPError)):
        error = Away("token", f"It did not answer as it should ({type(error).__name__}).")
    if isinstance(error, Away):
        again = f"{provider.name} does not answer at the moment. Please try again in a few minutes."
        return Away(error.step, error.reason, again)
    if isinstance(error, Failure):
        return Failure(error.step, error.reason, _not_believed(provider.name))
    return Failure(*_why_not_believed(error), _not_believed(provider.name))


def _refused_there(error: OAuthError, provider: Provider) -> Failure:
    said = f"{quoted(error.error)}, {quoted(error.description or 'no more words')}"
    if error.error == "access_denied":
        return Failure(
            "client", f"The provider says {said}.", f"{provider.name} did not let you in, or you stopped there."
        )
    if error.error in ("invalid_client", "unauthorized_client"):
        reason = f"The provider does not accept the client id with this client secret ({said}): set both anew."
        return Failure("secret", reason, _not_believed(provider.name))
    return Failure("token", f"The provider says {said}.", _not_believed(provider.name))


def _not_believed(name: str) -> str:
    return f"Signing in with {name} did not work. Please try again; if it fails again, tell your admin."


def _why_not_believed(error: Exception) -> tuple[Step, str]:
    if isinstance(error, ExpiredTokenError) or getattr(error, "claim", "") in ("iat", "nbf"):
        words = (
            "The ID token is out of date, or of a time to come: the clock of this machine or the provider's is wrong."
        )
        return "clock", f"{words} Have both set by a time server (NTP)."
    if isinstance(error, MissingClaimError):
        return "claims", f"The ID token lacks {quoted(error.claim)}."
    if isinstance(error, InvalidClaimError):
        step: Step = "issuer" if error.claim == "iss" else "client" if error.claim in ("aud", "azp") else "token"
        return step, f"{quoted(error.claim)} of the ID token is not what it must be."
    return "token", f"The ID token is not to be believed ({type(error).__name__})."


def _refuse_foreign_keys(id_token: object) -> None:
    if not isinstance(id_token, str):
        raise Failure("token", "The provider's ID token is no text.")
    part = id_token.partition(".")[0]
    header = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    if not isinstance(header, dict) or any(name in header for name in FOREIGN_KEYS):
        raise Failure("token", "The ID token's header brings a key or rules of its own.")


def _known(provider: Provider, claims: dict[str, Any]) -> Known:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 1 <= len(subject) <= 255 or not subject.isprintable():
        raise Failure("claims", f"The claim `sub` is {quoted(subject)}; it must be a text of 1 to 255 characters.")
    email, name = (_line(claims.get(part)) for part in ("email", "name"))
    return Known(provider.issuer, subject, name, email, claims.get("email_verified") is True)


def _line(claim: object) -> str:
    return claim if isinstance(claim, str) and claim.isprintable() else ""
