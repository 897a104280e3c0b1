"""Forms that the browser itself posts: what came with one, and how each is answered.

A form that cannot be taken goes back where it came from with a short-lived signed cookie that holds the sentence and
what was typed, less the passwords.
"""

import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Literal
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.domain import sessions
from app.domain.models import Person
from app.domain.transaction import Transaction
from app.web import address, cookies, live

FLASH = "tandem_flash"
FLASH_LIFE = timedelta(seconds=60)
LONGEST = 16 * 1024
"""Bytes of a posted form."""
LONGEST_PATH = 1500
"""Characters of where to go next: with it in them, cookies still fit into what browsers keep."""
Tone = Literal["alert", "status"]
FIELDS = ("name", "email", "password", "new_password", "token", "next")


async def fields(request: Request, *names: str) -> dict[str, str]:
    """What the form sent, each field as text; a missing one is empty. Without names, all that `back` may take back."""
    names = names or FIELDS
    if int(request.headers.get("content-length") or LONGEST + 1) > LONGEST:
        return dict.fromkeys(names, "")
    form = await request.form(max_files=0, max_fields=10)
    return {name: str(form.get(name, "")) for name in names}


def tell(page: str, sentence: str, tone: Tone = "alert", *, next_path: str = "/", **more: str) -> Response:
    """To the page, with something to be said there: flash.py names what else may go with it."""
    query = urlencode({"next": next_path}) if safe_next(next_path) != "/" else ""
    response = RedirectResponse(f"{page}?{query}" if query else page, 303)
    flash = cookies.sign({"page": page, "tone": tone, "sentence": sentence, **more}, FLASH_LIFE)
    cookies.set_cookie(response, FLASH, flash, int(FLASH_LIFE.total_seconds()))
    return response


def back(page: str, form: dict[str, str], sentence: str, *, about: str = "", tone: Tone = "alert") -> Response:
    """To where a form came from, with what was typed, less the passwords."""
    typed = {"email": form["email"][:254], "name": form["name"][:100]}
    return tell(page, sentence, tone, next_path=form["next"], about=about, **typed)


async def enter(request: Request, person: Person, next_path: str) -> Response:
    """Sign somebody in who has proven who they are: always with a new session, whatever was presented."""
    device, where = request.headers.get("user-agent", ""), address.of(request.scope)
    async with transaction(request) as tx:
        session_id = await sessions.start(tx, person.id, device, where, cookies.LIFE)
    response = RedirectResponse(safe_next(next_path), 303)
    cookies.set_session(response, session_id, person.id)
    unsay(response)
    return response


def unsay(response: Response) -> None:
    """What was said against an earlier try is out of date."""
    cookies.set_cookie(response, FLASH, "", 0)


def safe_next(path: str) -> str:
    """Where to go after signing in: a path of ours, or home."""
    is_ours = path.startswith("/") and path[1:2] not in ("/", "\\") and path.isprintable() and " " not in path
    return path if is_ours and not path.startswith("/auth/") and len(path) <= LONGEST_PATH else "/"


@contextlib.asynccontextmanager
async def transaction(request: Request) -> AsyncIterator[Transaction]:
    """A transaction that knows from where it is asked for, and with what device."""
    async with live.current().db.transaction() as tx:
        tx.address, tx.device = address.of(request.scope), request.headers.get("user-agent", "")
        yield tx
