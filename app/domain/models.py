"""Every table, at one sitting. Times are UTC; ranks are as in ranks.py; an id is there once a row was flushed."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, DateTime, Index, String, Table, Text, UniqueConstraint, text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

RANK = Text().with_variant(Text(collation="C"), "postgresql")
"""Ranks are compared byte by byte, whatever language the database sorts in."""


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime, also where the database (SQLite) keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def table(model: type[SQLModel]) -> Table:
    """The table of a model, for statements that should not pay for the ORM."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


def now() -> datetime:
    return datetime.now(UTC)


def _moment(**options: Any) -> Any:
    return Field(sa_type=UTCDateTime, **options)


class Person(SQLModel, table=True):
    id: int = Field(default=None, primary_key=True)
    email: str = Field(unique=True, max_length=254)
    name: str = Field(max_length=100)
    color: str = Field(max_length=20)
    avatar: str = Field(default="", max_length=32, index=True)
    """The key of their picture among the files (app/files.py); empty: initials."""
    password_hash: str
    """Empty for somebody who has no password and signs in elsewhere."""
    is_admin: bool = False
    is_shown: bool = True
    """Whether others see where they are, and when they write."""
    revision: int = 0
    created_at: datetime = _moment(default_factory=now)
    zone: str = Field(default="", max_length=64)
    """Their time zone by its IANA name (moments.py); empty until a browser has told."""
    digest_hour: int = 8
    """At which hour of their day they are written what else there is."""


class Session(SQLModel, table=True):
    """One sign-in on one device; the cookie names it, and revoking it ends the sign-in."""

    id: str = Field(primary_key=True, max_length=32)
    person_id: int = Field(foreign_key="person.id", index=True)
    device: str = Field(default="", max_length=300)
    address: str = Field(default="", max_length=45)
    created_at: datetime = _moment(default_factory=now)
    last_seen_at: datetime = _moment(default_factory=now)
    expires_at: datetime = _moment()
    revoked_at: datetime | None = _moment(default=None)


class Proof(SQLModel, table=True):
    """A link that proves who opens it to be this person, once. Only the SHA-256 of its token is kept."""

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    purpose: str = Field(max_length=20)
    email: str = Field(default="", max_length=254)
    """The new address, where the purpose is to change it."""
    token_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = _moment(default_factory=now)
    expires_at: datetime = _moment()
    used_at: datetime | None = _moment(default=None)


class Instance(SQLModel, table=True):
    """This Tandem as a whole: one row, which migrations make. `sign_up` is empty where the environment decides."""

    id: int = Field(default=None, primary_key=True)
    sign_up: str = Field(default="", max_length=2000)
    revision: int = 0


class Identity(SQLModel, table=True):
    """A person as an OpenID Connect provider knows them. Only issuer and subject say who that is; `email` is what the
    provider showed when it was linked, as a label."""

    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    issuer: str = Field(max_length=500)
    subject: str = Field(max_length=255)
    email: str = Field(default="", max_length=254)
    created_at: datetime = _moment(default_factory=now)


class SecondFactor(SQLModel, table=True):
    """That a password is not enough for this person. `secret` is encrypted (app/second_factor.py)."""

    __tablename__ = "second_factor"  # type: ignore[assignment]  # SQLModel types it as its own.

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    secret: str = Field(max_length=300)
    last_step: int = Field(sa_type=BigInteger)
    """The time step of the last code that was used: none of it or before it is taken again."""
    tries: int = 0
    tried_at: datetime = _moment(default_factory=now)
    created_at: datetime = _moment(default_factory=now)


class RecoveryCode(SQLModel, table=True):
    """Stands in for a code, once. Only the SHA-256 of it is kept; a used one is gone."""

    __tablename__ = "recovery_code"  # type: ignore[assignment]  # SQLModel types it as its own.

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    code_hash: str = Field(primary_key=True, max_length=64)


class SpentSlip(SQLModel, table=True):
    """A signed slip that can be used only once (web/slips.py) was; kept until it is no longer valid anyway."""

    __tablename__ = "spent_slip"  # type: ignore[assignment]  # SQLModel types it as its own.

    id: str = Field(primary_key=True, max_length=32)
    expires_at: datetime = _moment(index=True)


class Workspace(SQLModel, table=True):
    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=100)
    description: str = Field(default="", sa_type=Text)
    shows_people: bool = True
    """Whether its members see where others are, and when they write."""
    revision: int = 0
    created_at: datetime = _moment(default_factory=now)
    deleted_at: datetime | None = _moment(default=None)


class Member(SQLModel, table=True):
    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)
    role: str = Field(max_length=20)
    joined_at: datetime = _moment(default_factory=now)


class Invite(SQLModel, table=True):
    """A join link. Only the SHA-256 of its token is kept."""

    id: int = Field(default=None, primary_key=True)
    workspace_id: int = Field(foreign_key="workspace.id", index=True)
    token_hash: str = Field(unique=True, max_length=64)
    role: str = Field(max_length=20)
    uses: int = 0
    max_uses: int
    created_by: int = Field(foreign_key="person.id")
    created_at: datetime = _moment(default_factory=now)
    expires_at: datetime = _moment()
    revoked_at: datetime | None = _moment(default=None)
    email_domain: str = Field(default="", max_length=200)
    """Whose addresses it is for, such as `example.com`; empty for everyone's."""


class Board(SQLModel, table=True):
    id: int = Field(default=None, primary_key=True)
    workspace_id: int = Field(foreign_key="workspace.id", index=True)
    name: str = Field(max_length=100)
    revision: int = 0
    created_at: datetime = _moment(default_factory=now)
    archived_at: datetime | None = _moment(default=None)
    is_private: bool = False


class Insider(SQLModel, table=True):
    """Somebody on the list of a private board, and a member of its workspace."""

    board_id: int = Field(foreign_key="board.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)


class Lane(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("board_id", "rank"),)

    id: int = Field(default=None, primary_key=True)
    board_id: int = Field(foreign_key="board.id")
    name: str = Field(max_length=100)
    rank: str = Field(sa_column=Column(RANK, nullable=False))


class Task(SQLModel, table=True):
    """A card. One in the trash keeps its lane and rank, so that it can come back to its place."""

    __table_args__ = (UniqueConstraint("lane_id", "rank"), Index("ix_task_board_live", "board_id", "trashed_at"))

    id: int = Field(default=None, primary_key=True)
    board_id: int = Field(foreign_key="board.id")
    lane_id: int = Field(foreign_key="lane.id")
    rank: str = Field(sa_column=Column(RANK, nullable=False))
    title: str = Field(max_length=500)
    title_version: int = 0
    description: str = Field(default="", sa_type=Text)
    description_version: int = 0
    priority: int = 0
    due_on: date | None = None
    created_by: int = Field(foreign_key="person.id")
    created_at: datetime = _moment(default_factory=now)
    completed_at: datetime | None = _moment(default=None)
    trashed_at: datetime | None = _moment(default=None)
    files: int = 0
    """How many there are that were not removed; counted here, so that a board need not count them."""
    comments: int = 0
    """The same of comments."""
    author: str = Field(default="", max_length=100)
    """Who made it, by name, where `created_by` has brought it in from a file (importing.py)."""


class Attachment(SQLModel, table=True):
    """A file on a task. `key` and `thumb` name it and its small picture among the files (app/files.py)."""

    # An address that was given out never comes to mean another file.
    __table_args__ = {"sqlite_autoincrement": True}

    id: int = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    name: str = Field(max_length=255)
    size: int
    type: str = Field(max_length=100)
    sha256: str = Field(max_length=64)
    key: str = Field(max_length=32, unique=True)
    thumb: str = Field(default="", max_length=32, index=True)
    created_by: int = Field(foreign_key="person.id")
    created_at: datetime = _moment(default_factory=now)
    trashed_at: datetime | None = _moment(default=None)


class Assignment(SQLModel, table=True):
    task_id: int = Field(foreign_key="task.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)


class Comment(SQLModel, table=True):
    """What somebody said about a task, as Markdown; people are mentioned as `@[Ben](person:7)`.

    `key` is what the browser called it: the same comment sent again is the one that is there.
    """

    # An address that was given out never comes to mean another comment.
    __table_args__ = (UniqueConstraint("created_by", "key"), {"sqlite_autoincrement": True})

    id: int = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    body: str = Field(sa_type=Text)
    version: int = 0
    """How often it was edited."""
    key: str = Field(max_length=36)
    created_by: int = Field(foreign_key="person.id")
    created_at: datetime = _moment(default_factory=now)
    edited_at: datetime | None = _moment(default=None)
    trashed_at: datetime | None = _moment(default=None)
    trashed_by: int | None = Field(default=None, foreign_key="person.id")
    author: str = Field(default="", max_length=100)
    """Who said it, by name, where `created_by` has brought it in from a file (importing.py)."""


class CommentEdit(SQLModel, table=True):
    """What a comment said before it was edited: its text at `version`, and until when."""

    __tablename__ = "comment_edit"  # type: ignore[assignment]  # SQLModel types it as its own.

    comment_id: int = Field(foreign_key="comment.id", primary_key=True)
    version: int = Field(primary_key=True)
    body: str = Field(sa_type=Text)
    until: datetime = _moment(default_factory=now)


class Mention(SQLModel, table=True):
    """That a comment, as it reads now, mentions somebody."""

    comment_id: int = Field(foreign_key="comment.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)


class Reaction(SQLModel, table=True):
    """What somebody answers to a comment with: `kind` is one of reactions.KINDS."""

    comment_id: int = Field(foreign_key="comment.id", primary_key=True)
    kind: str = Field(primary_key=True, max_length=20)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    at: datetime = _moment(default_factory=now)


class Change(SQLModel, table=True):
    """What happened, in order and without gaps per topic: history, catch-up, activity and audit in one."""

    __table_args__ = (UniqueConstraint("topic", "revision"), Index("ix_change_entity", "entity", "entity_id", "id"))

    id: int = Field(default=None, primary_key=True)
    topic: str = Field(max_length=40)
    revision: int
    kind: str = Field(max_length=40)
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    entity: str = Field(sa_type=String(20))
    entity_id: int
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    at: datetime = _moment(default_factory=now)


class Audit(SQLModel, table=True):
    """What admins look up later: who did what to whom, from where (audit.py). The database refuses to change it."""

    __table_args__ = (
        Index("ix_audit_at", "at", "id"),
        Index("ix_audit_workspace", "workspace_id", "at", "id"),
        Index("ix_audit_workspace_kind", "workspace_id", "kind", "at", "id"),
        Index("ix_audit_kind", "kind", "at", "id"),
        Index("ix_audit_actor", "actor_id", "at", "id"),
        Index("ix_audit_person", "person_id", "at", "id"),
    )

    id: int = Field(default=None, primary_key=True)
    at: datetime = _moment(default_factory=now)
    kind: str = Field(max_length=40)
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    workspace_id: int | None = Field(default=None, foreign_key="workspace.id")
    subject: str = Field(default="", max_length=300)
    address: str = Field(default="", max_length=64)
    device: str = Field(default="", max_length=300)
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


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
    created_at: datetime = _moment(default_factory=now)
    not_before: datetime = _moment()
    tries: int = 0
    tried_at: datetime | None = _moment(default=None)
    holder: str = Field(default="", max_length=60)
    handed_at: datetime | None = _moment(default=None)
    sent_at: datetime | None = _moment(default=None)
    given_up_at: datetime | None = _moment(default=None)
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
    done_until: datetime = _moment()


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
    fires_at: datetime | None = _moment(default=None, index=True)
    fired_at: datetime | None = _moment(default=None)
    created_at: datetime = _moment(default_factory=now)


class PushSubscription(SQLModel, table=True):
    """A browser that shows its person's news even when no tab is open; with its keys they are encrypted for it."""

    __tablename__ = "push_subscription"  # type: ignore[assignment]  # SQLModel types it as its own.

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    endpoint: str = Field(max_length=1000, unique=True)
    p256dh: str = Field(max_length=200)
    auth: str = Field(max_length=100)
    device: str = Field(default="", max_length=300)
    created_at: datetime = _moment(default_factory=now)


class Inbox(SQLModel, table=True):
    """Where a person is told things; its `id` is the person's. Quiet hours are in minutes after midnight, there."""

    id: int = Field(foreign_key="person.id", primary_key=True)
    revision: int = 0
    quiet_from: int | None = None
    quiet_to: int | None = None


_IS_NEWEST, _IS_1 = text("is_newest"), text("is_newest = 1")
_IS_WAITING, _IS_1_WAITING = text("is_newest AND done_at IS NULL"), text("is_newest = 1 AND done_at IS NULL")
"""SQLite takes a partial index only for a question in the same words."""
_IS_UNREAD = text("read_at IS NULL AND done_at IS NULL")
_IS_DONE = text("done_at IS NOT NULL")


class News(SQLModel, table=True):
    """What one person was told of one change, or why they were not (news.py). The inbox shows the newest of a task.

    What it names has no foreign keys: a change may be told to hundreds at once, and each key is looked up for each.
    """

    __table_args__ = (
        Index("ix_news_inbox", "person_id", "shows_at", "id", postgresql_where=_IS_WAITING, sqlite_where=_IS_1_WAITING),
        Index("ix_news_newest", "task_id", "person_id", postgresql_where=_IS_NEWEST, sqlite_where=_IS_1),
        Index(
            "ix_news_unread",
            "person_id",
            "is_newest",
            "shows_at",
            postgresql_where=_IS_UNREAD,
            sqlite_where=_IS_UNREAD,
        ),
        Index("ix_news_done", "person_id", "done_at", postgresql_where=_IS_DONE, sqlite_where=_IS_DONE),
        Index("ix_news_task", "task_id", "person_id"),
        Index("ix_news_change", "change_topic", "change_revision"),
    )

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    kind: str = Field(max_length=20)
    reason: str = Field(max_length=20)
    """Why them: a key of kinds.REASONS."""
    actor_id: int | None = None
    workspace_id: int | None = None
    """None for what is told to people who cannot see the workspace."""
    board_id: int | None = None
    task_id: int | None = None
    change_topic: str = Field(max_length=40)
    change_revision: int
    at: datetime = _moment()
    channels: str = Field(default="", max_length=40)
    """On what ways it went: inbox, email or digest, push, with spaces between them."""
    withheld: str = Field(default="", max_length=20)
    """Why it went on no way, or on no other than the inbox: a key of kinds.WITHHELD."""
    is_shown: bool = True
    is_newest: bool = True
    is_direct: bool = False
    """Among what is unread of its task there is something that was meant for this person alone."""
    unread: int = 0
    """How many there were unread of its task when it came, this one included; what that is worth `read_at` tells."""
    read_at: datetime | None = _moment(default=None)
    done_at: datetime | None = _moment(default=None)
    shows_at: datetime = _moment()
    """From when on the inbox shows it; later than `at` when it was snoozed."""
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class Telling(SQLModel, table=True):
    """A change that those who watch its task are still to be told of: written with it, gone once they are (news.py)."""

    id: int = Field(default=None, primary_key=True)
    task_id: int = Field(index=True)
    board_id: int
    kind: str = Field(max_length=20)
    actor_id: int
    change_topic: str = Field(max_length=40)
    change_revision: int
    at: datetime = _moment()
    looking: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """Who had the task before their eyes then."""
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class Watch(SQLModel, table=True):
    """That a person watches a task, lane, board or workspace (`noun`), has stopped to, or has muted it.

    Who created a task or is on it watches it without a row.
    """

    __table_args__ = (Index("ix_watch_subject", "noun", "subject_id"),)

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    noun: str = Field(primary_key=True, max_length=20)
    subject_id: int = Field(primary_key=True)
    level: str = Field(max_length=20)
    reason: str = Field(default="", max_length=20)


class NewsPreference(SQLModel, table=True):
    """In which ways a person is told of a kind of news, where that is not as it is for everybody (kinds.py)."""

    __tablename__ = "news_preference"  # type: ignore[assignment]  # SQLModel types it as its own.

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    kind: str = Field(primary_key=True, max_length=20)
    inbox: bool
    email: bool
    push: bool
