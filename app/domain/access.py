"""Who may see and do what, and the only way to reach a row that belongs to a workspace.

Every look-up goes through the actor's membership, so a foreign id answers exactly as a missing one.
The `_for` functions lock what they return for writing (transaction.py); drawings read through their own queries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, ScalarSelect, exists, select
from sqlmodel import col

from app.domain.errors import NotAllowed, NotFound
from app.domain.models import Board, Lane, Member, Task, Workspace
from app.domain.transaction import Transaction

Role = Literal["owner", "admin", "member", "commenter", "viewer"]
ROLES: tuple[Role, ...] = ("owner", "admin", "member", "commenter", "viewer")
"""From the most to the least that one may do."""

Permission = Literal[
    "view",
    "comment",
    "edit_tasks",
    "edit_lanes",
    "edit_boards",
    "archive_boards",
    "edit_workspace",
    "invite",
    "manage_members",
    "delete_workspace",
]

EVERYONE: tuple[Role, ...] = ROLES
NOT_VIEWERS = ROLES[:4]
EDITORS = ROLES[:3]
ADMINS = ROLES[:2]
OWNERS = ROLES[:1]

# fmt: off
PERMISSIONS: dict[Permission, tuple[tuple[Role, ...], str]] = {
    # what               who may        and what the others are told
    "view":             (EVERYONE,    "You are not a member of this workspace."),
    "comment":          (NOT_VIEWERS, "Viewers can look at this board, not comment on it."),
    "edit_tasks":       (EDITORS,     "Your role here lets you look at tasks, not change them."),
    "edit_lanes":       (EDITORS,     "Your role here lets you look at lanes, not change them."),
    "edit_boards":      (EDITORS,     "Your role here lets you look at boards, not change them."),
    "archive_boards":   (ADMINS,      "Only owners and admins can archive boards."),
    "edit_workspace":   (ADMINS,      "Only owners and admins can change the workspace."),
    "invite":           (ADMINS,      "Only owners and admins can invite people."),
    "manage_members":   (ADMINS,      "Only owners and admins can change who is a member."),
    "delete_workspace": (OWNERS,      "Only an owner can delete the workspace."),
}
# fmt: on


@dataclass(frozen=True)
class Actor:
    """The person who does something, as the session cookie says."""

    id: int
    name: str


def may(role: str, permission: Permission) -> bool:
    return role in PERMISSIONS[permission][0]


def require(role: str, permission: Permission) -> None:
    """Raise NotAllowed, with the sentence from the table, unless the role has the permission."""
    if not may(role, permission):
        raise NotAllowed(PERMISSIONS[permission][1])


async def workspace_for(tx: Transaction, actor: Actor, workspace_id: int, permission: Permission) -> Workspace:
    """The workspace, locked."""
    missing = "There is no such workspace, or you are not a member of it."
    mine = _is_member(actor, col(Workspace.id)) & col(Workspace.deleted_at).is_(None)
    if await tx.advance("workspace", (col(Workspace.id) == workspace_id) & mine) is None:
        raise NotFound(missing)
    query = (
        select(Workspace, col(Member.role))
        .join(Member, _member_of(actor, col(Workspace.id)))
        .where(col(Workspace.id) == workspace_id)
    )
    workspace, role = _found(await tx.session.execute(query), missing)
    require(role, permission)
    return workspace


async def board_for(
    tx: Transaction, actor: Actor, board_id: int, permission: Permission, *, and_workspace: bool = False
) -> Board:
    """The board, locked, and before it, if wanted, its workspace: always in this order, or two could wait in a ring.

    Archived boards cannot be written to except by `archive_boards`.
    """
    if and_workspace:
        of_board = select(col(Board.workspace_id)).where(col(Board.id) == board_id).scalar_subquery()
        await tx.advance("workspace", (col(Workspace.id) == of_board) & _is_member(actor, col(Workspace.id)))
    missing = "There is no such board, or it is not shared with you."
    await _lock_board(tx, actor, col(Board.id) == board_id, missing)
    query = select(Board, col(Member.role)).join(Member, _member_of(actor, col(Board.workspace_id)))
    board, role = _found(await tx.session.execute(query.where(col(Board.id) == board_id)), missing)
    _require_on(board, role, permission)
    return board


async def lane_for(tx: Transaction, actor: Actor, lane_id: int, permission: Permission) -> Lane:
    """The lane, with its board locked."""
    return (await lane_with(tx, actor, lane_id, permission))[0]


async def lane_with(
    tx: Transaction, actor: Actor, lane_id: int, permission: Permission, *also: ScalarSelect[Any]
) -> Sequence[Any]:
    """The lane, as `lane_for` finds it, and behind it the values of `also`, all in one query under the lock."""
    missing = "This lane is gone, or it is not shared with you."
    of_lane = select(col(Lane.board_id)).where(col(Lane.id) == lane_id).scalar_subquery()
    await _lock_board(tx, actor, col(Board.id) == of_lane, missing)
    query = (
        select(Lane, Board, col(Member.role), *also)
        .join(Board, col(Board.id) == col(Lane.board_id))
        .join(Member, _member_of(actor, col(Board.workspace_id)))
        .where(col(Lane.id) == lane_id)
    )
    lane, board, role, *found = _found(await tx.session.execute(query), missing)
    _require_on(board, role, permission)
    return (lane, *found)


async def task_for(
    tx: Transaction, actor: Actor, task_id: int, permission: Permission, *, in_trash: bool = False
) -> Task:
    """The task, with its board locked; one in the trash is found only when `in_trash` is set."""
    return (await task_with(tx, actor, task_id, permission, in_trash=in_trash))[0]


async def task_with(
    tx: Transaction,
    actor: Actor,
    task_id: int,
    permission: Permission,
    *also: ScalarSelect[Any],
    in_trash: bool = False,
) -> Sequence[Any]:
    """The task, as `task_for` finds it, and behind it the values of `also`, all in one query under the lock."""
    missing = "This task is gone, or it is not shared with you."
    of_task = select(col(Task.board_id)).where(col(Task.id) == task_id).scalar_subquery()
    await _lock_board(tx, actor, col(Board.id) == of_task, missing)
    query = (
        select(Task, Board, col(Member.role), *also)
        .join(Board, col(Board.id) == col(Task.board_id))
        .join(Member, _member_of(actor, col(Board.workspace_id)))
        .where(col(Task.id) == task_id)
    )
    task, board, role, *found = _found(await tx.session.execute(query), missing)
    _require_on(board, role, permission)
    if (task.trashed_at is not None) != in_trash:
        raise NotFound("This task is not in the trash." if in_trash else "This task is in the trash.")
    return (task, *found)


async def hold_boards(tx: Transaction, workspace_id: int) -> None:
    """Let what is going on at the workspace's boards end, and nothing begin, before this transaction is through."""
    query = select(col(Board.id)).where(col(Board.workspace_id) == workspace_id).order_by(col(Board.id))
    await tx.session.execute(query.with_for_update(key_share=True))


async def role_in(tx: Transaction, person_id: int, workspace_id: int) -> Role | None:
    """The person's role in a workspace that is not deleted; None for strangers."""
    query = (
        select(col(Member.role))
        .join(Workspace, col(Workspace.id) == col(Member.workspace_id))
        .where(col(Member.workspace_id) == workspace_id, col(Member.person_id) == person_id)
        .where(col(Workspace.deleted_at).is_(None))
    )
    return cast(Role | None, (await tx.session.execute(query)).scalar_one_or_none())


async def _lock_board(tx: Transaction, actor: Actor, where: ColumnElement[bool], missing: str) -> None:
    alive = exists().where(col(Workspace.id) == col(Board.workspace_id), col(Workspace.deleted_at).is_(None))
    if await tx.advance("board", where & _is_member(actor, col(Board.workspace_id)) & alive) is None:
        raise NotFound(missing)


def _found(result: Any, missing: str) -> Any:
    """The one row; NotFound if it went, or the membership ended, while this transaction waited for the lock."""
    row = result.one_or_none()
    if row is None:
        raise NotFound(missing)
    return row


def _require_on(board: Board, role: str, permission: Permission) -> None:
    require(role, permission)
    if board.archived_at is not None and permission != "archive_boards":
        raise NotAllowed("This board is archived. Restore it to change it.")


def _is_member(actor: Actor, workspace_id: object) -> ColumnElement[bool]:
    return exists().where(col(Member.workspace_id) == workspace_id, col(Member.person_id) == actor.id)


def _member_of(actor: Actor, workspace_id: object) -> ColumnElement[bool]:
    return (col(Member.workspace_id) == workspace_id) & (col(Member.person_id) == actor.id)
