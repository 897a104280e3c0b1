"""Whether what waited in the outbox still matters at the moment when it is to go."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain import access, herald, proofs
from app.domain.access import Actor
from app.domain.errors import NotFound
from app.domain.models import Invite, Proof
from app.domain.outbox import Channel
from app.domain.sending import Parcel
from app.domain.transaction import Transaction

USED = "Its link was used, or replaced by a newer one."
GONE = "They cannot see it any more."
WITHDRAWN = "The invitation was revoked, used or has run out."


async def why_not(session: AsyncSession, parcel: Parcel, at: datetime) -> str:
    """Why this is not to be sent any more, in words; empty when it is."""
    details = parcel.details
    if (proof_id := details.get("proof_id")) is not None:
        proof = await session.get(Proof, proof_id)
        return "" if proof is not None and proof.used_at is None else USED
    if (invite_id := details.get("invite_id")) is not None:
        invite = await session.get(Invite, invite_id)
        if invite is None or invite.revoked_at or invite.uses >= invite.max_uses or invite.expires_at <= at:
            return WITHDRAWN
        return ""
    if parcel.news_id is not None:
        return await herald.why_not(session, parcel.news_id, cast(Channel, parcel.channel), at)
    if (task_id := details.get("task_id")) is not None and parcel.person_id is not None:
        return await _why_not_a_task(session, parcel.person_id, task_id)
    return ""


async def _why_not_a_task(session: AsyncSession, person_id: int, task_id: int) -> str:
    try:
        await access.looking_at_task(Transaction(session), Actor(person_id, ""), task_id)
    except NotFound:
        return GONE
    return ""


async def begin_life(session: AsyncSession, details: dict[str, Any], at: datetime) -> None:
    """The hour of a link that proves somebody begins when its letter goes, however long that had to wait."""
    if (proof_id := details.get("proof_id")) is not None:
        renewing = update(Proof).where(col(Proof.id) == proof_id, col(Proof.used_at).is_(None))
        await session.execute(renewing.values(expires_at=at + proofs.LIFE))
