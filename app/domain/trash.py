"""What was thrown away long ago is forgotten for good: tasks and comments, with all that belongs to them.

What happened to them stays in `change`, without their words. It is done a few at a time, so that nobody waits for it.
"""

from datetime import datetime

from sqlalchemy import Select, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.models import (
    Assignment,
    Attachment,
    Board,
    Comment,
    CommentEdit,
    Mention,
    News,
    Reaction,
    Reminder,
    Task,
    Telling,
    Watch,
)

AT_ONCE = 200
"""Tasks, and comments, that are forgotten in one transaction."""


async def forget(session: AsyncSession, before: datetime) -> bool:
    """Forget some of what was thrown away before then; whether there may be more."""
    found = (await session.execute(_tasks(before).limit(AT_ONCE))).all()
    # What is on a board is held by its row, so that nobody brings a task back meanwhile.
    boards = select(col(Board.id)).where(col(Board.id).in_({row.board_id for row in found})).order_by(col(Board.id))
    await session.execute(boards.with_for_update(key_share=True))
    still = _tasks(before).where(col(Task.id).in_([row.id for row in found]))
    tasks = [row.id for row in (await session.execute(still)).all()]
    thrown = (col(Comment.trashed_at) < before) | col(Comment.task_id).in_(tasks)
    comments = (await session.execute(select(col(Comment.id)).where(thrown).limit(AT_ONCE))).scalars().all()
    for part in (CommentEdit, Mention, Reaction):
        await session.execute(delete(part).where(col(part.comment_id).in_(comments)))
    await session.execute(delete(Comment).where(col(Comment.id).in_(comments), thrown))
    if len(comments) == AT_ONCE:
        return True  # The tasks go when nothing is said about them any more.
    for part in (Assignment, Attachment, Reminder, News, Telling):
        await session.execute(delete(part).where(col(part.task_id).in_(tasks)))
    await session.execute(delete(Watch).where(col(Watch.noun) == "task", col(Watch.subject_id).in_(tasks)))
    await session.execute(delete(Task).where(col(Task.id).in_(tasks)))
    return len(found) == AT_ONCE


def _tasks(before: datetime) -> Select[int, int]:
    """The newest task of all is left: SQLite would give its id to the next one."""
    newest = select(func.max(col(Task.id))).scalar_subquery()
    query = select(col(Task.id), col(Task.board_id)).where(col(Task.trashed_at) < before, col(Task.id) < newest)
    return query.order_by(col(Task.id))
