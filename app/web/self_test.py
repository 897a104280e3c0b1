"""For a person with trouble: what is wrong between their browser and Tandem, in words to send to an admin.

The page looks by itself (self_test_looks.jsx), as the connection over which it could ask may be what is wrong. It tells
nobody anything but what concerns whoever asks, and where this Tandem is.
"""

import reflex as rx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app import settings
from app.domain.errors import Busy
from app.web import address, cookies, javascript, session, ui

COOKIE = "tandem_self_test"
MINUTE = 60


async def told(request: Request) -> Response:
    """GET /api/self-test: what of a request arrives here. It sets a cookie, to see whether that comes back."""
    header = request.headers.get("cookie", "")
    lists = ",".join(request.headers.getlist("x-forwarded-for"))
    answer = JSONResponse(
        {
            "public_url": settings.get().public_url,
            "cookie": _name() in cookies.values(header),
            "is_signed_in": await _is_signed_in(header),
            "address": address.of(request.scope),
            "forwarded": len([part for part in lists.split(",") if part.strip()]),
            "hops": settings.get().trusted_proxy_hops,
        },
        headers={"Cache-Control": "private, no-store"},
    )
    cookies.set_cookie(answer, _name(), "1", MINUTE)
    return answer


def _name() -> str:
    """Set as the cookie of a sign-in is, so that it is lost where that would be."""
    return f"{cookies.prefix()}{COOKIE}"


async def _is_signed_in(header: str) -> bool:
    try:
        await session.me_of(cookies.session_id(header))
    except (session.NotSignedIn, Busy):
        return False
    return True


javascript.library(__name__, "self_test_looks.jsx")


class SelfTest(rx.Component):
    library = javascript.library(__name__, "self_test.jsx")
    tag = "SelfTest"
    classes: rx.Var[dict[str, str]]


_MARK = "mt-px flex size-5 shrink-0 items-center justify-center font-semibold "
CLASSES = {
    "verdict": "text-lg font-semibold",
    "list": "flex flex-col gap-1",
    "line": "flex gap-2.5 rounded-md border border-line bg-raised px-3 py-2",
    "right": f"{_MARK}text-good",
    "wrong": f"{_MARK}text-danger",
    "unsure": f"{_MARK}text-warn",
    "words": "min-w-0",
    "title": "font-medium",
    "hint": "text-sm break-words text-muted",
    "spoken": "sr-only",
    "report": f"{ui.INPUT}font-mono text-xs",
    "buttons": "flex flex-wrap gap-2",
    "primary": ui.BUTTON + ui.KINDS["primary"],
    "plain": ui.BUTTON + ui.KINDS["plain"],
}


def page() -> rx.Component:
    return rx.el.main(
        rx.el.div(
            rx.el.div(
                rx.el.img(src="/favicon.svg", alt="", class_name="size-9"),
                rx.el.h1("Self-test", class_name="text-xl font-semibold"),
                class_name="flex items-center gap-3",
            ),
            rx.el.p(
                "Looks at the way between this browser and Tandem, and says what is wrong with it.",
                class_name="text-muted",
            ),
            SelfTest.create(classes=CLASSES),
            rx.el.a("To your workspaces", href="/", class_name="text-sm font-medium text-accent hover:underline"),
            class_name="mx-auto flex w-full max-w-2xl flex-col gap-4 p-4 sm:p-8",
        ),
        class_name="min-h-dvh",
    )


routes = [Route("/api/self-test", told)]
