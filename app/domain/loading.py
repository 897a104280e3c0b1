"""The rows of an export: tasks in the order of their board with all that belongs to them, some at a time."""

import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app.domain import carried, mentions
from app.domain.carried import Row
from app.domain.comments import KEPT_EDITS, Earlier
from app.domain.models import Assignment, Attachment, Comment, CommentEdit, Lane, Person, Reaction, Task
from app.domain.reactions import KINDS
from app.domain.transaction import Transaction

AT_ONCE, COMMENTS_AT_ONCE = 200, 1_000
"""Tasks, and comments on them, that are in memory together; a task is not cut in two."""


async def tasks(
    tx: Transaction, boards: Sequence[tuple[int, Sequence[int]]], keys: Mapping[int, int]
) -> AsyncIterator[Sequence[Row]]:
    """Those of boards, each with its lanes, but for those in the trash; `keys` are the ids that people have there."""
    for place, (board_id, lanes) in enumerate(boards):
        orders, count = dict.fromkeys(lanes, 0), 0
        for ids in _parts(await _index(tx, board_id)):
            part: list[Row] = []
            for task, author, with_it in await _read(tx, ids, keys):
                count += 1
                at = (f"Task {count}", place, lanes.index(task.lane_id), orders[task.lane_id])
                orders[task.lane_id] += 1
                part.append(_task(at, task, author, with_it))
            yield part


def utc(at: datetime | None) -> datetime | None:
    """A moment as files have it, whatever zone the database answers in."""
    return at and at.astimezone(UTC)


async def _index(tx: Transaction, board_id: int) -> Sequence[Any]:
    """The id of each task, and how many comments it has, in the order in which one reads a board."""
    query = select(col(Task.id), col(Task.comments)).join(Lane, col(Lane.id) == col(Task.lane_id))
    query = query.where(col(Task.board_id) == board_id, col(Task.trashed_at).is_(None))
    return (await tx.session.execute(query.order_by(col(Lane.rank), col(Task.rank)))).all()


def _parts(index: Sequence[Any]) -> Iterator[list[int]]:
    part: list[int] = []
    comments = 0
    for row in index:
        if part and (len(part) == AT_ONCE or comments + row.comments > COMMENTS_AT_ONCE):
            yield part
            part, comments = [], 0
        part.append(row.id)
        comments += row.comments
    if part:
        yield part


async def _read(
    tx: Transaction, ids: Sequence[int], keys: Mapping[int, int]
) -> list[tuple[Task, str, dict[str, tuple[Any, ...]]]]:
    """Tasks in this order, each with the name of who made it and with what belongs to it."""
    query = select(Task, col(Person.name)).join(Person, col(Person.id) == col(Task.created_by))
    rows = (await tx.session.execute(query.where(col(Task.id).in_(ids)))).all()
    people, comments, files = await _assignees(tx, ids, keys), await _comments(tx, ids, keys), await _files(tx, ids)
    found = {}
    for task, creator in rows:
        here = (lists.get(task.id, ()) for lists in (people, comments, files))
        belongings = dict(zip(("assignees", "comments", "files"), map(tuple, here), strict=True))
        found[task.id] = (task, task.author or creator, belongings)
    tx.session.expunge_all()  # They would all be kept until the end.
    return [found[id] for id in ids]


def _task(at: tuple[str, int, int, int], task: Task, author: str, with_it: dict[str, tuple[Any, ...]]) -> carried.Task:
    return carried.Task(
        *at,
        title=task.title,
        description=task.description,
        priority=task.priority,
        due_on=task.due_on,
        author=author,
        created_at=utc(task.created_at),
        completed_at=utc(task.completed_at),
        **with_it,
    )


async def _assignees(tx: Transaction, ids: Sequence[int], keys: Mapping[int, int]) -> dict[int, list[int]]:
    query = select(Assignment).where(col(Assignment.task_id).in_(ids)).order_by(col(Assignment.person_id))
    found: dict[int, list[int]] = {}
    for row in (await tx.session.execute(query)).scalars():
        if row.person_id in keys:
            found.setdefault(row.task_id, []).append(keys[row.person_id])
    return found


async def _comments(tx: Transaction, ids: Sequence[int], keys: Mapping[int, int]) -> dict[int, list[carried.Comment]]:
    query = select(Comment, col(Person.name)).join(Person, col(Person.id) == col(Comment.created_by))
    query = query.where(col(Comment.task_id).in_(ids), col(Comment.trashed_at).is_(None)).order_by(col(Comment.id))
    rows = (await tx.session.execute(query)).all()
    said = [row[0].id for row in rows]
    earlier, reactions = await _earlier(tx, said, keys), await _reactions(tx, said, keys)
    found: dict[int, list[carried.Comment]] = {}
    for comment, name in rows:
        view = carried.Comment(
            body=_with_keys(comment.body, keys),
            author=comment.author or name,
            at=utc(comment.created_at),
            edited_at=utc(comment.edited_at),
            earlier=tuple(earlier.get(comment.id, ())),
            reactions=tuple(reactions.get(comment.id, ())),
        )
        found.setdefault(comment.task_id, []).append(view)
    return found


async def _earlier(tx: Transaction, ids: Sequence[int], keys: Mapping[int, int]) -> dict[int, list[Earlier]]:
    """As many as can be looked at, oldest first."""
    query = select(CommentEdit).where(col(CommentEdit.comment_id).in_(ids)).order_by(col(CommentEdit.version))
    found: dict[int, list[Earlier]] = {}
    for edit in (await tx.session.execute(query)).scalars():
        until = edit.until.astimezone(UTC)
        found.setdefault(edit.comment_id, []).append(Earlier(_with_keys(edit.body, keys), until))
    return {id: texts[-KEPT_EDITS:] for id, texts in found.items()}


async def _reactions(tx: Transaction, ids: Sequence[int], keys: Mapping[int, int]) -> dict[int, list[carried.Reaction]]:
    query = select(Reaction).where(col(Reaction.comment_id).in_(ids))
    rows = (await tx.session.execute(query)).scalars().all()
    found: dict[int, list[carried.Reaction]] = {}
    for row in sorted(rows, key=lambda row: (KINDS.index(row.kind), row.person_id)):
        if row.person_id in keys:
            reaction = carried.Reaction(row.kind, keys[row.person_id], row.at.astimezone(UTC))
            found.setdefault(row.comment_id, []).append(reaction)
    return found


async def _files(tx: Transaction, ids: Sequence[int]) -> dict[int, list[carried.File]]:
    query = select(Attachment, col(Person.name)).join(Person, col(Person.id) == col(Attachment.created_by))
    query = query.where(col(Attachment.task_id).in_(ids), col(Attachment.trashed_at).is_(None))
    found: dict[int, list[carried.File]] = {}
    for file, name in (await tx.session.execute(query.order_by(col(Attachment.id)))).all():
        added_at = file.created_at.astimezone(UTC)
        view = carried.File(file.name, file.size, file.type, file.sha256, name, added_at)
        found.setdefault(file.task_id, []).append(view)
    return found


def _with_keys(body: str, keys: Mapping[int, int]) -> str:
    """With the ids that people have in the file; of whoever is not in it, the name is left."""

    def mention(found: re.Match[str]) -> str:
        name, id = found.groups()
        return f"@[{name}](person:{keys[int(id)]})" if int(id) in keys else f"@{name}"

    return mentions.MENTION.sub(mention, body)
