"""The outbox as those see it who look after this Tandem."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import col

from app.domain.models import Outgoing, Person
from app.domain.transaction import Transaction

MOST = 50
"""Of what was given up, and of what waits."""


@dataclass(frozen=True)
class OutgoingRow:
    """Something in the outbox, as admins see it: never what it says. Times are ISO, `next_at` empty once given up."""

    id: int
    kind: str
    channel: str
    whom: str
    since: str
    next_at: str
    tries: int
    why: str


@dataclass(frozen=True)
class OutboxView:
    """How much waits and was given up, and the first of each: the newest that were given up, the others by turn."""

    waiting: int = 0
    given_up: int = 0
    rows: tuple[OutgoingRow, ...] = ()


async def outbox(tx: Transaction) -> OutboxView:
    out = Outgoing
    open_ones = (col(out.sent_at).is_(None), col(out.skipped) == "")
    query = select(out, col(Person.email)).outerjoin(Person, col(Person.id) == col(out.person_id)).where(*open_ones)
    given_up = query.where(col(out.given_up_at).is_not(None)).order_by(col(out.given_up_at).desc()).limit(MOST)
    waiting = query.where(col(out.given_up_at).is_(None)).order_by(col(out.not_before), col(out.id)).limit(MOST)
    rows = [*(await tx.session.execute(given_up)).all(), *(await tx.session.execute(waiting)).all()]
    return OutboxView(*await counts(tx), tuple(_row(row, email) for row, email in rows))


async def counts(tx: Transaction) -> tuple[int, int]:
    """How much waits, and how much was given up."""
    out = Outgoing
    open_ones = (col(out.sent_at).is_(None), col(out.skipped) == "")
    counting = select(func.count(), func.count(col(out.given_up_at))).select_from(out).where(*open_ones)
    held, lost = (await tx.session.execute(counting)).one()
    return held - lost, lost


def _row(row: Outgoing, email: str | None) -> OutgoingRow:
    return OutgoingRow(
        id=row.id,
        kind=row.kind,
        channel=row.channel,
        whom=row.address or email or "",
        since=row.created_at.isoformat(),
        next_at="" if row.given_up_at else row.not_before.isoformat(),
        tries=row.tries,
        why=row.why,
    )
