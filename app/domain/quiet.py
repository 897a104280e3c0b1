"""Quiet hours: when somebody wants no e-mail and no push, in minutes after midnight on their own clock."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta, tzinfo

from sqlalchemy import select

from app.domain import moments
from app.domain.models import Inbox, Person, table
from app.domain.outbox import Channel
from app.domain.transaction import Transaction

DAY = 24 * 60


def end(at: datetime, begins: int | None, ends: int | None, zone: tzinfo) -> datetime:
    """When it is not quiet any more at `at`: the same moment, if it is not quiet then."""
    if begins is None or ends is None or begins == ends:
        return at
    there = at.astimezone(zone)
    minute = there.hour * 60 + there.minute
    if (minute - begins) % DAY >= (ends - begins) % DAY:
        return at
    day = there.date() if minute < ends else there.date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, ends // 60, ends % 60, tzinfo=zone).astimezone(UTC)


async def over(
    tx: Transaction, people: Collection[int], at: datetime, unseen: timedelta
) -> dict[int, dict[Channel, datetime]]:
    """By person and channel: when something of `at` may go out; an e-mail only `unseen` later."""
    rows = (await tx.session.execute(_HOURS.where(_inbox.id.in_(people)))).all()
    return {
        row.id: {
            "push": end(at, row.quiet_from, row.quiet_to, moments.zone(row.zone)),
            "email": end(at + unseen, row.quiet_from, row.quiet_to, moments.zone(row.zone)),
        }
        for row in rows
    }


_inbox, _person = table(Inbox).c, table(Person).c
_HOURS = select(_inbox.id, _inbox.quiet_from, _inbox.quiet_to, _person.zone).join_from(
    _inbox.id.table, _person.id.table, _person.id == _inbox.id
)
