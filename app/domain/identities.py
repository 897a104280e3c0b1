"""Identities: how people who sign in elsewhere are known there. What a provider says is believed only once it was
verified (app/oidc); here it is kept."""

from sqlalchemy import delete, select
from sqlmodel import col

from app.domain import people
from app.domain.access import Actor
from app.domain.errors import Invalid, NotAllowed, NotFound
from app.domain.models import Identity, Person
from app.domain.transaction import Transaction


async def person_of(tx: Transaction, issuer: str, subject: str) -> Person | None:
    """Whose identity this is."""
    query = (
        select(Person)
        .join(Identity, col(Identity.person_id) == col(Person.id))
        .where(col(Identity.issuer) == issuer, col(Identity.subject) == subject)
    )
    return (await tx.session.execute(query)).scalar_one_or_none()


async def of(tx: Transaction, person_id: int) -> list[Identity]:
    """Those that are linked with a person, the oldest first."""
    query = select(Identity).where(col(Identity.person_id) == person_id).order_by(col(Identity.id))
    return list((await tx.session.execute(query)).scalars())


async def sign_up(tx: Transaction, name: str, email: str, issuer: str, subject: str) -> Person:
    """A new person who has no password and signs in with this identity."""
    person = await people.sign_up(tx, name, email, "")
    await _keep(tx, person.id, issuer, subject, person.email)
    return person


async def link(tx: Transaction, actor: Actor, issuer: str, subject: str, email: str) -> None:
    """Let the person sign in with this identity as well. It must have been proven that it is theirs."""
    if await tx.advance("person", actor.id) is None:
        raise NotFound("This account is gone.")
    owner = await person_of(tx, issuer, subject)
    if owner is None:
        await _keep(tx, actor.id, issuer, subject, email)
    elif owner.id != actor.id:
        raise Invalid("This identity is linked with another account of this Tandem already. Unlink it there first.")


async def unlink(tx: Transaction, actor: Actor, identity_id: int) -> None:
    """Forget an identity, if there is another way in."""
    if await tx.advance("person", actor.id) is None:
        raise NotFound("This account is gone.")
    linked = {identity.id: identity for identity in await of(tx, actor.id)}
    if identity_id not in linked:
        raise NotFound("This identity is not linked with your account.")
    person = await tx.session.get_one(Person, actor.id)
    if len(linked) == 1 and not person.password_hash:
        raise NotAllowed("This is your only way in. Choose a password first, then unlink it.")
    await tx.session.execute(delete(Identity).where(col(Identity.id) == identity_id))
    issuer = linked[identity_id].issuer
    await tx.record("person", actor.id, "identity.unlinked", actor.id, "identity", identity_id, issuer=issuer)


async def _keep(tx: Transaction, person_id: int, issuer: str, subject: str, email: str) -> None:
    identity = Identity(person_id=person_id, issuer=issuer, subject=subject, email=email)
    tx.session.add(identity)
    await tx.session.flush()
    await tx.record("person", person_id, "identity.linked", person_id, "identity", identity.id, issuer=issuer)
