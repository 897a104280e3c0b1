"""What people say about a task: add, edit with a history, remove and bring back.

A comment is recorded as something that happened to its task, so that the card and the open task are drawn anew.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import col

from app.domain import access, audit, belongings, limits, mentions, news, permissions, text, watching
from app.domain.access import Actor
from app.domain.errors import Invalid, NotAllowed, NotFound
from app.domain.models import Board, Comment, CommentEdit, Mention, Task, now
from app.domain.transaction import Transaction

MISSING = "This comment is gone, or it is not shared with you."
WHAT = "A comment"
KEPT_EDITS = 50
"""Earlier texts of a comment that can be looked at, the newest ones."""


@dataclass(frozen=True)
class Earlier:
    """What a comment said until then."""

    body: str
    until: datetime


async def add(tx: Transaction, actor: Actor, task_id: int, body: str, key: str) -> int:
    """Say something about a task; the comment's id. With the same `key` again it is the comment that is there."""
    body, people = mentions.checked(body, WHAT)
    text.require_key(key)
    task = await access.task_for(tx, actor, task_id, "comment")
    if (same := await _same(tx, actor, key)) is not None:
        if (same.task_id, same.body) != (task_id, body):
            raise Invalid("An earlier text of this comment was sent already. Send this one once more to add it, too.")
        return same.id
    _require_few(task)
    await mentions.require_reach(tx, task.board_id, people)
    comment = Comment(task_id=task_id, body=body, key=key, created_by=actor.id)
    tx.session.add(comment)
    task.comments += 1
    await tx.session.flush()
    new = await _mention(tx, comment, people)
    await _record(tx, actor, task, "comment.added", comment)
    await watching.watch(tx, task.id, [actor.id], "commented")
    await _tell_mentioned(tx, actor, task, new)
    await news.tell_later(tx, "commented", actor, task.board_id, task.id)
    return comment.id


async def edit(tx: Transaction, actor: Actor, comment_id: int, body: str, version: int) -> None:
    """Change one's own comment; `version` is the one that the person saw. What it said before is kept."""
    body, people = mentions.checked(body, WHAT)
    comment, task, _, _ = await _with_task(tx, actor, comment_id)
    if comment.created_by != actor.id or comment.author:
        raise NotAllowed("Only its author can edit a comment.")
    if comment.trashed_at is not None:
        raise NotFound(MISSING)
    if comment.body == body:
        return
    if comment.version != version:
        raise Invalid("You have edited this comment elsewhere meanwhile. Save once more to have it say this instead.")
    await mentions.require_reach(tx, task.board_id, people)
    tx.session.add(CommentEdit(comment_id=comment.id, version=comment.version, body=comment.body))
    comment.body, comment.version, comment.edited_at = body, comment.version + 1, now()
    new = await _mention(tx, comment, people)
    await _record(tx, actor, task, "comment.edited", comment)
    await _tell_mentioned(tx, actor, task, new)


async def remove(tx: Transaction, actor: Actor, comment_id: int) -> None:
    """Take a comment away: one's own, or any for owners and admins. `restore` brings it back."""
    comment, task, board, role = await _with_task(tx, actor, comment_id)
    if comment.created_by != actor.id:
        permissions.require(role, "moderate")
    if comment.trashed_at is not None:
        return
    comment.trashed_at, comment.trashed_by = now(), actor.id
    task.comments -= 1
    await _record(tx, actor, task, "comment.removed", comment)
    if comment.created_by != actor.id:
        # Those who read the log may not be on the list of a private board.
        person_id = None if board.is_private else comment.created_by
        about = {"workspace_id": board.workspace_id, "person_id": person_id}
        await audit.note(tx.session, "comment.removed", actor.id, tx.address, **about)


async def restore(tx: Transaction, actor: Actor, comment_id: int) -> None:
    """Bring back a comment that the actor has removed; owners and admins bring back any."""
    comment, task, _, role = await _with_task(tx, actor, comment_id)
    if actor.id not in (comment.created_by, comment.trashed_by) or comment.trashed_by not in (None, actor.id):
        permissions.require(role, "moderate")
    if comment.trashed_at is None:
        return
    _require_few(task)
    comment.trashed_at = comment.trashed_by = None
    task.comments += 1
    await _record(tx, actor, task, "comment.restored", comment)


async def earlier(tx: Transaction, actor: Actor, comment_id: int) -> list[Earlier]:
    """What a comment has said before it was edited, newest first, for whoever may look at its task."""
    comment, _, _ = await belongings.shared_with(tx, actor, Comment, comment_id, MISSING)
    if comment.trashed_at is not None:
        raise NotFound(MISSING)
    query = select(CommentEdit).where(col(CommentEdit.comment_id) == comment_id)
    rows = await tx.session.execute(query.order_by(col(CommentEdit.version).desc()).limit(KEPT_EDITS))
    return [Earlier(row.body, row.until) for row in rows.scalars()]


async def comment_for(tx: Transaction, actor: Actor, comment_id: int) -> tuple[Comment, Task]:
    """A comment that is there and its task, locked, for those who may comment."""
    comment, task, _, _ = await _with_task(tx, actor, comment_id)
    if comment.trashed_at is not None:
        raise NotFound(MISSING)
    return comment, task


async def _with_task(tx: Transaction, actor: Actor, comment_id: int) -> tuple[Comment, Task, Board, permissions.Role]:
    """The comment, its task and board, locked, and the actor's role there."""
    return await belongings.with_task(tx, actor, Comment, comment_id, "comment", MISSING)


async def _same(tx: Transaction, actor: Actor, key: str) -> Comment | None:
    query = select(Comment).where(col(Comment.created_by) == actor.id, col(Comment.key) == key)
    return (await tx.session.execute(query)).scalar_one_or_none()


def _require_few(task: Task) -> None:
    if task.comments >= limits.COMMENTS:
        raise Invalid(f"A task has {limits.COMMENTS:,} comments at most. Go on in another task.")


async def _mention(tx: Transaction, comment: Comment, people: Collection[int]) -> set[int]:
    """Have its mentions be just these; those of them that are new."""
    before: set[int] = set()
    if comment.version:
        query = select(col(Mention.person_id)).where(col(Mention.comment_id) == comment.id)
        before = set((await tx.session.execute(query)).scalars())
    new = set(people) - before
    tx.session.add_all(Mention(comment_id=comment.id, person_id=id) for id in sorted(new))
    if gone := before - set(people):
        no_more = delete(Mention).where(col(Mention.comment_id) == comment.id, col(Mention.person_id).in_(gone))
        await tx.session.execute(no_more)
    return new


async def _tell_mentioned(tx: Transaction, actor: Actor, task: Task, people: Collection[int]) -> None:
    """Tell those who are mentioned now for the first time, and have them watch the task from now on."""
    if people:
        await watching.watch(tx, task.id, people, "mentioned")
        await news.tell(tx, "mentioned", actor=actor, board_id=task.board_id, task_id=task.id, also=people)


async def _record(tx: Transaction, actor: Actor, task: Task, kind: str, comment: Comment) -> None:
    await tx.record("board", task.board_id, kind, actor.id, "task", task.id, comment_id=comment.id)
