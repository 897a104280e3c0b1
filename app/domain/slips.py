"""Slips that are good for one use: which ones have been used (web/slips.py says what they are)."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.errors import Invalid
from app.domain.models import SpentSlip, now

USED = "This was used already. Please start again."


async def spend(session: AsyncSession, slip_id: str, expires_at: datetime, used: str = USED) -> None:
    """Use a slip up; Invalid when that was done before, or is being done at this moment."""
    await session.execute(delete(SpentSlip).where(col(SpentSlip.expires_at) < now()))
    if (await session.execute(select(col(SpentSlip.id)).where(col(SpentSlip.id) == slip_id))).first():
        raise Invalid(used)
    try:
        await session.execute(insert(SpentSlip).values(id=slip_id, expires_at=expires_at))
    except IntegrityError:
        raise Invalid(used) from None
