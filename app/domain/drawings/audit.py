"""The audit log as its pages and its file show it: a page at a time, newest first, by what is asked for.

Every question is answered from an index, in as many statements for a hundred entries as for a hundred thousand.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, union
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain import audit
from app.domain.access import Actor, role_in
from app.domain.errors import Invalid, NotAllowed, NotFound
from app.domain.models import Audit, Member, Person, Workspace
from app.domain.permissions import require
from app.domain.snapshots import AuditEntry
from app.domain.transaction import Transaction

PAGE = 50
"""Entries on a page."""
NAMESAKES = 20
"""People whom a name may mean at once."""


@dataclass(frozen=True)
class Question:
    """What to show: of one workspace or (None) of the whole instance; empty is any. `until` is not included."""

    workspace_id: int | None = None
    kind: str = ""
    person: str = ""
    since: datetime | None = None
    until: datetime | None = None


async def require_reader(tx: Transaction, actor: Actor, workspace_id: int | None) -> str:
    """Refuse those who may not read this log; the name of what it is about."""
    if workspace_id is None:
        person = await tx.session.get(Person, actor.id)
        if person is None or not person.is_admin:
            raise NotAllowed("Only admins of this Tandem can read its audit log.")
        return "this Tandem"
    role = await role_in(tx, actor.id, workspace_id)
    if role is None:
        raise NotFound("There is no such workspace, or you are not a member of it.")
    require(role, "read_audit")
    return (await tx.session.get_one(Workspace, workspace_id)).name


async def entries(tx: Transaction, asked: Question, before: int = 0, most: int = PAGE) -> list[AuditEntry]:
    """The newest entries, or those next to the entry `before`. Invalid for a filter that cannot be understood."""
    if asked.kind and asked.kind not in audit.KINDS:
        raise Invalid("There is no such kind of entry. Choose one from the list.")
    if asked.since and asked.until and asked.since >= asked.until:
        raise Invalid("The first day comes after the last one. Turn them around.")
    where: list[ColumnElement[bool]] = [*_within(asked), *await _older(tx, before)]
    if asked.person:
        people = await _called(tx, asked)
        parts = [_newest(where, column.in_(people), most) for column in (col(Audit.actor_id), col(Audit.person_id))]
        where = [col(Audit.id).in_(union(*(select(part.subquery().c.id) for part in parts)))]
    return [_entry(row) for row in (await tx.session.execute(_rows(where, most))).all()]


def _within(asked: Question) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if asked.workspace_id is not None:
        where.append(col(Audit.workspace_id) == asked.workspace_id)
    if asked.kind:
        where.append(col(Audit.kind) == asked.kind)
    if asked.since:
        where.append(col(Audit.at) >= asked.since)
    if asked.until:
        where.append(col(Audit.at) < asked.until)
    return where


async def _older(tx: Transaction, before: int) -> list[ColumnElement[bool]]:
    if not before:
        return []
    at = (await tx.session.execute(select(col(Audit.at)).where(col(Audit.id) == before))).scalar_one_or_none()
    if at is None:
        raise Invalid("This page of the log does not exist. Begin with the newest one.")
    return [col(Audit.at) <= at, or_(col(Audit.at) < at, col(Audit.id) < before)]


async def _called(tx: Transaction, asked: Question) -> list[int]:
    """The ids of those whose name, or in the whole instance e-mail address, has these words in it."""
    words = asked.person.strip().lower()
    pattern = "%" + words.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
    named = func.lower(col(Person.name)).like(pattern, escape="\\")
    if asked.workspace_id is None:
        query = select(col(Person.id)).where(or_(named, col(Person.email) == words))
    else:
        here: list[Select[Any]] = [select(col(Member.person_id)).where(col(Member.workspace_id) == asked.workspace_id)]
        for column in (col(Audit.actor_id), col(Audit.person_id)):
            seen = select(column).where(col(Audit.workspace_id) == asked.workspace_id, column == col(Person.id))
            here.append(seen.correlate(Person).limit(1))
        query = select(col(Person.id)).where(named, or_(*(col(Person.id).in_(part) for part in here)))
    found = list((await tx.session.execute(query.order_by(col(Person.id)).limit(NAMESAKES + 1))).scalars())
    if not found:
        raise Invalid(f"Nobody here is called “{asked.person.strip()}”.")
    if len(found) > NAMESAKES:
        raise Invalid(f"More than {NAMESAKES} people are called so. Type more of the name.")
    return found


def _newest(where: Sequence[ColumnElement[bool]], also: ColumnElement[bool], most: int) -> Select[Any]:
    return select(col(Audit.id)).where(*where, also).order_by(col(Audit.at).desc(), col(Audit.id).desc()).limit(most)


def _rows(where: Sequence[ColumnElement[bool]], most: int) -> Select[Any, Any, Any, Any]:
    actor, person = aliased(Person), aliased(Person)
    return (
        select(
            Audit,
            col(actor.name).label("actor"),
            col(person.name).label("person"),
            col(Workspace.name).label("workspace"),
        )
        .outerjoin(actor, col(actor.id) == col(Audit.actor_id))
        .outerjoin(person, col(person.id) == col(Audit.person_id))
        .outerjoin(Workspace, col(Workspace.id) == col(Audit.workspace_id))
        .where(*where)
        .order_by(col(Audit.at).desc(), col(Audit.id).desc())
        .limit(most)
    )


def _entry(row: Any) -> AuditEntry:
    note: Audit = row[0]
    return AuditEntry(
        id=note.id,
        at=note.at.isoformat(),
        kind=note.kind,
        words=audit.KINDS.get(note.kind, note.kind),
        actor=row.actor or "",
        person=row.person if row.person and note.person_id != note.actor_id else "",
        workspace=row.workspace or "",
        subject=note.subject,
        details=_in_words(note.details),
        address=note.address,
        device=note.device,
    )


def _in_words(details: dict[str, Any]) -> str:
    if {"from", "to"} <= details.keys():
        return f"from {details['from']} to {details['to']}"
    said = (f"{name.replace('_', ' ')}: {_plain(value)}" for name, value in details.items())
    return ", ".join(said)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
