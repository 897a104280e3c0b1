"""Reminders of a task: several each person, before it is due or at a time on their clock. Each fires once.

When a reminder fires is reckoned once, whenever what it hangs on changes: the day on which the task is due, the zone of
its person. What fires it (reminding.py) then only looks at the clock.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlmodel import col

from app.domain import access, moments
from app.domain.access import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.models import Person, Reminder, Task, now
from app.domain.transaction import Transaction

MOST = 20
"""Reminders that one person may have on one task."""
LONGEST = 365 * 24 * 60
"""Minutes before a task is due."""


async def add_before(tx: Transaction, actor: Actor, task_id: int, minutes: int) -> int:
    """Remind the actor so many minutes before nine o'clock on the day on which the task is due."""
    if not 0 <= minutes <= LONGEST:
        raise Invalid("A reminder comes at most a year before a task is due.")
    return await _add(tx, actor, task_id, Reminder(task_id=task_id, person_id=actor.id, minutes_before=minutes))


async def add_at(tx: Transaction, actor: Actor, task_id: int, at: str) -> int:
    """Remind the actor at a time on their clock, such as 2027-03-28T02:30."""
    moments.local_time(at)
    return await _add(tx, actor, task_id, Reminder(task_id=task_id, person_id=actor.id, at_local=at))


async def remove(tx: Transaction, actor: Actor, reminder_id: int) -> None:
    """Take away one of one's own."""
    await tx.advance("person", actor.id)
    reminder = await tx.session.get(Reminder, reminder_id)
    if reminder is None or reminder.person_id != actor.id:
        raise NotFound("This reminder is gone.")
    await tx.session.delete(reminder)
    about = {"task_id": reminder.task_id}
    await tx.record("person", actor.id, "reminder.removed", actor.id, "reminder", reminder_id, **about)


async def reckon(tx: Transaction, *, person_id: int | None = None, task_id: int | None = None) -> None:
    """Find out anew when the reminders of a person, or on a task, fire, as their zone or its day has changed.

    One that has fired fires again only if it now lies ahead.
    """
    query = (
        select(Reminder, col(Task.due_on), col(Person.zone))
        .join(Task, col(Task.id) == col(Reminder.task_id))
        .join(Person, col(Person.id) == col(Reminder.person_id))
    )
    of_whom = col(Reminder.person_id) == person_id if person_id else col(Reminder.task_id) == task_id
    await tx.session.flush()
    for reminder, due_on, zone in (await tx.session.execute(query.where(of_whom))).all():
        was, reminder.fires_at = reminder.fires_at, fires_at(reminder, due_on, zone)
        if reminder.fires_at and reminder.fires_at != was and reminder.fires_at > now():
            reminder.fired_at = None


def count_of(task_id: Any) -> ScalarSelect[int]:
    """How many there are on a task, for the query of something that they hang on."""
    query = select(func.count()).where(col(Reminder.task_id) == task_id, col(Reminder.at_local) == "")
    return query.select_from(Reminder).scalar_subquery()


def fires_at(reminder: Reminder, due_on: date | None, zone: str) -> datetime | None:
    """On the clocks of the person: a day before is the day before at the same time, whatever the clocks do then."""
    where = moments.zone(zone)
    if reminder.at_local:
        return moments.moment(moments.local_time(reminder.at_local), where)
    if due_on is None:
        return None
    morning = datetime.combine(due_on, time(moments.MORNING))
    return moments.moment(morning - timedelta(minutes=reminder.minutes_before or 0), where)


async def _add(tx: Transaction, actor: Actor, task_id: int, reminder: Reminder) -> int:
    """Whoever may look at a task may be reminded of it. One that is there already is not added again."""
    task, _, _ = await access.looking_at_task(tx, actor, task_id)
    if task.trashed_at is not None:
        raise NotFound("This task is in the trash.")
    await tx.advance("person", actor.id)
    mine = (col(Reminder.task_id) == task_id) & (col(Reminder.person_id) == actor.id)
    same = (col(Reminder.minutes_before) == reminder.minutes_before) & (col(Reminder.at_local) == reminder.at_local)
    if reminder.minutes_before is None:
        same = col(Reminder.at_local) == reminder.at_local
    query = select(col(Reminder.id)).where(mine, same, col(Reminder.fired_at).is_(None))
    if (existing := (await tx.session.execute(query)).scalars().first()) is not None:
        return existing
    held = (await tx.session.execute(select(func.count()).select_from(Reminder).where(mine))).scalar_one()
    if held >= MOST:
        raise Invalid(f"You have {MOST} reminders on this task already. Remove one first.")
    zone = (await tx.session.execute(select(col(Person.zone)).where(col(Person.id) == actor.id))).scalar_one()
    reminder.fires_at = fires_at(reminder, task.due_on, zone)
    if reminder.fires_at is not None and reminder.fires_at <= now():
        raise Invalid("This would have been in the past. Choose a later time.")
    tx.session.add(reminder)
    await tx.session.flush()
    about = {"task_id": task_id}
    await tx.record("person", actor.id, "reminder.added", actor.id, "reminder", reminder.id, **about)
    return reminder.id
