"""The forms of the settings page that need the password: never over the socket."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app import passwords
from app.domain import accounts
from app.domain.access import Actor
from app.domain.errors import NotFound, Refusal
from app.web import address, forms, letters, rate, way_in
from app.web.session import NotSignedIn

PAGE = "/settings"


async def change_password(request: Request) -> Response:
    form = await forms.fields(request)
    try:
        person = await way_in.prove(request, form["password"])
        password_hash = await passwords.hash(form["new_password"])
        actor, keep = Actor(person.id, person.name), way_in.session_id(request) or ""
        async with forms.transaction(request) as tx:
            await accounts.change_password(tx, actor, person.password_hash, password_hash, keep)
            if letters.are_sent():
                await letters.post(tx, "password changed", letters.password_changed(person.email, person.name))
        return forms.back(PAGE, form, "Your password is changed.", about="password", tone="status")
    except NotSignedIn:
        return RedirectResponse("/sign-in?next=/settings", 303)
    except Refusal as refusal:
        return forms.back(PAGE, form, refusal.sentence, about="password")


async def change_email(request: Request) -> Response:
    form = await forms.fields(request)
    try:
        person = await way_in.prove(request, form["password"])
        sentence = await _new_address(request, Actor(person.id, person.name), form["email"])
        return forms.back(PAGE, form | {"email": ""}, sentence, about="email", tone="status")
    except NotSignedIn:
        return RedirectResponse("/sign-in?next=/settings", 303)
    except Refusal as refusal:
        return forms.back(PAGE, form, refusal.sentence, about="email")


async def confirm_email(request: Request) -> Response:
    """Reached from the letter, on whichever device it is read."""
    form = await forms.fields(request)
    door, where = rate.door(), address.of(request.scope)
    tone: forms.Tone = "alert"
    try:
        async with door.trying(door.reset, where), forms.transaction(request) as tx:
            person, was = await accounts.confirm_email(tx, form["token"])
            await letters.post(tx, "address changed", letters.address_changed(was, person.name))
        sentence, tone = f"Your e-mail address is {person.email} now.", "status"
    except NotFound as refusal:
        sentence = refusal.sentence
    except Refusal as refusal:
        return forms.back(f"/confirm/{form['token'][:100]}", form, refusal.sentence)
    try:
        await way_in.me(request)
    except NotSignedIn:
        return forms.back("/sign-in", form, sentence, tone=tone)
    return forms.back(PAGE, form, sentence, about="email", tone=tone)


async def _new_address(request: Request, actor: Actor, email: str) -> str:
    """Change it, or send the link that does; what has been done, in words."""
    if not letters.are_sent():
        async with forms.transaction(request) as tx:
            await accounts.change_email(tx, actor, email)
        return "Your e-mail address is changed."
    async with forms.transaction(request) as tx:
        token = await accounts.propose_email(tx, actor, email)
        link = letters.link(f"/confirm/{token}", request.headers.get("origin", ""))
        await letters.post(tx, "confirm", letters.confirm(email.strip(), actor.name, link), proof=token)
    return f"We have sent a link to {email.strip()}. Open it within an hour, and this is your address."
