"""The link at the end of a letter: ends e-mail of its kind, for whoever has it, signed in or not (RFC 8058).

Opening it changes nothing, as programs that look through mail open links; a button does, or the mail program's own.
"""

import reflex as rx
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from app import correspondence
from app.domain import preferences
from app.domain.errors import NotFound
from app.domain.kinds import CHOICE_OF, CHOICES
from app.web import forms, porch, url
from app.web.command import local
from app.web.flash import Flash

REFUSED = "This link is not valid. You can choose what you are written about in the settings."
DONE = "You get no more e-mail of this kind. The settings turn it on again."
PAGE = "/unsubscribe/"


class Unsubscribe(rx.State):
    what: str = ""
    """What it ends; empty if it is none of ours."""

    @local
    async def open(self) -> None:
        (await self.get_state(Flash))._read()
        found = correspondence.what_it_ends(self.router.url.path.rstrip("/").rpartition("/")[2])
        self.what = _words(found[1]) if found else ""


def page() -> rx.Component:
    return porch.page(
        "No more e-mail",
        rx.cond(
            Unsubscribe.what != "",
            rx.fragment(
                porch.small(Unsubscribe.what),
                porch.form("/auth/unsubscribe", submit="Send me no more of this", token=url.path_part("token")),
            ),
            rx.el.p(REFUSED, class_name="text-muted"),
        ),
    )


async def by_form(request: Request) -> Response:
    form = await forms.fields(request)
    back = PAGE + (form["token"][:400] or "none")
    try:
        await _end(request, form["token"])
    except NotFound as refusal:
        return forms.tell(back, refusal.sentence)
    return forms.tell(back, DONE, "status")


async def by_mail_program(request: Request) -> Response:
    """Nobody is asked, and nobody is sent elsewhere."""
    try:
        await _end(request, request.path_params["token"])
    except NotFound as refusal:
        return PlainTextResponse(refusal.sentence, 404)
    return PlainTextResponse(DONE)


async def to_page(request: Request) -> Response:
    return RedirectResponse(PAGE + request.path_params["token"], 303)


async def _end(request: Request, token: str) -> None:
    found = correspondence.what_it_ends(token)
    if found is None:
        raise NotFound(REFUSED)
    async with forms.transaction(request) as tx:
        await preferences.turn_off_email(tx, *found)


def _words(kind: str) -> str:
    if kind == "digest":
        return "The daily digest."
    return f"{CHOICES[CHOICE_OF[kind]].words}." if kind in CHOICE_OF else ""


routes = [
    Route("/auth/unsubscribe", by_form, methods=["POST"]),
    Route("/mail/unsubscribe/{token}", to_page, methods=["GET"]),
    Route("/mail/unsubscribe/{token}", by_mail_program, methods=["POST"]),
]
