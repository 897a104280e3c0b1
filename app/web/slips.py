"""Slips: signed cookies that carry one step of signing in to the next, in the browser that took the first.

They live for minutes, script cannot read them, and no worker has to remember them. Each says what kind it is, so that
none is taken for another or for a session. One that is good for one use is spent in the database.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.responses import Response

from app.domain import slips
from app.web import cookies, live


@dataclass(frozen=True)
class Slip:
    id: str
    expires_at: datetime
    claims: dict[str, Any]


def give(response: Response, kind: str, life: timedelta, **claims: Any) -> None:
    """Let the browser keep a slip of this kind; the one that it had is no more."""
    signed = cookies.sign({"slip": kind, "id": secrets.token_hex(16), "claims": claims}, life)
    cookies.set_cookie(response, name(kind), signed, int(life.total_seconds()))


def read(cookie_header: str, kind: str) -> Slip | None:
    """The slip in a Cookie header; None when there is none, or it is forged, expired, or of another kind."""
    held = cookies.read(cookie_header, name(kind))
    if held is None or held.get("slip") != kind:
        return None
    return Slip(held["id"], datetime.fromtimestamp(held["exp"], UTC), held["claims"])


def clear(response: Response, kind: str) -> None:
    cookies.set_cookie(response, name(kind), "", 0)


async def spend(slip: Slip, used: str = slips.USED) -> None:
    """Use it up; Invalid, with the sentence `used`, if that was done before, on this worker or another."""
    async with live.current().db.unrecorded() as db:
        await slips.spend(db, slip.id, slip.expires_at, used)


def name(kind: str) -> str:
    """Other hosts of the same domain cannot set it, where browsers see to that."""
    return f"{cookies.prefix()}tandem_{kind}"
