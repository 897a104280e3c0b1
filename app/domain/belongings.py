"""What belongs to a task and is reached by way of it: its files, and what people say about it."""

from typing import TypeVar

from app.domain import access, permissions
from app.domain.access import Actor
from app.domain.errors import NotFound
from app.domain.models import Attachment, Board, Comment, Task
from app.domain.transaction import Transaction

T = TypeVar("T", Attachment, Comment)


async def shared_with(
    tx: Transaction, actor: Actor, kind: type[T], id: int, missing: str
) -> tuple[T, Board, permissions.Role]:
    """The thing, removed or not, as it is now, its board, and the actor's role there; else NotFound says `missing`."""
    thing = await tx.session.get(kind, id, populate_existing=True)
    if thing is None:
        raise NotFound(missing)
    try:
        _, board, role = await access.looking_at_task(tx, actor, thing.task_id)
    except NotFound:
        raise NotFound(missing) from None
    return thing, board, role


async def with_task(
    tx: Transaction, actor: Actor, kind: type[T], id: int, permission: permissions.Permission, missing: str
) -> tuple[T, Task, Board, permissions.Role]:
    """The thing, its task and board, locked, and the actor's role there, which has this permission."""
    found, _, _ = await shared_with(tx, actor, kind, id, missing)
    task = await access.task_for(tx, actor, found.task_id, permission)
    thing, board, role = await shared_with(tx, actor, kind, id, missing)
    return thing, task, board, role
