"""The session cookie: a signed token that names a row of `session`; the row decides whether it is alive."""

import logging
import time
from datetime import timedelta
from functools import lru_cache

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from starlette.responses import Response

from app import settings

logger = logging.getLogger(__name__)

ALGORITHMS = ["HS256"]
LIFE = timedelta(days=30)


def name() -> str:
    return f"{prefix()}tandem"


def prefix() -> str:
    """Browsers let no other host set a cookie that is called so."""
    return "__Host-" if _is_secure() else ""


def set_session(response: Response, session_id: str, person_id: int) -> None:
    """Sign somebody in on this device."""
    now = int(time.time())
    claims = {"sid": session_id, "sub": str(person_id), "iat": now, "exp": now + int(LIFE.total_seconds())}
    token = jwt.encode({"alg": "HS256"}, claims, _key(), algorithms=ALGORITHMS)
    set_cookie(response, name(), token, int(LIFE.total_seconds()))


def clear_session(response: Response) -> None:
    set_cookie(response, name(), "", 0)


def set_cookie(response: Response, name: str, value: str, max_age: int) -> None:
    """`max_age` in seconds. Script never sees the cookie, and other sites never send it with a POST."""
    response.set_cookie(name, value, max_age=max_age, path="/", secure=_is_secure(), httponly=True, samesite="lax")


@lru_cache(4096)
def session_id(cookie_header: str) -> str | None:
    """The session that a Cookie header names with a valid signature, or None.

    It is asked with every command. What it remembers may have ended meanwhile: the session's row says so.
    """
    claims = read(cookie_header, name())
    return claims.get("sid") if claims else None


def sign(claims: dict, life: timedelta) -> str:
    return jwt.encode({"alg": "HS256"}, claims | {"exp": int(time.time() + life.total_seconds())}, _key())


def read(cookie_header: str, name: str) -> dict | None:
    """The claims of a signed cookie, or None when it is missing, forged or expired."""
    value = values(cookie_header).get(name)
    return None if value is None else opened(value)


def opened(value: str) -> dict | None:
    """What `sign` has signed, or None when it is forged or expired."""
    try:
        token = jwt.decode(value, _key(), algorithms=ALGORITHMS)
        jwt.JWTClaimsRegistry(exp={"essential": True}).validate(token.claims)
    except (JoseError, ValueError):
        return None
    return token.claims


def values(cookie_header: str) -> dict[str, str]:
    """The cookies in a Cookie header; of two with one name, the first, which is the more specific."""
    found: dict[str, str] = {}
    for part in cookie_header.split(";"):
        key, _, value = part.strip().partition("=")
        found.setdefault(key, value.strip(chr(34)))
    return found


def _is_secure() -> bool:
    return settings.get().public_url.startswith("https://")


def _key() -> OctKey:
    return OctKey.import_key(settings.get().secret_key)
