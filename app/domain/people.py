"""People: sign up, change the profile. Passwords arrive here as hashes only (app/passwords.py)."""

import re

from sqlalchemy import func, or_, select
from sqlmodel import col

from app.domain import text
from app.domain.access import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.models import Inbox, Member, Person
from app.domain.transaction import Transaction

INSTANCE = 1
"""The id of the one row that stands for this Tandem as a whole."""
COLORS = ("indigo", "sky", "teal", "green", "amber", "orange", "rose", "pink", "violet", "slate")
_NEVER = r"@\s\"<>(),;:\\\[\]\x00-\x1f\x7f\ud800-\udfff"
_ADDRESS = re.compile(rf"(?=.{{1,254}}$)[^{_NEVER}]{{1,64}}@[^{_NEVER}]{{1,180}}\.[^{_NEVER}.]{{2,63}}")


def address(typed: str) -> str:
    """An e-mail address as we keep it: trimmed and in lower case."""
    email = typed.strip().lower()
    if not _ADDRESS.fullmatch(email):
        raise Invalid("This does not look like an e-mail address.")
    return email


async def sign_up(tx: Transaction, name: str, email: str, password_hash: str) -> Person:
    """A new person. The first one is the instance's admin: of two at once the second waits, and is not."""
    name, email = text.line(name, "A name"), address(email)
    await tx.advance("instance", INSTANCE)
    if await with_email(tx, email) is not None:
        raise Invalid("There is an account with this e-mail address already. Sign in instead.")
    held = (await tx.session.execute(select(func.count()).select_from(Person))).scalar_one()
    person = Person(
        name=name,
        email=email,
        color=COLORS[held % len(COLORS)],
        password_hash=password_hash,
        is_admin=held == 0,
    )
    tx.session.add(person)
    await tx.session.flush()
    tx.session.add(Inbox(id=person.id))
    await tx.record("person", person.id, "person.signed_up", person.id, "person", person.id)
    await tx.record("instance", INSTANCE, "person.signed_up", person.id, "person", person.id)
    return person


async def with_email(tx: Transaction, email: str) -> Person | None:
    """The person with this address, however it is typed; None also for what is no address."""
    try:
        query = select(Person).where(col(Person.email) == address(email))
    except Invalid:
        return None
    return (await tx.session.execute(query)).scalar_one_or_none()


async def change_profile(tx: Transaction, actor: Actor, name: str, color: str) -> None:
    """Change how the person appears to everyone they work with."""
    name = text.line(name, "A name")
    if color not in COLORS:
        raise Invalid(f"A colour is one of {', '.join(COLORS)}.")
    if await tx.advance("person", actor.id) is None:
        raise NotFound("This account is gone.")
    person = await tx.session.get_one(Person, actor.id)
    if (person.name, person.color) == (name, color):
        return
    person.name, person.color = name, color
    await tx.record("person", actor.id, "person.changed", actor.id, "person", actor.id, name=name, color=color)
    await _tell_colleagues(tx, actor, name)


async def change_avatar(tx: Transaction, actor: Actor, key: str) -> str:
    """Give the person another picture, or none; the key of the one before, or empty."""
    if await tx.advance("person", actor.id) is None:
        raise NotFound("This account is gone.")
    person = await tx.session.get_one(Person, actor.id)
    before, person.avatar = person.avatar, key
    if before != key:
        await tx.record("person", actor.id, "person.changed", actor.id, "person", actor.id, has_avatar=key != "")
        await _tell_colleagues(tx, actor, person.name)
    return before


async def show(tx: Transaction, actor: Actor, is_shown: bool) -> None:
    """Have others see, or not, where the person is and when they write."""
    if await tx.advance("person", actor.id) is None:
        raise NotFound("This account is gone.")
    person = await tx.session.get_one(Person, actor.id)
    if person.is_shown != is_shown:
        person.is_shown = is_shown
        await tx.record("person", actor.id, "person.changed", actor.id, "person", actor.id, is_shown=is_shown)
        await _tell_colleagues(tx, actor, person.name)


async def require_avatar(tx: Transaction, actor: Actor, key: str) -> None:
    """Refuse a picture that is not the actor's own, nor of somebody with whom they share a workspace."""
    mine = select(col(Member.workspace_id)).where(col(Member.person_id) == actor.id)
    colleagues = select(col(Member.person_id)).where(col(Member.workspace_id).in_(mine))
    known = or_(col(Person.id) == actor.id, col(Person.id).in_(colleagues))
    query = select(col(Person.id)).where(col(Person.avatar) == key, col(Person.avatar) != "", known)
    if (await tx.session.execute(query)).first() is None:
        raise NotFound("There is no such picture, or it is not shared with you.")


async def _tell_colleagues(tx: Transaction, actor: Actor, name: str) -> None:
    """Record on every workspace of the person that they look otherwise now."""
    query = select(col(Member.workspace_id)).where(col(Member.person_id) == actor.id).order_by(col(Member.workspace_id))
    for workspace_id in (await tx.session.execute(query)).scalars().all():
        await tx.record("workspace", workspace_id, "person.changed", actor.id, "member", actor.id, name=name)
    await tx.record("instance", INSTANCE, "person.changed", actor.id, "person", actor.id)
