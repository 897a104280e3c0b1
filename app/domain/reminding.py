"""What the clock alone tells people: their reminders, and that something is due or overdue. Each once.

A reminder that fired is marked in the transaction that tells of it. Of what happens on everybody's day at a certain
hour the table `job` has up to when it was seen to, moved on in the transaction that sees to it: what several
schedulers do at once, or one does again after a restart, finds nothing left to do, and what was missed is caught up.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain import access, moments, news
from app.domain.access import Actor
from app.domain.errors import NotFound
from app.domain.kinds import NewsKind
from app.domain.models import Assignment, Board, Insider, Job, Member, Person, Reminder, Task, Workspace, table
from app.domain.transaction import Transaction

AT_ONCE = 100
"""Reminders that are looked for in one go."""
CAUGHT_UP = timedelta(days=1)
"""How much of what was missed is still worth telling."""
LEFT_BEHIND = timedelta(hours=1)
"""For how long a mark stays where it is while nothing is due: so an idle Tandem writes nothing."""


async def to_fire(session: AsyncSession, at: datetime) -> Sequence[Row[int, int]]:
    """Ids of reminders, and of their people, whose time has come; the oldest first."""
    query = select(col(Reminder.id), col(Reminder.person_id)).order_by(col(Reminder.fires_at)).limit(AT_ONCE)
    return (await session.execute(query.where(col(Reminder.fires_at) <= at, col(Reminder.fired_at).is_(None)))).all()


async def fire(tx: Transaction, reminder_id: int, person_id: int, at: datetime) -> None:
    """Tell the person, unless somebody else just did, or it is about nothing that is still to be done."""
    await tx.advance("person", person_id)
    firing = update(_reminder).where(
        _reminder.c.id == reminder_id, _reminder.c.fired_at.is_(None), _reminder.c.fires_at <= at
    )
    found = (await tx.session.execute(firing.values(fired_at=at).returning(_reminder.c.task_id))).one_or_none()
    if found is None:
        return
    [task_id] = found
    about = {"task_id": task_id}
    await tx.record("person", person_id, "reminder.fired", None, "reminder", reminder_id, **about)
    try:
        task, board, _ = await access.looking_at_task(tx, Actor(person_id, ""), task_id)
    except NotFound:
        return  # They cannot see it any more.
    if task.completed_at is None and task.trashed_at is None and board.archived_at is None:
        place = {"workspace_id": board.workspace_id, "board_id": board.id, "task_id": task_id}
        await news.tell(tx, "reminded", actor=None, also=[person_id], **place)


async def tell_due(tx: Transaction, at: datetime) -> None:
    """At nine on everybody's clock: what is due that day, and what was due the day before, to those who are on it."""
    if (mark := await look(tx, "due", at)) is None:
        return
    after = max(mark, at - CAUGHT_UP)
    names = (await tx.session.execute(select(col(Person.zone)).distinct())).scalars().all()
    mornings = {name: _mornings(after, at, name) for name in names}
    if not any(mornings.values()):
        await move_on(tx, "due", mark, at, is_due=False)
        return
    await move_on(tx, "due", mark, at, is_due=True)
    days = {day for found in mornings.values() for day in found}
    rows = await _on_open_tasks(tx, min(days) - timedelta(days=1), max(days))
    due: list[tuple[Any, NewsKind]] = [(row, kind) for row in rows if (kind := _kind(row.due_on, mornings[row.zone]))]
    recorded = []
    for row, kind in due:
        await tx.record("person", row.person_id, f"task.{kind}", None, "task", row.id)
        recorded.append(tx.last)
    for (row, kind), tx.last in zip(due, recorded, strict=True):  # People are locked before inboxes, never after.
        place = {"workspace_id": row.workspace_id, "board_id": row.board_id, "task_id": row.id}
        await news.tell(tx, kind, actor=None, also=[row.person_id], **place)


async def look(tx: Transaction, name: str, at: datetime) -> datetime | None:
    """Up to when a job of this name was seen to, locked; None if there is nothing to see to at `at`, or not yet."""
    query = select(_job.c.done_until).where(_job.c.name == name).with_for_update()
    mark = (await tx.session.execute(query)).scalar_one_or_none()
    if mark is None:
        await tx.session.execute(insert(_job).values(name=name, done_until=at))
        tx.keep()
    return None if mark is None or mark >= at else mark


async def move_on(tx: Transaction, name: str, mark: datetime, at: datetime, *, is_due: bool) -> None:
    """It is seen to until `at`. Where nothing was due the mark may stay behind for a while: that is as good."""
    if is_due or at - mark > LEFT_BEHIND:
        await tx.session.execute(update(_job).where(_job.c.name == name).values(done_until=at))
        tx.keep()


def _mornings(after: datetime, until: datetime, zone: str) -> list[date]:
    return moments.days_with_hour_in(after, until, moments.MORNING, moments.zone(zone))


async def _on_open_tasks(tx: Transaction, first: date, last: date) -> Sequence[Row[Any]]:
    """Who is on a task that is due on one of these days, and may see it; by person, which is how they are locked."""
    is_inside = (col(Insider.board_id) == col(Board.id)) & (col(Insider.person_id) == col(Person.id))
    query = (
        select(col(Task.id), col(Task.due_on), col(Task.board_id), col(Board.workspace_id), col(Person.zone))
        .add_columns(col(Person.id).label("person_id"))
        .join(Assignment, col(Assignment.task_id) == col(Task.id))
        .join(Person, col(Person.id) == col(Assignment.person_id))
        .join(Board, col(Board.id) == col(Task.board_id))
        .join(Workspace, col(Workspace.id) == col(Board.workspace_id))
        .join(Member, (col(Member.workspace_id) == col(Workspace.id)) & (col(Member.person_id) == col(Person.id)))
        .outerjoin(Insider, is_inside)
        .where(col(Task.due_on).between(first, last), col(Task.completed_at).is_(None), col(Task.trashed_at).is_(None))
        .where(col(Board.archived_at).is_(None), col(Workspace.deleted_at).is_(None))
        .where(col(Board.is_private).is_(False) | col(Insider.person_id).is_not(None))
        .order_by(col(Person.id), col(Task.id))
    )
    return (await tx.session.execute(query)).all()


def _kind(due_on: date, mornings: Sequence[date]) -> NewsKind | None:
    if due_on in mornings:
        return "due_soon"
    return "overdue" if due_on + timedelta(days=1) in mornings else None


_reminder, _job = table(Reminder), table(Job)
