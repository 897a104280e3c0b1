"""The digest: once a day, at the hour that they chose, what somebody was not told by itself and has not seen."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from app.domain import moments, outbox
from app.domain.drawings.inbox import for_digest
from app.domain.models import Person
from app.domain.outbox import Letter
from app.domain.reminding import CAUGHT_UP, look, move_on
from app.domain.transaction import Transaction

SINCE = timedelta(days=1)
"""How far back a digest reaches."""


async def queue(tx: Transaction, at: datetime) -> None:
    """Have one written to everybody whose hour has come, and for whom there is something in it."""
    if (mark := await look(tx, "digest", at)) is None:
        return
    after = max(mark, at - CAUGHT_UP)
    people = (await tx.session.execute(select(col(Person.id), col(Person.zone), col(Person.digest_hour)))).all()
    due = [id for id, zone, hour in people if moments.days_with_hour_in(after, at, hour, moments.zone(zone))]
    await move_on(tx, "digest", mark, at, is_due=bool(due))
    letters = [
        Letter(id, "email", "digest", None, at, {"since": (at - SINCE).isoformat(), "until": at.isoformat()})
        for id in due
        if await for_digest(tx, id, at - SINCE, at)
    ]
    await outbox.queue(tx, letters)
