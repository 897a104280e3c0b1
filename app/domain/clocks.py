"""What time it is where somebody is, and when they like to hear of what happened meanwhile."""

from app.domain import moments, reminders
from app.domain.access import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.models import Person
from app.domain.transaction import Transaction

HOURS = range(24)


async def set_clock(tx: Transaction, actor: Actor, zone: str, digest_hour: int) -> None:
    """Choose one's time zone, and the hour of the digest. Reminders at a time are at that time in the new zone."""
    name = moments.require_zone(zone)
    if digest_hour not in HOURS:
        raise Invalid("The digest comes at an hour from 0 to 23.")
    person = await _own(tx, actor)
    if (person.zone, person.digest_hour) == (name, digest_hour):
        return
    person.digest_hour = digest_hour
    await _set_zone(tx, person, name)


async def learn_zone(tx: Transaction, actor: Actor, zone: str) -> None:
    """What a browser says of where it is, for somebody of whom that is not known yet."""
    name = moments.require_zone(zone)
    person = await _own(tx, actor)
    if not person.zone:
        await _set_zone(tx, person, name)


async def _own(tx: Transaction, actor: Actor) -> Person:
    if await tx.advance("person", actor.id) is None:
        raise NotFound("This account is gone.")
    return await tx.session.get_one(Person, actor.id)


async def _set_zone(tx: Transaction, person: Person, name: str) -> None:
    if person.zone != name:
        person.zone = name
        await reminders.reckon(tx, person_id=person.id)
    await tx.record("person", person.id, "person.clock_set", person.id, "person", person.id, zone=name)
