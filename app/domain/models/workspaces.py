"""Workspaces and who is in them."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from app.domain.models.columns import moment, now


class Workspace(SQLModel, table=True):
    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=100)
    description: str = Field(default="", sa_type=Text)
    shows_people: bool = True
    """Whether its members see where others are, and when they write."""
    revision: int = 0
    created_at: datetime = moment(default_factory=now)
    deleted_at: datetime | None = moment(default=None)


class Member(SQLModel, table=True):
    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)
    role: str = Field(max_length=20)
    joined_at: datetime = moment(default_factory=now)


class Invite(SQLModel, table=True):
    """A join link. Only the SHA-256 of its token is kept."""

    id: int = Field(default=None, primary_key=True)
    workspace_id: int = Field(foreign_key="workspace.id", index=True)
    token_hash: str = Field(unique=True, max_length=64)
    role: str = Field(max_length=20)
    uses: int = 0
    max_uses: int
    created_by: int = Field(foreign_key="person.id")
    created_at: datetime = moment(default_factory=now)
    expires_at: datetime = moment()
    revoked_at: datetime | None = moment(default=None)
    email_domain: str = Field(default="", max_length=200)
    """Whose addresses it is for, such as `example.com`; empty for everyone's."""
