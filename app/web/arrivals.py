"""Somebody comes back from a provider (oidc.py): who that is here, and what comes of it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import Response

from app import settings
from app.domain import identities, instance, people
from app.domain.errors import Invalid, NotAllowed
from app.domain.models import Person
from app.domain.transaction import Transaction
from app.oidc import check
from app.oidc.client import Known, client
from app.oidc.failure import Failure
from app.providers import Provider
from app.web import forms, live, session, slips, way_in
from app.web.forms import tell
from app.web.way_in import IDENTITY

LINK_LIFE = timedelta(minutes=15)
STALE = "This sign-in was begun too long ago, or in another tab or browser. Please start again."
Purpose = Literal["sign-in", "link", "trial"]
PAGES: dict[Purpose, str] = {"sign-in": "/sign-in", "link": "/settings", "trial": "/admin/sign-in-check"}
"""Where each is begun, and where what went wrong with it is told."""


def require_admin(me: session.Me) -> None:
    if not me.is_admin:
        raise NotAllowed("Only an admin of this Tandem can check how people sign in.")


async def _end_sign_in(request: Request, provider: Provider, begun: dict[str, Any]) -> Response:
    known = await client(provider).known(request)
    async with live.current().db.reading() as tx:
        person = await identities.person_of(tx, known.issuer, known.subject)
        namesake = await people.with_email(tx, known.email) if known.is_verified else None
    if person is None and namesake is not None:
        return _ask_for_proof(known, provider, namesake, begun["next"])
    if person is None:
        person = await _sign_up(request, known, provider, begun["next"])
    return await way_in.let_in(request, person, begun["next"])


async def _sign_up(request: Request, known: Known, provider: Provider, next_path: str) -> Person:
    if not known.is_verified:
        raise Invalid(
            f"Nobody here signs in with this account of {provider.name} yet, and {provider.name} does not say that "
            "your e-mail address is verified. If you have an account here, sign in and link them in the settings."
        )
    async with forms.transaction(request) as tx:
        await require_may_sign_up(tx, known.email, next_path)
        name = known.name[:100].strip() or known.email.partition("@")[0]
        return await identities.sign_up(tx, name, known.email, known.issuer, known.subject)


async def require_may_sign_up(tx: Transaction, email: str, next_path: str) -> None:
    """Raise NotAllowed unless somebody with this verified address, or with an invitation, may have an account."""
    invitation = next_path.removeprefix("/join/") if next_path.startswith("/join/") else ""
    await instance.admit(tx, people.address(email), invitation, settings.get().sign_up)


def _ask_for_proof(known: Known, provider: Provider, namesake: Person, next_path: str) -> Response:
    """The same address proves nothing: whoever has the account here must show it, by signing in as always."""
    response = tell(
        "/sign-in",
        f"There is an account with the address {known.email} already. Sign in with its password once, and it will be "
        f"linked with {provider.name}.",
        next_path=next_path,
        email=known.email[:254],
    )
    identity = {"issuer": known.issuer, "subject": known.subject, "email": known.email[:254]}
    slips.give(response, IDENTITY, LINK_LIFE, person_id=namesake.id, **identity)
    return response


async def _end_link(request: Request, provider: Provider, begun: dict[str, Any]) -> Response:
    me = await _still(request, begun)
    known = await client(provider).known(request)
    async with forms.transaction(request) as tx:
        await identities.link(tx, session.actor(me), known.issuer, known.subject, known.email[:254])
    return tell("/settings", f"{provider.name} is linked. You can sign in with it from now on.", "status")


async def _end_trial(request: Request, provider: Provider, begun: dict[str, Any]) -> Response:
    require_admin(await _still(request, begun))
    try:
        found = check.claims(await client(provider).known(request))
    except Failure as failure:
        found = [check.failed(failure)]
    response = tell(PAGES["trial"], "", "status")
    slips.give(response, check.TRIAL, forms.FLASH_LIFE, number=provider.number, found=[vars(line) for line in found])
    return response


ENDINGS: dict[Purpose, Callable[[Request, Provider, dict[str, Any]], Awaitable[Response]]] = {
    "sign-in": _end_sign_in,
    "link": _end_link,
    "trial": _end_trial,
}


async def _still(request: Request, begun: dict[str, Any]) -> session.Me:
    """Whoever began, if they are still who is signed in here."""
    try:
        me = await way_in.me(request)
    except session.NotSignedIn:
        me = None
    if me is None or me.id != begun["person_id"]:
        raise Invalid(STALE)
    return me
