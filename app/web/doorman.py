"""Sends people who are not signed in to the sign-in page, before a page is loaded."""

from urllib.parse import urlencode

from reflex.utils.prerequisites import get_web_dir
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.domain.errors import Busy
from app.web import cookies, session
from app.web.forms import safe_next

OPEN_PAGES = ("/sign-in", "/sign-up", "/join/", "/forgot", "/reset/", "/confirm/", "/unsubscribe/", "/selftest")
"""Pages for people who are not signed in."""
NO_PAGES = ("/_", "/auth/", "/assets/", "/files/", "/mail/", "/ping", "/health", "/metrics", "/api/")


class Doorman:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        built = get_web_dir() / "build" / "client"
        self._folders = {str(page.parent.relative_to(built)) for page in built.rglob("index.html")}

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
    return "." not in path.rpartition("/")[2] and not path.startswith(NO_PAGES)


async def _is_signed_in(request: Request) -> bool:
    try:
        await session.me_of(cookies.session_id(request.headers.get("cookie", "")))
    except session.NotSignedIn:
        return False
    return True
