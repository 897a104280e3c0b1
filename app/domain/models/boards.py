"""Boards, their lanes and tasks, and what hangs on a task."""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.domain.models.columns import RANK, moment, now

_HAS_KEY = text("key IS NOT NULL")


class Board(SQLModel, table=True):
    id: int = Field(default=None, primary_key=True)
    workspace_id: int = Field(foreign_key="workspace.id", index=True)
    name: str = Field(max_length=100)
    revision: int = 0
    created_at: datetime = moment(default_factory=now)
    archived_at: datetime | None = moment(default=None)
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

    __table_args__ = (
        UniqueConstraint("lane_id", "rank"),
        Index("ix_task_board_live", "board_id", "trashed_at"),
        Index("ix_task_key", "created_by", "key", unique=True, postgresql_where=_HAS_KEY, sqlite_where=_HAS_KEY),
    )

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
    created_at: datetime = moment(default_factory=now)
    completed_at: datetime | None = moment(default=None)
    trashed_at: datetime | None = moment(default=None)
    files: int = 0
    """How many there are that were not removed; counted here, so that a board need not count them."""
    comments: int = 0
    """The same of comments."""
    author: str = Field(default="", max_length=100)
    """Who made it, by name, where `created_by` has brought it in from a file (importing.py)."""
    key: str | None = Field(default=None, max_length=36)
    """What the browser called the addition that began with it: the same once more is the one that is there."""


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
    created_at: datetime = moment(default_factory=now)
    trashed_at: datetime | None = moment(default=None)


class Assignment(SQLModel, table=True):
    task_id: int = Field(foreign_key="task.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)
