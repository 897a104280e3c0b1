"""The end of every way in: a new session, and where to go. Also who is in, and whether it is they who sit there."""

import logging

from starlette.requests import Request
from starlette.responses import Response

from app import passwords
from app.domain import accounts, audit, identities
from app.domain.access import Actor
from app.domain.errors import Invalid, Refusal
from app.domain.models import Person
from app.web import address, cookies, forms, live, rate, session, slips
from app.web.session import Me

logger = logging.getLogger(__name__)

WRONG_PASSWORD = "The password is wrong."
IDENTITY = "identity"
"""The kind of slip that says: this identity is to be linked with that person, once they have signed in."""


async def let_in(request: Request, person: Person, next_path: str) -> Response:
    """Start a session in this browser; somebody has just proven to be this person."""
    response = await forms.enter(request, person, next_path)
    await _link_what_waited(request, response, person)
    return response


async def me(request: Request) -> Me:
    """Who is signed in in this browser; session.NotSignedIn if nobody is."""
    return await session.me_now(session_id(request))


async def prove(request: Request, password: str) -> Person:
    """Who is signed in in this browser, if they know their password; Invalid if not. Only wrong tries count."""
    known = await me(request)
    door, where = rate.door(), address.of(request.scope)
    async with door.trying(door.account, where, known.email):
        async with live.current().db.reading() as tx:
            person = await accounts.look(tx, session.actor(known))
        if not await passwords.verify(person.password_hash, password):
            async with live.current().db.unrecorded() as db:
                device = request.headers.get("user-agent", "")
                await audit.note(db, "person.password_refused", known.id, where, device=device)
            raise Invalid(WRONG_PASSWORD)
    return person


def session_id(request: Request) -> str | None:
    """That of the sign-in that the browser has."""
    return cookies.session_id(cookie_header(request))


def cookie_header(request: Request) -> str:
    return request.headers.get("cookie", "")


async def _link_what_waited(request: Request, response: Response, person: Person) -> None:
    """The person came with an identity that was not theirs yet (oidc.py), and has now proven that both are theirs."""
    slip = slips.read(cookie_header(request), IDENTITY)
    if slip is None or slip.claims["person_id"] != person.id:
        return
    slips.clear(response, IDENTITY)
    try:
        await slips.spend(slip)
        async with forms.transaction(request) as tx:
            identity = (slip.claims[part] for part in ("issuer", "subject", "email"))
            await identities.link(tx, Actor(person.id, person.name), *identity)
    except Refusal as refusal:  # They are in all the same, and can link it in the settings, which then say why not.
        logger.warning("An identity was not linked: %s", refusal.sentence)
