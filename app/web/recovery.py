"""Getting back in: a link by e-mail, or from whoever looks after this Tandem, with which to choose a new password."""

from starlette.requests import Request
from starlette.responses import Response

from app import passwords
from app.domain import accounts
from app.domain.errors import Busy, NotFound, Refusal
from app.web import address, forms, letters, rate, second_step
from app.web.background import insistently, soon

ON_ITS_WAY = "If there is an account with this address, a link to choose a new password is on its way to it."
NO_MAIL = "This Tandem sends no e-mail. Ask one of its admins for a link to choose a new password."


async def forgot(request: Request) -> Response:
    """The same answer to everybody and at once: what there is to do is done afterwards."""
    form = await forms.fields(request)
    try:
        await rate.door().take(rate.door().reset, address.of(request.scope))
    except Busy as busy:
        return forms.back("/forgot", form, busy.sentence)
    if not letters.are_sent():
        return forms.back("/forgot", form, NO_MAIL)
    soon(_send_link(request, form["email"]))
    return forms.back("/forgot", form, ON_ITS_WAY, tone="status")


async def _send_link(request: Request, email: str) -> None:
    """Nobody's mailbox is filled, from however many addresses it is asked for."""
    await rate.door().take(rate.door().letters, "", email.strip().lower()[:254])

    async def write() -> None:
        async with forms.transaction(request) as tx:
            if asked := await accounts.ask_for_reset(tx, email):
                person, token = asked
                link = letters.link(f"/reset/{token}", request.headers.get("origin", ""))
                await letters.post(tx, "reset", letters.reset(person.email, person.name, link), proof=token)

    await insistently(write)


async def reset(request: Request) -> Response:
    """Choose a new password with a link, which ends every sign-in and begins a new one."""
    form = await forms.fields(request)
    door, where = rate.door(), address.of(request.scope)
    try:
        async with door.trying(door.reset, where):
            password_hash = await passwords.hash(form["new_password"])
            async with forms.transaction(request) as tx:
                person = await accounts.reset_password(tx, form["token"], password_hash)
        return await second_step.ask_or_let_in(request, person, "/")
    except NotFound as refusal:
        return forms.back("/forgot", form, refusal.sentence)
    except Refusal as refusal:
        return forms.back(f"/reset/{form['token'][:100]}", form, refusal.sentence)
