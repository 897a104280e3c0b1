"""The only way to reach a row that belongs to a workspace.

Every look-up goes through the actor's membership, so a foreign id answers exactly as a missing one.
The `_for` functions lock what they return for writing (transaction.py); drawings read through their own queries.
"""

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlmodel import col

from app.domain import locks
from app.domain.direct import Direct
from app.domain.errors import NotFound
from app.domain.models import Board, Lane, Member, Task, Workspace
from app.domain.permissions import Permission, Role, require, require_on
from app.domain.streams import Noun
from app.domain.transaction import Transaction

NO_LANE = "This lane is gone, or it is not shared with you."
NO_TASK = "This task is gone, or it is not shared with you."


@dataclass(frozen=True)
class Actor:
    """The person who does something, as the session cookie says."""

    id: int
    name: str


async def workspace_for(tx: Transaction, actor: Actor, workspace_id: int, permission: Permission) -> Workspace:
    """The workspace, locked."""
    missing = "There is no such workspace, or you are not a member of it."
    keys = {"actor_id": actor.id, "workspace_id": workspace_id}
    workspace, role = await _locked(tx, "workspace", locks.WORKSPACE, _WORKSPACE, keys, missing)
    require(role, permission)
    return workspace


async def board_for(
    tx: Transaction, actor: Actor, board_id: int, permission: Permission, *, and_workspace: bool = False
) -> Board:
    """The board, locked, and before it, if wanted, its workspace: always in this order, or two could wait in a ring.

    Archived boards cannot be written to except by `archive_boards`.
    """
    keys = {"actor_id": actor.id, "board_id": board_id}
    if and_workspace:
        await tx.advance("workspace", locks.WORKSPACE_OF_BOARD, **keys)
    missing = "There is no such board, or it is not shared with you."
    board, archived_at, role = await _locked(tx, "board", locks.BOARD, _BOARD, keys, missing)
    require_on(archived_at, role, permission)
    return board


async def lane_for(tx: Transaction, actor: Actor, lane_id: int, permission: Permission) -> Lane:
    """The lane, with its board locked."""
    keys = {"actor_id": actor.id, "lane_id": lane_id}
    lane, archived_at, role = await _locked(tx, "board", locks.BOARD_OF_LANE, _LANE, keys, NO_LANE)
    require_on(archived_at, role, permission)
    return lane


async def lane_with(
    tx: Transaction, actor: Actor, lane_id: int, permission: Permission, query: Direct, **values: Any
) -> Any:
    """The lane as a row of its columns, its board locked, and in the row what else a query from `lane_and` asks for."""
    keys = {"actor_id": actor.id, "lane_id": lane_id} | values
    row = await _locked_row(tx, locks.BOARD_OF_LANE, query, keys, NO_LANE)
    require_on(row.archived_at, row.role, permission)
    return row


async def task_for(tx: Transaction, actor: Actor, task_id: int, permission: Permission) -> Task:
    """The task, with its board locked."""
    keys = {"actor_id": actor.id, "task_id": task_id}
    task, archived_at, role = await _locked(tx, "board", locks.BOARD_OF_TASK, _TASK, keys, NO_TASK)
    require_on(archived_at, role, permission)
    _require_place(task, in_trash=False)
    return task


async def task_with(
    tx: Transaction,
    actor: Actor,
    task_id: int,
    permission: Permission,
    query: Direct,
    *,
    in_trash: bool = False,
    **values: Any,
) -> Any:
    """The task as a row of its columns, its board locked, and in the row what else a query from `task_and` asks for.

    One in the trash is found only when `in_trash` is set. `Transaction.write` changes it.
    """
    keys = {"actor_id": actor.id, "task_id": task_id} | values
    row = await _locked_row(tx, locks.BOARD_OF_TASK, query, keys, NO_TASK)
    require_on(row.archived_at, row.role, permission)
    _require_place(row, in_trash=in_trash)
    return row


async def looking_at_task(tx: Transaction, actor: Actor, task_id: int) -> tuple[Task, Board, Role]:
    """The task, in the trash or not, its board, and the actor's role there: for looking, so nothing is locked."""
    row = (await tx.session.execute(_LOOK, {"actor_id": actor.id, "task_id": task_id})).one_or_none()
    if row is None:
        raise NotFound(NO_TASK)
    return row[0], row[1], cast(Role, row[2])


def lane_and(**also: ColumnElement[Any]) -> Direct:
    """The query of `lane_with`, to be built once: `also`, by name, may use the parameter `lane_id` and others."""
    return Direct(_lane_and(*(column.label(name) for name, column in also.items())))


def task_and(**also: ColumnElement[Any]) -> Direct:
    """The query of `task_with`, to be built once: `also`, by name, may use the parameter `task_id` and others."""
    return Direct(_task_and(*(column.label(name) for name, column in also.items())))


async def role_in(tx: Transaction, person_id: int, workspace_id: int) -> Role | None:
    """The person's role in a workspace that is not deleted; None for strangers."""
    query = (
        select(col(Member.role))
        .join(Workspace, col(Workspace.id) == col(Member.workspace_id))
        .where(col(Member.workspace_id) == workspace_id, col(Member.person_id) == person_id)
        .where(col(Workspace.deleted_at).is_(None))
    )
    return cast(Role | None, (await tx.session.execute(query)).scalar_one_or_none())


async def _locked(
    tx: Transaction, noun: Noun, lock: Direct, query: Select[*tuple[Any, ...]], keys: dict[str, Any], missing: str
) -> Any:
    """The one row of the query, once its topic is locked; NotFound without one.

    A row, the membership or the whole workspace may also go while this transaction waits for the lock.
    """
    if await tx.advance(noun, lock, **keys) is None:
        raise NotFound(missing)
    row = (await tx.session.execute(query, keys)).one_or_none()
    if row is None:
        raise NotFound(missing)
    return row


async def _locked_row(tx: Transaction, lock: Direct, query: Direct, keys: dict[str, Any], missing: str) -> Any:
    """The same on a board, for a query of columns."""
    rows = await tx.advance_and_read("board", lock, query, keys)
    if not rows:
        raise NotFound(missing)
    return rows[0]


def _require_place(task: Any, *, in_trash: bool) -> None:
    if (task.trashed_at is not None) != in_trash:
        raise NotFound("This task is not in the trash." if in_trash else "This task is in the trash.")


def _lane_and(*also: ColumnElement[Any]) -> Select[Any]:
    query = select(Lane, col(Board.archived_at), col(Member.role), *also).join(Board, col(Board.id) == Lane.board_id)
    return query.join(Member, _membership).where(col(Lane.id) == bindparam("lane_id"))


def _task_and(*also: ColumnElement[Any]) -> Select[Any]:
    query = select(Task, col(Board.archived_at), col(Member.role), *also).join(Board, col(Board.id) == Task.board_id)
    return query.join(Member, _membership).where(col(Task.id) == bindparam("task_id"))


_membership = (
    (col(Member.workspace_id) == col(Board.workspace_id))
    & (col(Member.person_id) == bindparam("actor_id"))
    & locks.is_alive(col(Board.workspace_id))
    & locks.is_shared_with(bindparam("actor_id"))
)
_LANE, _TASK = _lane_and(), _task_and()
TASK = task_and()
"""The query of `task_with` for the task alone."""
_BOARD = (
    select(Board, col(Board.archived_at), col(Member.role))
    .join(Member, _membership)
    .where(col(Board.id) == bindparam("board_id"))
)
_WORKSPACE = (
    select(Workspace, col(Member.role))
    .join(Member, col(Member.workspace_id) == col(Workspace.id))
    .where(col(Member.person_id) == bindparam("actor_id"), col(Workspace.id) == bindparam("workspace_id"))
)
_LOOK = (
    select(Task, Board, col(Member.role))
    .join(Board, col(Board.id) == Task.board_id)
    .join(Member, _membership)
    .where(col(Task.id) == bindparam("task_id"))
    .execution_options(populate_existing=True)
)
