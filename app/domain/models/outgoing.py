"""What goes out to people, and what happens at its time."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Text, text
from sqlmodel import Field, SQLModel

from app.domain.models.columns import moment, now


class Outgoing(SQLModel, table=True):
    """An e-mail or a push that is to go out, or did: written with what caused it, sent by the scheduler (outbox.py).

    `holder` is the scheduler that is at it, `handed_at` when it began to let go of it: from then on it may have gone.
    """

    __table_args__ = (
        Index(
            "ix_outgoing_waiting",
            "channel",
            "not_before",
            **dict.fromkeys(
                ("postgresql_where", "sqlite_where"),
                text("sent_at IS NULL AND given_up_at IS NULL AND skipped = ''"),
            ),
        ),
        Index("ix_outgoing_created_at", "created_at"),
    )

    id: int = Field(default=None, primary_key=True)
    channel: str = Field(max_length=10)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    address: str = Field(default="", max_length=254)
    """Where it goes, if not to wherever its person is to be found when it is sent."""
    kind: str = Field(max_length=40)
    news_id: int | None = Field(default=None, index=True)
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    sealed: str = Field(default="", sa_type=Text)
    """What is written, where that was settled at once: encrypted, as there may be a link in it, and gone once sent."""
    key: str = Field(max_length=32)
    """Random: what its Message-ID is made of, the same at every try."""
    created_at: datetime = moment(default_factory=now)
    not_before: datetime = moment()
    tries: int = 0
    tried_at: datetime | None = moment(default=None)
    holder: str = Field(default="", max_length=60)
    handed_at: datetime | None = moment(default=None)
    sent_at: datetime | None = moment(default=None)
    given_up_at: datetime | None = moment(default=None)
    why: str = Field(default="", max_length=300)
    """What went wrong last, in words."""
    skipped: str = Field(default="", max_length=300)
    """Why it was not sent after all, in words."""


class Lease(SQLModel, table=True):
    """Who alone may do something over all workers and machines: whoever keeps counting `beat` up (leases.py)."""

    name: str = Field(primary_key=True, max_length=40)
    holder: str = Field(default="", max_length=60)
    beat: int = Field(default=0, sa_type=BigInteger)


class Job(SQLModel, table=True):
    """Up to when something that happens at certain times was seen to."""

    name: str = Field(primary_key=True, max_length=40)
    done_until: datetime = moment()


class Reminder(SQLModel, table=True):
    """That somebody wants to be reminded of a task: so many minutes before it is due, or at a time on their clock.

    `fires_at` is the moment that this comes to, None as long as there is none, `fired_at` when it was seen to.
    """

    id: int = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    minutes_before: int | None = None
    at_local: str = Field(default="", max_length=16)
    """Such as 2027-03-28T02:30, in the zone of the person."""
    fires_at: datetime | None = moment(default=None, index=True)
    fired_at: datetime | None = moment(default=None)
    created_at: datetime = moment(default_factory=now)


class PushSubscription(SQLModel, table=True):
    """A browser that shows its person's news even when no tab is open; with its keys they are encrypted for it."""

    __tablename__ = "push_subscription"  # type: ignore[assignment]  # SQLModel types it as its own.

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    endpoint: str = Field(max_length=1000, unique=True)
    p256dh: str = Field(max_length=200)
    auth: str = Field(max_length=100)
    device: str = Field(default="", max_length=300)
    created_at: datetime = moment(default_factory=now)
