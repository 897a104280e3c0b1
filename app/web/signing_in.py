"""Signing up, in and out."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app import passwords, settings
from app.domain import accounts, audit, instance, people, sessions
from app.domain.errors import Invalid, NotFound, Refusal
from app.domain.models import Person
from app.domain.transaction import Transaction
from app.web import address, cookies, forms, letters, live, rate, second_step, session, way_in

WRONG = "The e-mail address or the password is wrong."
SENT = "We have sent a link to {email}. Open it within an hour to choose a password and go on."


async def sign_up(request: Request) -> Response:
    form = await forms.fields(request)
    try:
        await rate.door().take(rate.door().sign_up, address.of(request.scope))
        email = people.address(form["email"])
        password_hash = await passwords.hash(form["password"])
        async with forms.transaction(request) as tx:
            person, token = await _new_person(tx, form, email, password_hash)
            if token:
                link = letters.link(f"/reset/{token}", request.headers.get("origin", ""))
                await letters.post(tx, "welcome", letters.welcome(email, person.name, link), proof=token)
        if not token:
            return await way_in.let_in(request, person, form["next"])
        return forms.back("/sign-in", form, SENT.format(email=email), tone="status")
    except Refusal as refusal:
        return forms.back("/sign-up", form, refusal.sentence)


async def _new_person(tx: Transaction, form: dict[str, str], email: str, password_hash: str) -> tuple[Person, str]:
    """Where the domain of an address decides, and it can be proven: without a password, and the token to choose one."""
    invitation = form["next"].removeprefix("/join/") if form["next"].startswith("/join/") else ""
    rule = await instance.admit(tx, email, invitation, settings.get().sign_up)
    is_to_be_proven = rule.kind == "domains" and letters.are_sent()
    person = await people.sign_up(tx, form["name"], email, "" if is_to_be_proven else password_hash)
    asked = await accounts.ask_for_reset(tx, email) if is_to_be_proven else None
    return person, asked[1] if asked else ""


async def sign_in(request: Request) -> Response:
    form = await forms.fields(request)
    try:
        person = await recognise(request, form["email"], form["password"])
        return await second_step.ask_or_let_in(request, person, form["next"])
    except Refusal as refusal:
        return forms.back("/sign-in", form, refusal.sentence)


async def recognise(request: Request, email: str, password: str) -> Person:
    """Whose address and password these are; takes as long for people whom nobody knows. Only wrong tries count."""
    door, where, whom = rate.door(), address.of(request.scope), email.strip().lower()[:254]
    async with door.trying(door.account, where, whom), door.trying(door.sign_in, where):
        async with live.current().db.reading() as tx:
            person = await people.with_email(tx, email)
        if not await passwords.verify(person.password_hash if person else None, password) or person is None:
            await _note_refused(request, person, email)
            raise Invalid(WRONG)
        return person


async def _note_refused(request: Request, person: Person | None, email: str) -> None:
    """Whose account it was, if it was one; what is no address could be a password that slipped into the wrong field."""
    try:
        tried = people.address(email)
    except Invalid:
        tried = ""
    about = {"person_id": person and person.id, "subject": tried, "device": request.headers.get("user-agent", "")}
    async with live.current().db.unrecorded() as db:
        await audit.note(db, "session.refused", None, address.of(request.scope), **about)


async def sign_out(request: Request) -> Response:
    return await _leave(request, everywhere=False)


async def sign_out_everywhere(request: Request) -> Response:
    return await _leave(request, everywhere=True)


async def _leave(request: Request, everywhere: bool) -> Response:
    response = RedirectResponse("/sign-in", 303)
    cookies.clear_session(response)
    session_id = way_in.session_id(request)
    try:
        actor = session.actor(await way_in.me(request))
        async with forms.transaction(request) as tx:
            if everywhere:
                await sessions.end_others(tx, actor, keep="")
            else:
                await sessions.end(tx, actor, session_id or "")
    except (session.NotSignedIn, NotFound):
        pass  # It has ended already, which is what was asked for.
    if session_id:
        session.forget(session_id)
    return response
