"""Plain HTTP beside the pages: the forms that sign people up, in and out, and the redirects around them.

A form that cannot be taken goes back where it came from with a short-lived signed cookie that holds the sentence and
what was typed, less the password.
"""

import logging
from datetime import timedelta
from urllib.parse import urlencode

from reflex.utils.prerequisites import get_web_dir
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app import passwords
from app.domain import people, sessions
from app.domain.errors import Busy, Invalid, Refusal
from app.domain.models import Person
from app.web import cookies, live, session

logger = logging.getLogger(__name__)

FLASH = "tandem_flash"
FLASH_LIFE = timedelta(seconds=60)
LONGEST_FORM = 16 * 1024
"""Bytes of a posted form."""
WRONG = "The e-mail address or the password is wrong."
OPEN_PAGES = ("/sign-in", "/sign-up", "/join/")
"""Pages for people who are not signed in."""


async def sign_up(request: Request) -> Response:
    form = await _fields(request)
    try:
        passwords.check(form["password"])
        email = people.address(form["email"])
        password_hash = await passwords.hash(form["password"])
        async with live.current().db.transaction() as tx:
            person = await people.sign_up(tx, form["name"], email, password_hash)
        return await _signed_in(request, person, form["next"])
    except Refusal as refusal:
        return _back("/sign-up", form, refusal)


async def sign_in(request: Request) -> Response:
    form = await _fields(request)
    try:
        async with live.current().db.reading() as tx:
            person = await people.with_email(tx, form["email"])
        if not await passwords.verify(person.password_hash if person else None, form["password"]) or person is None:
            raise Invalid(WRONG)
        return await _signed_in(request, person, form["next"])
    except Refusal as refusal:
        return _back("/sign-in", form, refusal)


async def sign_out(request: Request) -> Response:
    response = RedirectResponse("/sign-in", 303)
    if session_id := cookies.session_id(request.headers.get("cookie", "")):
        async with live.current().db.unrecorded() as db:
            await sessions.end(db, session_id)
        session.forget(session_id)
    cookies.clear_session(response)
    return response


def safe_next(path: str) -> str:
    """Where to go after signing in: a path of ours, or home."""
    is_ours = path.startswith("/") and path[1:2] not in ("/", "\\") and path.isprintable() and " " not in path
    return path if is_ours else "/"


async def _signed_in(request: Request, person: Person, next_path: str) -> Response:
    device = request.headers.get("user-agent", "")
    async with live.current().db.unrecorded() as db:
        session_id = await sessions.start(db, person.id, device, cookies.LIFE)
    response = RedirectResponse(safe_next(next_path), 303)
    cookies.set_session(response, session_id, person.id)
    cookies.set_cookie(response, FLASH, "", 0)
    return response


def _back(page: str, form: dict[str, str], refusal: Refusal) -> Response:
    query = urlencode({"next": form["next"]}) if safe_next(form["next"]) != "/" else ""
    response = RedirectResponse(f"{page}?{query}" if query else page, 303)
    typed = {"page": page, "sentence": refusal.sentence, "email": form["email"][:254], "name": form["name"][:100]}
    cookies.set_cookie(response, FLASH, cookies.sign(typed, FLASH_LIFE), int(FLASH_LIFE.total_seconds()))
    return response


async def _fields(request: Request) -> dict[str, str]:
    """What the form sent, each field as text; a missing one is empty."""
    if int(request.headers.get("content-length") or LONGEST_FORM + 1) > LONGEST_FORM:
        return dict.fromkeys(("name", "email", "password", "next"), "")
    form = await request.form(max_files=0, max_fields=10)
    return {name: str(form.get(name, "")) for name in ("name", "email", "password", "next")}


class Doorman:
    """ASGI middleware: sends people who are not signed in to the sign-in page before a page is loaded."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        built = get_web_dir() / "build" / "client"
        self._folders = {folder.parent.name for folder in built.glob("*/index.html")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and _is_page(path := scope["path"]):
            request = Request(scope)
            try:
                is_signed_in = await _is_signed_in(request)
            except Busy:  # The page says so itself, and draws what it should as soon as that can be read.
                await self.app(scope, receive, send)
                return
            if not is_signed_in and not path.startswith(OPEN_PAGES):
                asked = path + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
                query = f"?{urlencode({'next': asked})}" if asked != "/" else ""
                await RedirectResponse(f"/sign-in{query}", 303)(scope, receive, send)
                return
            if is_signed_in and path.rstrip("/") in ("/sign-in", "/sign-up"):
                await RedirectResponse(safe_next(request.query_params.get("next", "/")), 303)(scope, receive, send)
                return
            if path.strip("/") in self._folders:  # Served as a folder's index; without this, by way of a redirect.
                scope = {**scope, "path": f"/{path.strip('/')}/"}
        await self.app(scope, receive, send)


def _is_page(path: str) -> bool:
    return "." not in path.rpartition("/")[2] and not path.startswith(("/_", "/auth/", "/assets/", "/ping", "/health"))


async def _is_signed_in(request: Request) -> bool:
    try:
        await session.me_of(cookies.session_id(request.headers.get("cookie", "")))
    except session.NotSignedIn:
        return False
    return True


async def busy(request: Request, error: Exception) -> Response:
    return PlainTextResponse(str(error), 503)


async def gone(request: Request, error: Exception) -> Response:
    """Whoever asked has left in the middle of it: nobody reads this."""
    return Response(status_code=400)


async def health(request: Request) -> Response:
    return JSONResponse({"status": "healthy"})


routes = Starlette(
    routes=[
        Route("/auth/sign-up", sign_up, methods=["POST"]),
        Route("/auth/sign-in", sign_in, methods=["POST"]),
        Route("/auth/sign-out", sign_out, methods=["POST"]),
        Route("/health", health),
    ],
    exception_handlers={Busy: busy, ClientDisconnect: gone},
)
