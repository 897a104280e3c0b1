"""What people do with tasks: add, edit, complete, trash. Moving stands in moving.py."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain import access, limits, locks, news, ranks, reminders, text, watching
from app.domain.access import Actor
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.kinds import NewsKind
from app.domain.models import Assignment, Board, Lane, Member, Task, now
from app.domain.transaction import Transaction

PRIORITIES = ("none", "low", "medium", "high", "urgent")
"""A task's priority is an index into this."""


async def add(tx: Transaction, actor: Actor, lane_id: int, titles: list[str], key: str = "") -> list[int]:
    """Add tasks at the end of a lane, in the order given; their ids. With the same `key` again nothing, and no ids."""
    titles = [text.line(title, "A title", text.TITLE) for title in titles]
    if not 1 <= len(titles) <= limits.TASKS_AT_ONCE:
        raise Invalid(f"Add 1 to {limits.TASKS_AT_ONCE} tasks at a time; these are {len(titles):,}.")
    if key:
        text.require_key(key)
    lane = await access.lane_with(tx, actor, lane_id, "edit_tasks", _LANE_AND_ITS_END, key=key)
    if lane.same is not None:
        return []
    _require_room(lane.held, len(titles))
    tasks, rank = [], lane.end
    for title in titles:
        rank = ranks.between(rank, None)
        tasks.append(Task(board_id=lane.board_id, lane_id=lane_id, rank=rank, title=title, created_by=actor.id))
    tasks[0].key = key or None
    tx.session.add_all(tasks)
    await tx.session.flush()
    ids = [task.id for task in tasks]
    await tx.record("board", lane.board_id, "task.added", actor.id, "task", ids[0], task_ids=ids, title=titles[0])
    return ids


async def rename(tx: Transaction, actor: Actor, task_id: int, title: str, based_on: int) -> None:
    """Change the title; `based_on` is the `title_version` that the person saw."""
    title = text.line(title, "A title", text.TITLE)
    task = await access.task_with(tx, actor, task_id, "edit_tasks", access.TASK)
    if task.title == title:
        return
    if task.title_version != based_on:
        raise _conflict("title", "The title", title, task.title, task.title_version)
    new = {"title": title, "title_version": tx.revision("board", task.board_id)}
    await tx.record_writing(task, "task.renamed", actor.id, new, **{"from": task.title, "to": title})


async def describe(tx: Transaction, actor: Actor, task_id: int, description: str, based_on: int) -> None:
    """Change the description; `based_on` is the `description_version` that the person saw."""
    description = text.text(description, "A description")
    task = await access.task_with(tx, actor, task_id, "edit_tasks", access.TASK)
    if task.description == description:
        return
    if task.description_version != based_on:
        raise _conflict("description", "The description", description, task.description, task.description_version)
    new = {"description": description, "description_version": tx.revision("board", task.board_id)}
    await tx.record_writing(task, "task.described", actor.id, new, **{"from": task.description, "to": description})


async def complete(tx: Transaction, actor: Actor, task_id: int) -> None:
    task = await access.task_with(tx, actor, task_id, "edit_tasks", _TASK_AND_WHETHER_WATCHED)
    if task.completed_at is None:
        await tx.record_writing(task, "task.completed", actor.id, {"completed_at": now()}, title=task.title)
        if task.is_watched:
            await news.tell_later(tx, "completed", actor, task.board_id, task.id)


async def reopen(tx: Transaction, actor: Actor, task_id: int) -> None:
    task = await access.task_with(tx, actor, task_id, "edit_tasks", _TASK_AND_WHETHER_WATCHED)
    if task.completed_at is not None:
        await tx.record_writing(task, "task.reopened", actor.id, {"completed_at": None}, title=task.title)
        if task.is_watched:
            await news.tell_later(tx, "reopened", actor, task.board_id, task.id)


async def set_due(tx: Transaction, actor: Actor, task_id: int, due_on: date | None) -> None:
    """Set or clear the day by which the task should be done."""
    if due_on is not None and not 1970 <= due_on.year <= 2199:
        raise Invalid("A due date lies between the years 1970 and 2199.")
    task = await access.task_with(tx, actor, task_id, "edit_tasks", _TASK_AND_ITS_REMINDERS)
    if task.due_on != due_on:
        await tx.write(task.id, due_on=due_on)
        if task.reminders:
            await reminders.reckon(tx, task_id=task_id)
        days = {"from": task.due_on and str(task.due_on), "to": due_on and str(due_on)}
        await _record(tx, actor, task, "task.due_set", **days)


async def set_priority(tx: Transaction, actor: Actor, task_id: int, priority: int) -> None:
    """Set the priority, an index into PRIORITIES."""
    if not 0 <= priority < len(PRIORITIES):
        raise Invalid(f"A priority is one of {', '.join(PRIORITIES)}.")
    task = await access.task_with(tx, actor, task_id, "edit_tasks", access.TASK)
    if task.priority != priority:
        new = {"priority": priority}
        await tx.record_writing(task, "task.prioritised", actor.id, new, **{"from": task.priority, "to": priority})


async def assign(tx: Transaction, actor: Actor, task_id: int, person_id: int) -> None:
    """Put a member on the task, beside those who are on it already."""
    task = await access.task_with(tx, actor, task_id, "edit_tasks", _TASK_AND_ITS_PEOPLE, person_id=person_id)
    if not task.may_see:
        raise NotFound("Only people who can see this board can be assigned.")
    if task.already:
        return
    if task.assigned >= limits.ASSIGNEES:
        raise Invalid(f"A task can have {limits.ASSIGNEES} people at most.")
    tx.session.add(Assignment(task_id=task_id, person_id=person_id))
    await _record(tx, actor, task, "task.assigned", person_id=person_id)
    await _tell(tx, "assigned", actor, task, person_id)


async def unassign(tx: Transaction, actor: Actor, task_id: int, person_id: int) -> None:
    """Take somebody off the task; they go on watching it, until they say otherwise."""
    task = await access.task_with(tx, actor, task_id, "edit_tasks", access.TASK)
    if assignment := await tx.session.get(Assignment, (task_id, person_id)):
        await tx.session.delete(assignment)
        await watching.watch(tx, task_id, [person_id], "assigned")
        await _record(tx, actor, task, "task.unassigned", person_id=person_id)
        await _tell(tx, "unassigned", actor, task, person_id)


async def trash(tx: Transaction, actor: Actor, task_id: int) -> None:
    """Take the task off the board; `restore` brings it back to its place."""
    task = await access.task_with(tx, actor, task_id, "edit_tasks", access.TASK)
    await tx.record_writing(task, "task.trashed", actor.id, {"trashed_at": now()}, title=task.title)


async def restore(tx: Transaction, actor: Actor, task_id: int) -> None:
    task = await access.task_with(tx, actor, task_id, "edit_tasks", _TASK_AND_ITS_BOARD, in_trash=True)
    _require_room(task.held, 1)
    await tx.record_writing(task, "task.restored", actor.id, {"trashed_at": None}, title=task.title)


def _require_room(held: int, wanted: int) -> None:
    if held + wanted > limits.OPEN_TASKS:
        raise Invalid(f"A board holds {limits.OPEN_TASKS:,} tasks at most. Trash some, or start another board.")


async def _record(tx: Transaction, actor: Actor, task: Any, kind: str, **details: object) -> None:
    await tx.record("board", task.board_id, kind, actor.id, "task", task.id, **details)


async def _tell(tx: Transaction, kind: NewsKind, actor: Actor, task: Any, person_id: int) -> None:
    if person_id != actor.id:
        await news.tell(tx, kind, actor=actor, board_id=task.board_id, task_id=task.id, also=[person_id])


def _conflict(field: str, what: str, mine: str, theirs: str, version: int) -> Conflict:
    sentence = f"{what} was changed by somebody else while you were typing. Both texts are here: choose one."
    return Conflict(sentence, field=field, mine=mine, theirs=theirs, version=version)


def _held(board_id: Any) -> ScalarSelect[int]:
    """How many tasks a board has that are not in the trash."""
    other = aliased(Task)
    query = select(func.count()).where(col(other.board_id) == board_id, col(other.trashed_at).is_(None))
    return query.select_from(other).correlate_except(other).scalar_subquery()


def _among_assignees(*where: ColumnElement[bool]) -> ScalarSelect[int]:
    on_task = select(func.count()).select_from(Assignment).where(col(Assignment.task_id) == bindparam("task_id"))
    return on_task.where(*where).scalar_subquery()


def _may_see(person_id: Any) -> ScalarSelect[int]:
    """1 if the person is a member of the board's workspace, and the board is shared with them."""
    other = aliased(Member)
    query = select(func.count()).where(
        col(other.workspace_id) == col(Board.workspace_id),
        col(other.person_id) == person_id,
        locks.is_shared_with(person_id),
    )
    return query.select_from(other).correlate(Board).scalar_subquery()


_END = select(func.max(col(Task.rank))).where(col(Task.lane_id) == bindparam("lane_id")).scalar_subquery()
_SAME = (
    select(col(Task.id))
    .where(col(Task.created_by) == bindparam("actor_id"), col(Task.key) == bindparam("key"))
    .scalar_subquery()
)
_LANE_AND_ITS_END = access.lane_and(end=_END, held=_held(col(Lane.board_id)), same=_SAME)
_TASK_AND_ITS_BOARD = access.task_and(held=_held(col(Task.board_id)))
_TASK_AND_WHETHER_WATCHED = access.task_and(is_watched=news.concerns())
_TASK_AND_ITS_REMINDERS = access.task_and(reminders=reminders.count_of(bindparam("task_id")))
_TASK_AND_ITS_PEOPLE = access.task_and(
    may_see=_may_see(bindparam("person_id")),
    already=_among_assignees(col(Assignment.person_id) == bindparam("person_id")),
    assigned=_among_assignees(),
)
