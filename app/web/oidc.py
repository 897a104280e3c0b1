"""Signing in elsewhere: the routes that send a browser to its provider, and the one where it comes back.

What was begun is in a slip in that browser, so the answer may come to any worker and counts once. It is one of three
things: somebody signs in; somebody who is signed in links an identity; an admin tries whether signing in would work.
"""

import html
import logging
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from app import settings
from app.domain import identities
from app.domain.errors import Invalid, NotFound, Refusal
from app.oidc import check
from app.oidc.client import answering, client
from app.oidc.failure import Failure
from app.providers import Provider
from app.web import arrivals, forms, session, slips, way_in
from app.web.arrivals import PAGES, Purpose
from app.web.forms import tell
from app.web.typed import number
from app.web.way_in import cookie_header

logger = logging.getLogger(__name__)

BEGUN = "oidc"
"""The kind of slip that says what was begun, with what the provider's answer has to fit."""
LIFE = timedelta(minutes=10)


async def sign_in(request: Request) -> Response:
    """A link leads here: a browser that was sent on from a form would have to be allowed every address on the way."""
    try:
        return await _begin(request, "sign-in", next=forms.safe_next(request.query_params.get("next", "")))
    except Refusal as refusal:
        return _back(request, "sign-in", refusal)


async def link(request: Request) -> Response:
    """The form in the settings. Another site cannot post it, and so cannot link an identity of its own."""
    return await _begin_as(request, "link", lambda me: None)


async def trial(request: Request) -> Response:
    """The form of the check: signs in at the provider, and here changes nothing."""
    return await _begin_as(request, "trial", arrivals.require_admin)


async def callback(request: Request) -> Response:
    """The browser comes back with what its provider says."""
    slip = slips.read(cookie_header(request), BEGUN)
    purpose: Purpose = slip.claims["purpose"] if slip else "sign-in"
    try:
        if slip is None or not _fits(request, slip.claims):
            raise Invalid(arrivals.STALE)
        await slips.spend(slip)
        request.scope["session"] = slip.claims["session"]
        provider = _provider(request)
        response = await arrivals.ENDINGS[purpose](request, provider, slip.claims)
    except Refusal as refusal:
        response = _back(request, purpose, refusal)
    slips.clear(response, BEGUN)
    return response


async def unlink(request: Request) -> Response:
    try:
        me = await way_in.me(request)
        form = await forms.fields(request, "identity")
        async with forms.transaction(request) as tx:
            await identities.unlink(tx, session.actor(me), number(form["identity"]))
        return tell("/settings", "Unlinked.", "status")
    except session.NotSignedIn:
        return RedirectResponse("/sign-in", 303)
    except Refusal as refusal:
        return tell("/settings", refusal.sentence)


async def _begin_as(request: Request, purpose: Purpose, require: Callable[[session.Me], None]) -> Response:
    try:
        me = await way_in.me(request)
        require(me)
        sent_on = await _begin(request, purpose, person_id=me.id)
    except session.NotSignedIn:
        return RedirectResponse("/sign-in", 303)
    except Refusal as refusal:
        return _back(request, purpose, refusal)
    # The page's policy lets a form lead to our own addresses only, and a browser applies that to redirects, too.
    there = html.escape(sent_on.headers["location"])
    leaving = HTMLResponse(f'<!doctype html><title>Tandem</title><a href="{there}">Go on to sign in</a>')
    leaving.headers["Refresh"] = f"0;url={sent_on.headers['location']}"
    leaving.raw_headers += [header for header in sent_on.raw_headers if header[0] == b"set-cookie"]
    return leaving


async def _begin(request: Request, purpose: Purpose, **claims: Any) -> Response:
    provider, state = _provider(request), secrets.token_urlsafe(32)
    request.scope["session"] = {}
    async with answering(provider):
        redirect_uri = check.redirect_address(settings.get().public_url, provider)
        response = await client(provider).authorize_redirect(request, redirect_uri, state=state)
    for kept in request.session.values():
        del kept["data"]["url"]  # Long, and known already.
    held = {"purpose": purpose, "number": provider.number, "state": state, "session": request.session} | claims
    slips.give(response, BEGUN, LIFE, **held)
    return response


def _fits(request: Request, begun: dict[str, Any]) -> bool:
    """Whether this answers what was begun in this browser."""
    state = request.query_params.get("state", "")
    is_same = secrets.compare_digest(state.encode("utf-8", "replace"), begun["state"].encode())
    return is_same and begun["number"] == request.path_params["number"]


def _provider(request: Request) -> Provider:
    for provider in settings.get().providers:
        if provider.number == request.path_params["number"]:
            return provider
    raise NotFound("This Tandem does not know that way to sign in.")


def _back(request: Request, purpose: Purpose, refusal: Refusal) -> Response:
    if isinstance(refusal, Failure):
        number = request.path_params["number"]
        logger.warning("Signing in with provider %s failed (%s): %s", number, refusal.step, refusal.reason)
    return tell(PAGES[purpose], refusal.sentence)


routes = [
    Route("/auth/oidc/{number:int}", sign_in, methods=["GET"]),
    Route("/auth/oidc/{number:int}/callback", callback, methods=["GET"]),
    Route("/auth/oidc/{number:int}/link", link, methods=["POST"]),
    Route("/auth/oidc/{number:int}/trial", trial, methods=["POST"]),
    Route("/auth/identities/unlink", unlink, methods=["POST"]),
]
