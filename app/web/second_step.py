"""Signing in with a password when there is a second factor: the code is asked for on a page of its own.

Between the two steps there is a slip in the browser and no session. A code from the app and a recovery code are typed
into the same field. Signing in elsewhere does not come through here: asking for more is up to the provider.
"""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app import second_factor
from app.domain import second_factors
from app.domain.errors import Invalid, Refusal
from app.domain.models import Person
from app.web import forms, live, slips, way_in
from app.web.forms import tell
from app.web.way_in import cookie_header

ASKED = "step"
"""The kind of slip that says who has shown their password."""
LIFE = timedelta(minutes=5)
PAGE = "/sign-in/code"
WRONG = "This code is not right. Codes change every 30 seconds, and each can be used once."
UNREADABLE = (
    "Codes from your app can no longer be checked, as this Tandem's secret key was changed. Sign in with a recovery "
    "code, or ask your admin to turn the second factor off."
)
OFF = "The second factor is off by now. Please sign in again without it."
TOO_LATE = "That took too long. Please sign in again."


async def ask_or_let_in(request: Request, person: Person, next_path: str) -> Response:
    """Whoever has shown this person's password gets in, or is asked for a code first."""
    async with live.current().db.reading() as tx:
        is_needed = await second_factors.of(tx, person.id) is not None
    if not is_needed:
        return await way_in.let_in(request, person, next_path)
    response = RedirectResponse(PAGE, 303)
    slips.give(response, ASKED, LIFE, person_id=person.id, next=forms.safe_next(next_path))
    return response


async def take_code(request: Request) -> Response:
    form = await forms.fields(request, "code")
    slip = slips.read(cookie_header(request), ASKED)
    if slip is None:
        return tell("/sign-in", TOO_LATE)
    try:
        await count_try(slip.claims["person_id"])
        await use_code(slip.claims["person_id"], form["code"])
        await slips.spend(slip)
        async with live.current().db.reading() as tx:
            person = await tx.session.get_one(Person, slip.claims["person_id"])
        response = await way_in.let_in(request, person, slip.claims["next"])
        slips.clear(response, ASKED)
        return response
    except Refusal as refusal:
        return tell(PAGE, refusal.sentence)


async def count_try(person_id: int) -> None:
    """Comes before anything of this person's is compared; Busy after too many tries."""
    async with live.current().db.unrecorded() as session:
        await second_factors.count_try(session, person_id)


async def use_code(person_id: int, typed: str) -> None:
    """Use up a code of this person's, from the app or for recovery; Invalid if it is none."""
    db = live.current().db
    if second_factor.is_recovery_code(typed):
        async with db.unrecorded() as session:
            is_right = await second_factors.use_recovery_code(session, person_id, second_factor.hash_of(typed))
    else:
        is_right = await _is_fresh(person_id, typed)
    if not is_right:
        raise Invalid(WRONG)


async def _is_fresh(person_id: int, typed: str) -> bool:
    """Whether this is a code from the person's app that was not used before."""
    async with live.current().db.reading() as tx:
        factor = await second_factors.of(tx, person_id)
    if factor is None:
        raise Invalid(OFF)
    if (secret := second_factor.unseal(factor.secret)) is None:
        raise Invalid(UNREADABLE)
    if (step := second_factor.step_of(secret, typed)) is None:
        return False
    async with live.current().db.unrecorded() as session:
        return await second_factors.use_step(session, person_id, step)


routes = [Route("/auth/sign-in/code", take_code, methods=["POST"])]
