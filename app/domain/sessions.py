"""Sign-ins: start one, find out whose it is, end it."""

import secrets
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.models import Person, Session, now


async def start(session: AsyncSession, person_id: int, device: str, life: timedelta) -> str:
    """A new sign-in; its id. `device` is what the browser calls itself."""
    started = Session(id=secrets.token_hex(16), person_id=person_id, device=device[:300], expires_at=now() + life)
    session.add(started)
    return started.id


async def person_of(session: AsyncSession, session_id: str) -> Person | None:
    """Whose sign-in this is; None once it has ended."""
    query = (
        select(Person)
        .join(Session, col(Session.person_id) == col(Person.id))
        .where(col(Session.id) == session_id, col(Session.revoked_at).is_(None), col(Session.expires_at) > now())
    )
    return (await session.execute(query)).scalar_one_or_none()


async def end(session: AsyncSession, session_id: str) -> None:
    ending = update(Session).where(col(Session.id) == session_id, col(Session.revoked_at).is_(None))
    await session.execute(ending.values(revoked_at=now()))
