"""Setting up the second factor: forms, and the pictures and texts that must be seen once and nowhere else.

A secret or a recovery code comes to the browser in an answer over HTTP to somebody who holds the slip for it. None goes
through the socket or into a page's state, where it would stay.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import wraps

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from app import second_factor
from app.domain import second_factors
from app.domain.errors import Busy, Invalid, Refusal
from app.domain.models import Person
from app.web import forms, live, second_step, session, slips, way_in
from app.web.forms import tell
from app.web.session import Me
from app.web.way_in import cookie_header

PAGE = "/settings/second-factor"
SET_UP, CODES = "totp", "codes"
"""The kinds of slip that carry, encrypted, a secret that is being set up, and new recovery codes."""
SET_UP_LIFE, CODES_LIFE = timedelta(minutes=15), timedelta(minutes=10)
WRONG_CODE = "This code is not right. Look whether the clock of your device is, and type the code that it shows now."
TOO_LATE = "Setting this up took too long. Please start again."
SEEN = "They were shown already, and cannot be shown again. You can make new ones in the settings."

Act = Callable[[Request, Me], Awaitable[Response]]


def form(page: str) -> Callable[[Act], Callable[[Request], Awaitable[Response]]]:
    """A form of somebody who is signed in, whose refusal is told on `page`; or what is not there for them to see."""

    def wrap(act: Act) -> Callable[[Request], Awaitable[Response]]:
        @wraps(act)
        async def take(request: Request) -> Response:
            is_form = request.method == "POST"
            try:
                return await act(request, await way_in.me(request))
            except session.NotSignedIn:
                return RedirectResponse("/sign-in", 303) if is_form else PlainTextResponse("", 401)
            except Refusal as refusal:
                if is_form:
                    return tell(page, refusal.sentence)
                if isinstance(refusal, Busy):
                    raise
                return _unkept(Response(status_code=204))  # The page says why; of an error a browser would complain.

        return take

    return wrap


@form("/settings")
async def begin(request: Request, me: Me) -> Response:
    async with live.current().db.reading() as tx:
        person = await tx.session.get_one(Person, me.id)
        if await second_factors.of(tx, me.id) is not None:
            raise Invalid("The second factor is on already.")
    if not person.password_hash:
        raise Invalid("A second factor is for those who sign in with a password. Choose one first.")
    response = RedirectResponse(PAGE, 303)
    secret = second_factor.seal(second_factor.new_secret())
    slips.give(response, SET_UP, SET_UP_LIFE, person_id=me.id, secret=secret)
    return response


@form(PAGE)
async def turn_on(request: Request, me: Me) -> Response:
    sent, secret = await forms.fields(request, "password", "code"), _secret(request, me)
    await way_in.prove(request, sent["password"])
    if (step := second_factor.step_of(secret, sent["code"])) is None:
        raise Invalid(WRONG_CODE)
    codes = second_factor.new_recovery_codes()
    async with forms.transaction(request) as tx:
        kept = second_factor.seal(secret), step, _hashes(codes)
        await second_factors.turn_on(tx, session.actor(me), *kept)
    response = _show(codes, me)
    slips.clear(response, SET_UP)
    return response


@form("/settings")
async def renew_codes(request: Request, me: Me) -> Response:
    await _prove(request, me)
    codes = second_factor.new_recovery_codes()
    async with forms.transaction(request) as tx:
        await second_factors.renew_codes(tx, session.actor(me), _hashes(codes))
    return _show(codes, me)


@form("/settings")
async def turn_off(request: Request, me: Me) -> Response:
    await _prove(request, me)
    async with forms.transaction(request) as tx:
        await second_factors.turn_off(tx, session.actor(me))
    return tell("/settings", "The second factor is off. Your password is enough again.", "status")


@form(PAGE)
async def picture(request: Request, me: Me) -> Response:
    svg = second_factor.picture(second_factor.address(_secret(request, me), me.email))
    return _unkept(Response(svg, media_type="image/svg+xml"))


@form(PAGE)
async def secret(request: Request, me: Me) -> Response:
    letters = _secret(request, me)
    return _unkept(PlainTextResponse(" ".join(letters[at : at + 4] for at in range(0, len(letters), 4))))


@form(PAGE)
async def recovery_codes(request: Request, me: Me) -> Response:
    """Once."""
    slip = slips.read(cookie_header(request), CODES)
    codes = second_factor.unseal(slip.claims["codes"]) if slip and slip.claims["person_id"] == me.id else None
    if slip is None or codes is None:
        raise Invalid(SEEN)
    await slips.spend(slip, SEEN)
    return _unkept(PlainTextResponse(codes))


async def _prove(request: Request, me: Me) -> None:
    """That it is the person who does this, and not somebody at their screen."""
    sent = await forms.fields(request, "password", "code")
    await way_in.prove(request, sent["password"])
    await second_step.count_try(me.id)
    await second_step.use_code(me.id, sent["code"])


def _secret(request: Request, me: Me) -> str:
    """The one that this person is setting up in this browser."""
    slip = slips.read(cookie_header(request), SET_UP)
    opened = second_factor.unseal(slip.claims["secret"]) if slip and slip.claims["person_id"] == me.id else None
    if opened is None:
        raise Invalid(TOO_LATE)
    return opened


def _hashes(codes: list[str]) -> list[str]:
    return [second_factor.hash_of(code) for code in codes]


def _show(codes: list[str], me: Me) -> Response:
    response = RedirectResponse(PAGE, 303)
    slips.give(response, CODES, CODES_LIFE, person_id=me.id, codes=second_factor.seal("\n".join(codes)))
    forms.unsay(response)
    return response


def _unkept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


routes = [
    Route("/auth/second-factor/begin", begin, methods=["POST"]),
    Route("/auth/second-factor/turn-on", turn_on, methods=["POST"]),
    Route("/auth/second-factor/turn-off", turn_off, methods=["POST"]),
    Route("/auth/second-factor/renew-codes", renew_codes, methods=["POST"]),
    Route("/auth/second-factor/picture", picture, methods=["GET"]),
    Route("/auth/second-factor/secret", secret, methods=["GET"]),
    Route("/auth/second-factor/recovery-codes", recovery_codes, methods=["GET"]),
]
