"""This Tandem as a whole: who looks after it, and who may sign up. Its one row is the topic `instance:1`."""

from sqlalchemy import select
from sqlmodel import col

from app.domain import entry, invites, people
from app.domain.access import Actor
from app.domain.entry import Entry
from app.domain.errors import NotAllowed, NotFound
from app.domain.models import Instance, Person
from app.domain.transaction import Transaction

ID = people.INSTANCE
MISSING = "This is gone, or it is not shared with you."


async def set_sign_up(tx: Transaction, actor: Actor, rule: str) -> None:
    """Say who may sign up, as `entry.parse` reads it; an empty rule leaves it to the environment again."""
    await require_admin(tx, actor)
    wanted = str(entry.parse(rule)) if rule.strip() else ""
    await tx.advance("instance", ID)
    row = await tx.session.get_one(Instance, ID)
    if row.sign_up != wanted:
        row.sign_up = wanted
        await tx.record("instance", ID, "instance.sign_up_set", actor.id, "instance", ID, rule=wanted)


async def set_admin(tx: Transaction, actor: Actor, person_id: int, is_admin: bool) -> None:
    """Let somebody look after this Tandem as well, or no longer; one person always does."""
    await _set_admin(tx, actor, person_id, is_admin)


async def appoint(tx: Transaction, person_id: int, is_admin: bool) -> None:
    """The same by whoever has the machine, which is nobody's account."""
    await _set_admin(tx, None, person_id, is_admin)


async def _set_admin(tx: Transaction, actor: Actor | None, person_id: int, is_admin: bool) -> None:
    found = await tx.advance("person", person_id)
    await tx.advance("instance", ID)  # Of two who take this from each other at once, the second has lost it.
    if actor is not None:
        await require_admin(tx, actor)
    if found is None:
        raise NotFound("There is no such person.")
    person = await tx.session.get_one(Person, person_id, populate_existing=True)
    if person.is_admin == is_admin:
        return
    others = select(col(Person.id)).where(col(Person.is_admin), col(Person.id) != person_id).limit(1)
    if not is_admin and (await tx.session.execute(others)).first() is None:
        raise NotAllowed("Somebody has to look after this Tandem. Make another person an admin first.")
    person.is_admin = is_admin
    ranks = ("member", "admin") if is_admin else ("admin", "member")
    change = "instance.admins_changed", actor and actor.id, "person", person_id
    details = dict(zip(("from", "to"), ranks, strict=True))
    await tx.record("person", person_id, *change, **details)
    await tx.record("instance", ID, *change, **details)


async def require_admin(tx: Transaction, actor: Actor) -> None:
    """Whoever does not look after this Tandem gets the answer that a missing page gets."""
    query = select(col(Person.is_admin)).where(col(Person.id) == actor.id)
    if not (await tx.session.execute(query)).scalar_one_or_none():
        raise NotFound(MISSING)


async def sign_up_rule(tx: Transaction, default: Entry) -> Entry:
    """What holds now: what an admin has set, or else `default`, which the environment says."""
    row = await tx.session.get_one(Instance, ID)
    return entry.parse(row.sign_up) if row.sign_up else default


async def admit(tx: Transaction, email: str, invitation: str, default: Entry) -> Entry:
    """The rule that holds, if it lets somebody with this address and this invitation's token sign up.

    NotAllowed if not. The first person may in any case; of two first ones at once the second waits here.
    """
    await tx.advance("instance", ID)
    rule = await sign_up_rule(tx, default)
    if (await tx.session.execute(select(col(Person.id)).limit(1))).first() is None:
        return Entry("open")
    rule.require(email, rule.kind == "invited" and await _is_invitation(tx, invitation))
    return rule


async def _is_invitation(tx: Transaction, token: str) -> bool:
    try:
        await invites.look(tx, token)
    except NotFound:
        return False
    return True
