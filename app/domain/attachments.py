"""Files on tasks: what was added, by whom, and who may have it. Their bytes are kept elsewhere, under `key`.

The same file again, by the same person under the same name, is the one that is there: an upload whose answer was lost
can simply be sent once more.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain import access, audit, belongings, limits, permissions, text
from app.domain.access import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.models import Attachment, Board, Person, Task, now
from app.domain.transaction import Transaction

MISSING = "This file is gone, or it is not shared with you."


@dataclass(frozen=True)
class Stored:
    """A file that has arrived: what was found in it, and under which keys it and its small picture are kept."""

    name: str
    size: int
    type: str
    sha256: str
    key: str
    thumb: str = ""


async def look(tx: Transaction, actor: Actor, task_id: int, size: int, room: int) -> None:
    """Refuse what `add` would refuse, before so many bytes are sent: it reads only, and holds nothing."""
    task, board, role = await access.looking_at_task(tx, actor, task_id)
    permissions.require_on(board.archived_at, role, "attach")
    if task.trashed_at is not None:
        raise NotFound("This task is in the trash.")
    _require_few(task.files)
    await _require_room(tx, board.id, size, room)


async def add(tx: Transaction, actor: Actor, task_id: int, file: Stored, room: int) -> tuple[int, bool]:
    """Put a file on a task; its id, and whether it is kept under the key that it came with: not if it was there.

    `room` is how many bytes the files of a board may have together. When there is none left, removed ones give way,
    and cannot be brought back then.
    """
    task = await access.task_for(tx, actor, task_id, "attach")
    name = text.file_name(file.name)
    if (same := await _same(tx, actor, task_id, name, file.sha256)) is not None:
        return same.id, same.key == file.key
    _require_few(task.files)
    await _require_room(tx, task.board_id, file.size, room)
    if await _held(tx, task.board_id) + file.size > room:
        removed = select(col(Attachment.id)).join(Task, col(Task.id) == col(Attachment.task_id))
        removed = removed.where(col(Task.board_id) == task.board_id, col(Attachment.trashed_at).is_not(None))
        await tx.session.execute(delete(Attachment).where(col(Attachment.id).in_(removed)))
    kept = {"size": file.size, "type": file.type, "sha256": file.sha256, "key": file.key, "thumb": file.thumb}
    attachment = Attachment(task_id=task_id, name=name, created_by=actor.id, **kept)
    tx.session.add(attachment)
    task.files += 1
    await tx.session.flush()
    await _record(tx, actor, task, "task.attached", attachment)
    return attachment.id, True


async def remove(tx: Transaction, actor: Actor, attachment_id: int) -> None:
    """Take a file off its task: one's own, or any for those who may edit tasks. `restore` brings it back."""
    attachment, task, board = await _with_task(tx, actor, attachment_id)
    if attachment.trashed_at is not None:
        return
    attachment.trashed_at = now()
    task.files -= 1
    await _record(tx, actor, task, "task.detached", attachment)
    subject = {"workspace_id": board.workspace_id, "subject": attachment.name}
    await audit.note(tx.session, "file.removed", actor.id, tx.address, **subject, task_id=task.id, size=attachment.size)


async def restore(tx: Transaction, actor: Actor, attachment_id: int) -> None:
    """Bring back a file that was removed a short while ago."""
    attachment, task, _ = await _with_task(tx, actor, attachment_id)
    if attachment.trashed_at is None:
        return
    _require_few(task.files)
    attachment.trashed_at = None
    task.files += 1
    await _record(tx, actor, task, "task.reattached", attachment)


async def file_for(tx: Transaction, actor: Actor, attachment_id: int) -> Attachment:
    """The file, for whoever may look at its task now."""
    file, _, _ = await belongings.shared_with(tx, actor, Attachment, attachment_id, MISSING)
    if file.trashed_at is not None:
        raise NotFound(MISSING)
    return file


async def in_use(tx: Transaction, keys: Collection[str]) -> set[str]:
    """Those of the keys under which something is kept that a row still names."""
    used: set[str] = set()
    for column in (col(Attachment.key), col(Attachment.thumb), col(Person.avatar)):
        used.update((await tx.session.execute(select(column).where(column.in_(keys)))).scalars())
    return used


async def purge(session: AsyncSession, before: datetime) -> None:
    """Forget the files that were removed before then."""
    await session.execute(delete(Attachment).where(col(Attachment.trashed_at) < before))


async def _with_task(tx: Transaction, actor: Actor, attachment_id: int) -> tuple[Attachment, Task, Board]:
    """The file, its task and board, locked; somebody else's file is only for those who edit tasks."""
    file, task, board, role = await belongings.with_task(tx, actor, Attachment, attachment_id, "attach", MISSING)
    if file.created_by != actor.id:
        permissions.require(role, "edit_tasks")
    return file, task, board


async def _same(tx: Transaction, actor: Actor, task_id: int, name: str, sha256: str) -> Attachment | None:
    query = select(Attachment).where(
        col(Attachment.task_id) == task_id,
        col(Attachment.created_by) == actor.id,
        col(Attachment.name) == name,
        col(Attachment.sha256) == sha256,
        col(Attachment.trashed_at).is_(None),
    )
    return (await tx.session.execute(query.limit(1))).scalar_one_or_none()


def _require_few(held: int) -> None:
    if held >= limits.FILES:
        raise Invalid(f"A task has {limits.FILES} files at most. Remove some first.")


async def _require_room(tx: Transaction, board_id: int, size: int, room: int) -> None:
    held = await _held(tx, board_id, is_removed=False)
    if held + size > room:
        raise Invalid(
            f"The files of this board have {text.size(held)} already, and {text.size(room)} is the most that they "
            "may have together. Remove some first."
        )


async def _held(tx: Transaction, board_id: int, is_removed: bool | None = None) -> int:
    """The bytes of a board's files: all, or those that were removed or not."""
    query = select(func.coalesce(func.sum(col(Attachment.size)), 0)).join(Task, col(Task.id) == Attachment.task_id)
    query = query.where(col(Task.board_id) == board_id)
    if is_removed is not None:
        gone = col(Attachment.trashed_at).is_not(None)
        query = query.where(gone if is_removed else ~gone)
    return int((await tx.session.execute(query)).scalar_one())


async def _record(tx: Transaction, actor: Actor, task: Task, kind: str, attachment: Attachment) -> None:
    details = {"attachment_id": attachment.id, "name": attachment.name}
    await tx.record("board", task.board_id, kind, actor.id, "task", task.id, **details)
