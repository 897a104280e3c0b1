"""The end of every way in: a new session, and where to go. Also what a form is told when it ends otherwise."""

import logging

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.domain import identities
from app.domain.access import Actor
from app.domain.errors import Refusal
from app.domain.models import Person
from app.web import cookies, forms, live, session, slips
from app.web.forms import FLASH, FLASH_LIFE, LONGEST
from app.web.session import Me

logger = logging.getLogger(__name__)

IDENTITY = "identity"
"""The kind of slip that says: this identity is to be linked with that person, once they have signed in."""


async def let_in(request: Request, person: Person, next_path: str) -> Response:
    """Start a session in this browser; somebody has just proven to be this person."""
    response = await forms.enter(request, person, next_path)
    await _link_what_waited(request, response, person)
    return response


def tell(page: str, sentence: str, tone: str = "alert", **more: str) -> RedirectResponse:
    """Send the browser to a page, which shows the sentence; `page` may have a query."""
    response = RedirectResponse(page, 303)
    told = {"page": page.partition("?")[0], "sentence": sentence, "tone": tone, **more}
    cookies.set_cookie(response, FLASH, cookies.sign(told, FLASH_LIFE), int(FLASH_LIFE.total_seconds()))
    return response


async def fields(request: Request, *names: str) -> dict[str, str]:
    """What a form sent, each field as text; a missing one is empty."""
    if int(request.headers.get("content-length") or LONGEST + 1) > LONGEST:
        return dict.fromkeys(names, "")
    form = await request.form(max_files=0, max_fields=10)
    return {name: str(form.get(name, "")) for name in names}


async def me(request: Request) -> Me:
    """Who is signed in in this browser; session.NotSignedIn if nobody is."""
    return await session.me_now(cookies.session_id(cookie_header(request)))


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
        async with live.current().db.transaction() as tx:
            identity = (slip.claims[part] for part in ("issuer", "subject", "email"))
            await identities.link(tx, Actor(person.id, person.name), *identity)
    except Refusal as refusal:  # They are in all the same, and can link it in the settings, which then say why not.
        logger.warning("An identity was not linked: %s", refusal.sentence)
