"""The page that a request was made on."""

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from app import settings


def is_same(scope: Scope, headers: Headers) -> bool:
    """Whether the Origin header is PUBLIC_URL, exactly.

    Without a PUBLIC_URL it must be the Host that was asked for, and that must be localhost or an address: a name could
    be one that an attacker points at us.
    """
    origin = headers.get("origin", "")
    if public_url := settings.get().public_url:
        return origin == public_url
    scheme = "https" if scope["scheme"] in ("https", "wss") else "http"
    host = headers.get("host", "")
    return bool(host) and origin == f"{scheme}://{host}" and _is_local_or_address(host)


def _is_local_or_address(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
    return True
