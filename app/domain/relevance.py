"""Whether what waited in the outbox still matters at the moment when it is to go."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain import proofs, second_look
from app.domain.models import Invite, Proof
from app.domain.outbox import Channel
from app.domain.sending import Parcel

USED = "Its link was used, or replaced by a newer one."
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
        return await second_look.why_not(session, parcel.news_id, cast(Channel, parcel.channel), at)
    return ""


async def begin_life(session: AsyncSession, details: dict[str, Any], at: datetime) -> None:
    """The hour of a link that proves somebody begins when its letter goes, however long that had to wait."""
    if (proof_id := details.get("proof_id")) is not None:
        renewing = update(Proof).where(col(Proof.id) == proof_id, col(Proof.used_at).is_(None))
        await session.execute(renewing.values(expires_at=at + proofs.LIFE))
