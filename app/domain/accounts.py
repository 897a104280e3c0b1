"""One's own password and e-mail address: change them, and get back in when the password is forgotten.

Passwords arrive here as hashes only (app/passwords.py), and the current one has been checked by then.
"""

from sqlalchemy import select
from sqlmodel import col

from app.domain import instance, people, proofs, sessions
from app.domain.access import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.models import Person
from app.domain.transaction import Transaction

GONE = "This account is gone."
TAKEN = "There is an account with this e-mail address already."


async def look(tx: Transaction, actor: Actor) -> Person:
    person = await tx.session.get(Person, actor.id)
    if person is None:
        raise NotFound(GONE)
    return person


async def change_password(tx: Transaction, actor: Actor, was: str, password_hash: str, keep: str) -> None:
    """Replace the hash `was`, which the current password has been checked with; ends all sign-ins but `keep`."""
    person = await _own(tx, actor)
    if person.password_hash != was:
        raise Invalid("Your password was just changed elsewhere. Please try again with the new one.")
    await _set_password(tx, person, password_hash, keep)
    await tx.record("person", actor.id, "person.password_changed", actor.id, "person", actor.id)


async def ask_for_reset(tx: Transaction, email: str) -> tuple[Person, str] | None:
    """For whoever has this address, if anybody: the person, and the token of a link to choose a new password with."""
    person = await people.with_email(tx, email)
    if person is None:
        return None
    token = proofs.make(tx, person.id, "password")
    await tx.record("person", person.id, "person.reset_asked_for", None, "person", person.id)
    return person, token


async def make_reset(tx: Transaction, actor: Actor, person_id: int) -> str:
    """The token of such a link, which whoever looks after this Tandem hands to the person."""
    await instance.require_admin(tx, actor)
    if await tx.advance("person", person_id) is None:
        raise NotFound("There is no such person.")
    token = proofs.make(tx, person_id, "password")
    await tx.record("person", person_id, "person.reset_made", actor.id, "person", person_id)
    return token


async def offer_reset(tx: Transaction, person_id: int) -> str:
    """The same by whoever has the machine, which is nobody's account."""
    if await tx.advance("person", person_id) is None:
        raise NotFound("There is no such person.")
    token = proofs.make(tx, person_id, "password")
    await tx.record("person", person_id, "person.reset_made", None, "person", person_id)
    return token


async def reset_password(tx: Transaction, token: str, password_hash: str) -> Person:
    """Set a new password with such a link, once; ends all sign-ins."""
    person, _ = await proofs.use(tx, token, "password")
    await _set_password(tx, person, password_hash)
    await tx.record("person", person.id, "person.password_reset", person.id, "person", person.id)
    return person


async def propose_email(tx: Transaction, actor: Actor, email: str) -> str:
    """The token of a link that goes to the new address, and proves that it is the person's.

    Whether somebody else has it is not told here, but to who can read what is sent there.
    """
    email = people.address(email)
    person = await _own(tx, actor)
    if person.email == email:
        raise Invalid("This is your e-mail address already.")
    await proofs.void(tx, actor.id, "email")
    token = proofs.make(tx, actor.id, "email", email)
    await tx.record("person", actor.id, "person.email_proposed", actor.id, "person", actor.id)
    return token


async def confirm_email(tx: Transaction, token: str) -> tuple[Person, str]:
    """Change the address with such a link; the person, and what their address was."""
    person, proof = await proofs.use(tx, token, "email")
    return person, await _set_email(tx, person, proof.email)


async def change_email(tx: Transaction, actor: Actor, email: str) -> str:
    """Change the address without a proof; what it was."""
    person = await _own(tx, actor)
    return await _set_email(tx, person, people.address(email))


async def _own(tx: Transaction, actor: Actor) -> Person:
    if await tx.advance("person", actor.id) is None:
        raise NotFound(GONE)
    return await tx.session.get_one(Person, actor.id)


async def _set_password(tx: Transaction, person: Person, password_hash: str, keep: str = "") -> None:
    person.password_hash = password_hash
    await proofs.void(tx, person.id, "password", "email")
    await sessions.cut(tx, person.id, keep)


async def _set_email(tx: Transaction, person: Person, email: str) -> str:
    """Links that were sent to the old address get nobody in any more."""
    was = person.email
    if was == email:
        raise Invalid("This is your e-mail address already.")
    if (await tx.session.execute(select(col(Person.id)).where(col(Person.email) == email))).first():
        raise Invalid(TAKEN)
    person.email = email
    await proofs.void(tx, person.id, "password", "email")
    await tx.record("person", person.id, "person.email_changed", person.id, "person", person.id)
    await tx.record("instance", instance.ID, "person.email_changed", person.id, "person", person.id)
    return was
