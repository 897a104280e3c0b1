"""What a provider tells of itself: read from its discovery document, checked, and nothing else of it kept."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx2

from app.oidc.failure import Away, Failure, quoted
from app.providers import Provider

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures that are believed: made with a private key and checked with a public one, never with the client secret."""
KEY_TYPES = ("RSA", "EC", "OKP")
PATIENCE = 4.0
"""Seconds that a provider has for one answer."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
ACCEPT = {"Accept": "application/json"}


@dataclass(frozen=True)
class Told:
    """What a provider tells, as Authlib's client takes it, and by how many seconds its clock is ahead of ours."""

    metadata: dict[str, Any]
    clock_ahead: float | None


async def read(http: httpx2.AsyncClient, provider: Provider) -> Told:
    answer = await fetch(http, provider.discovery, "discovery", "Look whether OIDC_ISSUER is right.")
    document = _object(answer, "discovery", provider.discovery)
    if document.get("issuer") != provider.issuer:
        raise Failure(
            "issuer",
            f"The provider calls itself {quoted(document.get('issuer'))}, and OIDC_ISSUER is "
            f"{quoted(provider.issuer)}. They must be equal to the letter: set OIDC_ISSUER to what it calls itself, if "
            "that is the provider that you mean.",
        )
    return Told(_believed(document, provider), clock_ahead(answer.headers))


async def read_keys(http: httpx2.AsyncClient, jwks_uri: str) -> dict[str, Any]:
    """The public keys that a provider signs with; other keys in the set are left out."""
    answer = await fetch(http, jwks_uri, "keys", "It is the jwks_uri that the provider names.")
    listed = _object(answer, "keys", jwks_uri).get("keys")
    keys = [key for key in listed if _signs(key)] if isinstance(listed, list) else []
    if not keys:
        raise Failure("keys", f"There is no public key for signatures at {jwks_uri}: the provider must offer one.")
    return {"keys": keys}


async def fetch(http: httpx2.AsyncClient, url: str, step: Any, advice: str) -> httpx2.Response:
    """An answer with status 200; Away when there is none."""
    host = urlsplit(url).netloc
    try:
        answer = await http.get(url, headers=ACCEPT)
    except httpx2.TimeoutException:
        raise Away(step, f"{host} did not answer within {PATIENCE:.0f} seconds.") from None
    except httpx2.HTTPError as error:
        raise Away(step, f"{host} cannot be reached ({type(error).__name__}: {error}). {advice}") from None
    if answer.status_code != 200:
        raise Away(step, f"{url} answered with status {answer.status_code}. {advice}")
    return answer


def clock_ahead(headers: Mapping[str, str]) -> float | None:
    """By how many seconds the clock of whoever sent this is ahead of ours; None when it does not say.

    A cache on the way says how old its copy of the answer is.
    """
    try:
        sent = parsedate_to_datetime(headers["Date"]).timestamp() + float(headers.get("Age", 0))
    except (KeyError, ValueError):
        return None
    return sent - time.time()


def _object(answer: httpx2.Response, step: Any, url: str) -> dict[str, Any]:
    try:
        document = answer.json()
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise Away(step, f"What is at {url} is not what a provider should have there: it is no JSON object.")
    return document


def _believed(document: dict[str, Any], provider: Provider) -> dict[str, Any]:
    kept: dict[str, Any] = {"issuer": provider.issuer}
    for name in ENDPOINTS:
        kept[name] = document.get(name)
        if not _is_address(kept[name], provider):
            raise Failure("endpoints", f"The provider's {name} is {quoted(kept[name])}, which is no https:// address.")
    if _is_address(document.get("userinfo_endpoint"), provider):
        kept["userinfo_endpoint"] = document["userinfo_endpoint"]
    offered = _texts(document.get("id_token_signing_alg_values_supported")) or ["RS256"]
    kept["id_token_signing_alg_values_supported"] = [name for name in ALGORITHMS if name in offered]
    if not kept["id_token_signing_alg_values_supported"]:
        raise Failure(
            "endpoints",
            f"The provider signs with {', '.join(map(quoted, offered))} only; Tandem believes {', '.join(ALGORITHMS)}. "
            "Choose one of these for this client at the provider.",
        )
    ways = _texts(document.get("token_endpoint_auth_methods_supported")) or ["client_secret_basic"]
    is_basic = "client_secret_basic" in ways or "client_secret_post" not in ways
    kept["token_endpoint_auth_method"] = "client_secret_basic" if is_basic else "client_secret_post"
    kept["says_issuer"] = document.get("authorization_response_iss_parameter_supported") is True
    return kept


def _is_address(url: object, provider: Provider) -> bool:
    """Encrypted on the way, unless the provider itself is on this machine."""
    if not isinstance(url, str) or not url.isascii() or not url.isprintable() or " " in url or len(url) > 2000:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    schemes = ("https",) if provider.issuer.startswith("https://") else ("https", "http")
    return parts.scheme in schemes and bool(parts.hostname)


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _signs(key: object) -> bool:
    return isinstance(key, dict) and key.get("kty") in KEY_TYPES and key.get("use", "sig") == "sig"
