"""What an endpoint answers when it cannot do what was asked: a sentence, and a status for programs."""

import errno
import functools
import logging
from collections.abc import Awaitable, Callable
from typing import cast
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from app import log
from app.domain.access import Actor
from app.domain.errors import Busy, Conflict, Full, Invalid, NotAllowed, NotFound, Refusal
from app.troubles import NO_ROOM
from app.web import cookies, rate, session, uploads

logger = logging.getLogger(__name__)

GUARDED = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Headers of what people have written or uploaded, whatever a browser makes of it."""
SIGNED_OUT = "You are signed out. Sign in again, then try once more."
LOST = "This could not be kept, or read. Please try again in a moment."
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
STATUS: dict[type[Refusal], int] = {
    uploads.TooLarge: 413,
    uploads.TooSlow: 408,
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    Invalid: 422,
    Full: 507,
    Busy: 503,
}

Endpoint = Callable[[Request], Awaitable[Response]]


async def actor_of(request: Request) -> Actor:
    """Whose browser this is; NotSignedIn if nobody's. A POST counts as a command."""
    me = await session.me_of(cookies.session_id(request.headers.get("cookie", "")))
    log.about(person=me.id)
    if request.method == "POST":
        rate.spend(me.id)
    return session.actor(me)


def answering(handle: Endpoint, *, is_followed: bool = False) -> Endpoint:
    """An endpoint whose failures are sentences: in JSON for our own pages that post, else as they are.

    One whose links are followed by people (`is_followed`) sends who is not signed in to sign in, and back.
    """

    @functools.wraps(handle)
    async def answer(request: Request) -> Response:
        try:
            return await handle(request)
        except Refusal as refusal:
            status = next(status for kind, status in STATUS.items() if isinstance(refusal, kind))
            return _said(request, refusal.sentence, status)
        except session.NotSignedIn:
            if is_followed:
                asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
                return RedirectResponse(f"/sign-in?next={quote(asked, safe='')}", 303)
            return _said(request, SIGNED_OUT, 401)
        except OSError as error:
            if error.errno in NO_SPACE:
                logger.error("A file could not be kept: the disk of DATA_DIR is full; make room on it")
                return _said(request, NO_ROOM, 507)
            logger.exception("A file could not be kept or read")
            return _said(request, LOST, 507)

    return cast(Endpoint, answer)


def _said(request: Request, sentence: str, status: int) -> Response:
    # What still comes is thrown away, up to what was announced; of what has no end, no more is taken.
    is_endless = status == 408 or (status == 413 and not uploads.announced(request))
    headers = GUARDED | ({"Connection": "close"} if is_endless else {})
    if request.method == "POST":
        return JSONResponse({"sentence": sentence}, status, headers)
    return PlainTextResponse(sentence, status, headers)
