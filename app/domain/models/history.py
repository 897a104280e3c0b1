"""What happened: for screens, and for those who look it up later."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.domain.models.columns import moment, now


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
    at: datetime = moment(default_factory=now)


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
    at: datetime = moment(default_factory=now)
    kind: str = Field(max_length=40)
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    workspace_id: int | None = Field(default=None, foreign_key="workspace.id")
    subject: str = Field(default="", max_length=300)
    address: str = Field(default="", max_length=64)
    device: str = Field(default="", max_length=300)
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
