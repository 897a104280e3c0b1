"""Sign-ins: start one, find out whose it is, end it. They are news to the person's own tabs, as the list of devices."""

import secrets
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Actor
from app.domain.errors import NotFound
from app.domain.models import Person, Session, now
from app.domain.people import INSTANCE
from app.domain.transaction import Transaction

SEEN = timedelta(minutes=1)
"""How exactly it is known when a sign-in was last used."""


async def start(tx: Transaction, person_id: int, device: str, address: str, life: timedelta) -> str:
    """A new sign-in; its id. `device` is what the browser calls itself. Those that have run out are forgotten."""
    if await tx.advance("person", person_id) is None:
        raise NotFound("This account is gone.")
    over = delete(Session).where(col(Session.person_id) == person_id, col(Session.expires_at) < now())
    await tx.session.execute(over.execution_options(synchronize_session=False))
    started = Session(
        id=secrets.token_hex(16),
        person_id=person_id,
        device=device[:300],
        address=address[:45],
        expires_at=now() + life,
    )
    tx.session.add(started)
    await tx.record("person", person_id, "session.started", person_id, "person", person_id)
    await tx.record("instance", INSTANCE, "session.started", person_id, "person", person_id)
    return started.id


async def find(session: AsyncSession, session_id: str) -> tuple[Person, Session] | None:
    """A sign-in and whose it is; None once it has ended."""
    query = (
        select(Person, Session)
        .join(Session, col(Session.person_id) == col(Person.id))
        .where(col(Session.id) == session_id, *is_alive())
    )
    row = (await session.execute(query)).one_or_none()
    return (row[0], row[1]) if row else None


async def see(session: AsyncSession, *session_ids: str) -> set[int]:
    """Note that sign-ins are being used; the people to whom that is news, as it is once a minute at most."""
    is_news = col(Session.id).in_(session_ids), col(Session.last_seen_at) < now() - SEEN
    noting = update(Session).where(*is_news, *is_alive()).values(last_seen_at=now()).returning(col(Session.person_id))
    return set((await session.execute(noting.execution_options(synchronize_session=False))).scalars())


async def end(tx: Transaction, actor: Actor, session_id: str) -> None:
    """End one of the person's own sign-ins."""
    await tx.advance("person", actor.id)
    ending = _ending(actor.id).where(col(Session.id) == session_id)
    if (await tx.session.execute(ending)).first() is None:
        raise NotFound("This sign-in has ended already.")
    await tx.record("person", actor.id, "session.ended", actor.id, "person", actor.id)


async def end_others(tx: Transaction, actor: Actor, keep: str) -> int:
    """End all of the person's sign-ins but one, or all with an empty `keep`; how many that were."""
    await tx.advance("person", actor.id)
    if count := await cut(tx, actor.id, keep):
        await tx.record("person", actor.id, "session.ended", actor.id, "person", actor.id, count=count)
    return count


async def cut(tx: Transaction, person_id: int, keep: str = "") -> int:
    """End all sign-ins of a person that is locked, but one: a part of other verbs, which record it."""
    return len((await tx.session.execute(_ending(person_id).where(col(Session.id) != keep))).all())


def is_alive() -> tuple:
    """Conditions on Session."""
    return col(Session.revoked_at).is_(None), col(Session.expires_at) > now()


def _ending(person_id: int):
    ending = update(Session).where(col(Session.person_id) == person_id, *is_alive()).values(revoked_at=now())
    return ending.returning(col(Session.id)).execution_options(synchronize_session=False)
