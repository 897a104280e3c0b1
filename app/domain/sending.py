"""How the scheduler takes what is due out of the outbox, so that nothing is sent twice and nothing is lost.

    waiting --claim--> held --let_go--> handed over --settle--> sent
       ^----------------'      |            '--postpone, when the server says no--> waiting, later, or given up
       '--- its holder died ---'

A row that is held by somebody who died is simply claimed anew: the last one who claimed it is its holder, and `let_go`
lets nobody else pass, however long they slept. The one moment in which nobody can know is that between `let_go` and
`settle`: the server may have taken it, and its word for it was lost with whoever was to write it down. Such a row is
not sent again by itself, as it has almost surely arrived; it is given up with these words, and an admin may say
otherwise.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.models import Outgoing, Person, table
from app.domain.outbox import Channel

BATCH = 20
"""What is claimed in one go."""
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
PAUSES = (
    timedelta(seconds=2),
    timedelta(seconds=15),
    *(minutes * _MINUTE for minutes in (1, 2, 5, 10, 20, 30)),
    *(hours * _HOUR for hours in (1, 2, 4, 4, 4, 8, 8, 8, 8)),
)
"""Before each further try: two days in all, after which it is given up."""
KEPT = timedelta(days=30)
"""For how long it is remembered what was sent, and what was not."""
UNSURE = (
    "Whoever sent it ended in the very moment in which it was handed over. It has most likely arrived; trying again "
    "may send it twice."
)


@dataclass(frozen=True)
class Parcel:
    """Something that was claimed."""

    id: int
    channel: str
    person_id: int | None
    address: str
    kind: str
    news_id: int | None
    details: dict[str, Any]
    sealed: str
    key: str
    tries: int
    created_at: datetime
    not_before: datetime


@dataclass(frozen=True)
class Recipient:
    """Whom something is for, as they are now; a stranger has only an address."""

    email: str
    name: str = ""
    zone: str = ""


@dataclass(frozen=True)
class Found:
    """Whether something is to be sent now, and something was lost sight of while it was handed over."""

    due: bool
    lost: bool

    def __bool__(self) -> bool:
        return self.due or self.lost


async def look(session: AsyncSession, channel: Channel, at: datetime) -> Found:
    due = exists().where(*_waiting(channel), _out.handed_at.is_(None), _out.not_before <= at)
    lost = exists().where(*_waiting(channel), _out.handed_at.is_not(None))
    return Found(*(await session.execute(select(due, lost))).one())


async def claim(session: AsyncSession, channel: Channel, holder: str, at: datetime, most: int = BATCH) -> list[Parcel]:
    """Take what is due, the oldest first, also from whoever held it before: their `let_go` fails from now on."""
    due = (
        select(_out.id)
        .where(*_waiting(channel), _out.handed_at.is_(None), _out.not_before <= at)
        .order_by(_out.not_before, _out.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    taking = update(_rows).where(_out.id.in_(due)).values(holder=holder, tried_at=at)
    found = (await session.execute(taking.returning(*(_out[name] for name in Parcel.__dataclass_fields__)))).all()
    return sorted((Parcel(*row) for row in found), key=lambda parcel: (parcel.not_before, parcel.id))


async def recipient(session: AsyncSession, parcel: Parcel) -> Recipient:
    if parcel.person_id is None:
        return Recipient(parcel.address)
    query = select(col(Person.email), col(Person.name), col(Person.zone)).where(col(Person.id) == parcel.person_id)
    email, name, zone = (await session.execute(query)).one()
    return Recipient(parcel.address or email, name, zone)


async def let_go(session: AsyncSession, parcel: Parcel, holder: str, at: datetime) -> bool:
    """Write down that from now on it may have gone; False for somebody who does not hold it any more."""
    going = update(_rows).where(*_held(parcel, holder), _out.handed_at.is_(None)).values(handed_at=at)
    return _is_one(await session.execute(going.returning(_out.id)))


async def settle(session: AsyncSession, parcel: Parcel, holder: str, at: datetime) -> None:
    """It was taken: nothing that it said is kept. Somebody may have thought meanwhile that nobody would ever know."""
    gone = {"sent_at": at, "given_up_at": None, "sealed": "", "details": {}, "why": ""}
    await session.execute(update(_rows).where(_out.id == parcel.id, _out.holder == holder).values(gone))


async def skip(session: AsyncSession, parcel: Parcel, holder: str, why: str) -> None:
    """It does not matter any more, and is not sent."""
    gone = {"skipped": why[:300], "sealed": "", "details": {}, "holder": ""}
    await session.execute(update(_rows).where(*_held(parcel, holder)).values(gone))


async def skip_all(session: AsyncSession, channel: Channel, at: datetime, why: str) -> list[Parcel]:
    """There is no way to send any of it; what is left to send."""
    gone = {"skipped": why[:300], "sealed": "", "details": {}}
    await session.execute(update(_rows).where(*_waiting(channel), _out.not_before <= at).values(gone))
    return []


async def postpone(
    session: AsyncSession, parcel: Parcel, holder: str, at: datetime, why: str, is_final: bool = False
) -> bool:
    """It was not taken: when it is tried again, or, False, that it is given up."""
    is_over = is_final or parcel.tries >= len(PAUSES)
    later = {"given_up_at": at} if is_over else {"not_before": at + PAUSES[parcel.tries]}
    changed = {"tries": parcel.tries + 1, "why": why[:300], "holder": "", "handed_at": None, **later}
    await session.execute(update(_rows).where(*_held(parcel, holder)).values(changed))
    return not is_over


async def give_up_unsure(session: AsyncSession, channel: Channel, at: datetime) -> int:
    """What was handed over by somebody who ended before they heard of it; how many there were.

    Only for the one who sends, between two rounds: whatever is half-way then is nobody's any more.
    """
    lost = update(_rows).where(*_waiting(channel), _out.handed_at.is_not(None))
    found = await session.execute(lost.values(given_up_at=at, why=UNSURE).returning(_out.id))
    return len(found.all())


async def prune(session: AsyncSession, at: datetime) -> None:
    """Forget what was sent, skipped or given up long ago."""
    over = _out.sent_at.is_not(None) | _out.given_up_at.is_not(None) | (_out.skipped != "")
    await session.execute(delete(_rows).where(over, _out.created_at < at - KEPT))


def _waiting(channel: Channel) -> tuple[ColumnElement[bool], ...]:
    return _out.channel == channel, _out.sent_at.is_(None), _out.given_up_at.is_(None), _out.skipped == ""


def _held(parcel: Parcel, holder: str) -> tuple[ColumnElement[bool], ...]:
    return _out.id == parcel.id, _out.holder == holder, _out.sent_at.is_(None), _out.given_up_at.is_(None)


def _is_one(found: Any) -> bool:
    rows: list[Row[Any]] = found.all()
    return len(rows) == 1


_rows = table(Outgoing)
_out = _rows.c
