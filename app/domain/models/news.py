"""What people are told, what they watch, and what they want to be told."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field, SQLModel

from app.domain.models.columns import moment


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
    at: datetime = moment()
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
    read_at: datetime | None = moment(default=None)
    done_at: datetime | None = moment(default=None)
    shows_at: datetime = moment()
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
    at: datetime = moment()
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
