"""Every table, at one sitting. Times are UTC; ranks are as in ranks.py; an id is there once a row was flushed."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Index, String, Table, Text, UniqueConstraint
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
    password_hash: str
    is_admin: bool = False
    revision: int = 0
    created_at: datetime = _moment(default_factory=now)


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


class Workspace(SQLModel, table=True):
    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=100)
    description: str = Field(default="", sa_type=Text)
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


class Assignment(SQLModel, table=True):
    task_id: int = Field(foreign_key="task.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)


class Change(SQLModel, table=True):
    """What happened, in order and without gaps per topic: history, catch-up, activity and audit in one."""

    __table_args__ = (UniqueConstraint("topic", "revision"),)

    id: int = Field(default=None, primary_key=True)
    topic: str = Field(max_length=40)
    revision: int
    kind: str = Field(max_length=40)
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    entity: str = Field(sa_type=String(20))
    entity_id: int
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    at: datetime = _moment(default_factory=now)
