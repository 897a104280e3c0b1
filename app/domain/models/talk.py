"""What people say about a task."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.domain.models.columns import moment, now


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
    created_at: datetime = moment(default_factory=now)
    edited_at: datetime | None = moment(default=None)
    trashed_at: datetime | None = moment(default=None)
    trashed_by: int | None = Field(default=None, foreign_key="person.id")
    author: str = Field(default="", max_length=100)
    """Who said it, by name, where `created_by` has brought it in from a file (importing.py)."""


class CommentEdit(SQLModel, table=True):
    """What a comment said before it was edited: its text at `version`, and until when."""

    __tablename__ = "comment_edit"  # type: ignore[assignment]  # SQLModel types it as its own.

    comment_id: int = Field(foreign_key="comment.id", primary_key=True)
    version: int = Field(primary_key=True)
    body: str = Field(sa_type=Text)
    until: datetime = moment(default_factory=now)


class Mention(SQLModel, table=True):
    """That a comment, as it reads now, mentions somebody."""

    comment_id: int = Field(foreign_key="comment.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)


class Reaction(SQLModel, table=True):
    """What somebody answers to a comment with: `kind` is one of reactions.KINDS."""

    comment_id: int = Field(foreign_key="comment.id", primary_key=True)
    kind: str = Field(primary_key=True, max_length=20)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    at: datetime = moment(default_factory=now)
