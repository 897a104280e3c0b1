"""Links that prove who opens them: made for one person and one purpose, used once, an hour long.

Only the SHA-256 of a token is kept.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.errors import NotFound
from app.domain.models import Person, Proof, now, table
from app.domain.streams import counting_up
from app.domain.transaction import Transaction

Purpose = Literal["password", "email"]
LIFE = timedelta(hours=1)
REFUSED = "This link is not valid any more. Ask for a new one."
"""The one answer to a token that is unknown, expired or used."""


def make(tx: Transaction, person_id: int, purpose: Purpose, email: str = "") -> str:
    """The token of a new link, which cannot be read again later."""
    token = secrets.token_urlsafe(24)
    proof = Proof(person_id=person_id, purpose=purpose, email=email, token_hash=_hash(token), expires_at=now() + LIFE)
    tx.session.add(proof)
    return token


async def id_of(tx: Transaction, token: str) -> int:
    """That of a link that was just made."""
    await tx.session.flush()
    return (await tx.session.execute(select(col(Proof.id)).where(col(Proof.token_hash) == _hash(token)))).scalar_one()


async def look(tx: Transaction, token: str, purpose: Purpose) -> tuple[Person, Proof]:
    """Whose link this is, and the link, which stays as it is; NotFound unless it can be used."""
    query = (
        select(Person, Proof)
        .join(Proof, col(Proof.person_id) == col(Person.id))
        .where(col(Proof.token_hash) == _hash(token), *_is_usable(purpose))
    )
    row = (await tx.session.execute(query)).one_or_none()
    if row is None:
        raise NotFound(REFUSED)
    return row[0], row[1]


async def use(tx: Transaction, token: str, purpose: Purpose) -> tuple[Person, Proof]:
    """Use a link up, with its person locked; NotFound unless it can be used."""
    if await tx.advance("person", _LOCK_PERSON, token_hash=_hash(token)) is None:
        raise NotFound(REFUSED)
    person, proof = await look(tx, token, purpose)
    proof.used_at = now()
    return person, proof


async def void(tx: Transaction, person_id: int, *purposes: Purpose) -> None:
    """Let no link of these purposes that the person has be used any more."""
    voiding = update(Proof).where(
        col(Proof.person_id) == person_id, col(Proof.purpose).in_(purposes), col(Proof.used_at).is_(None)
    )
    await tx.session.execute(voiding.values(used_at=now()).execution_options(synchronize_session=False))


async def purge(session: AsyncSession, before: datetime) -> None:
    """Forget those that ran out before then."""
    await session.execute(delete(Proof).where(col(Proof.expires_at) < before))


def _is_usable(purpose: Purpose) -> tuple:
    return col(Proof.purpose) == purpose, col(Proof.used_at).is_(None), col(Proof.expires_at) > now()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


_person, _proof = table(Person).c, table(Proof).c
_LOCK_PERSON = counting_up(
    "person",
    _person.id == select(_proof.person_id).where(_proof.token_hash == bindparam("token_hash")).scalar_subquery(),
)
