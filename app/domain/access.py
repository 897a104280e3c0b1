"""Who may see and do what, and the only way to reach a row that belongs to a workspace.

Every look-up goes through the actor's membership, so a foreign id answers exactly as a missing one.
The `_for` functions lock what they return for writing (transaction.py); drawings read through their own queries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, ScalarSelect, Select, Update, bindparam, select
from sqlmodel import col

from app.domain import locks
from app.domain.errors import NotAllowed, NotFound
from app.domain.models import Board, Lane, Member, Task, Workspace
from app.domain.transaction import Noun, Transaction

Role = Literal["owner", "admin", "member", "commenter", "viewer"]
ROLES: tuple[Role, ...] = ("owner", "admin", "member", "commenter", "viewer")
"""From the most to the least that one may do."""

Permission = Literal[
    "view",
    "comment",
    "moderate",
    "attach",
    "edit_tasks",
    "edit_lanes",
    "edit_boards",
    "share_boards",
    "close_boards",
    "archive_boards",
    "take_over_boards",
    "edit_workspace",
    "invite",
    "manage_members",
    "read_audit",
    "export",
    "export_workspace",
    "see_addresses",
    "hand_over",
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
    "moderate":         (ADMINS,      "Only owners and admins can remove what others have said."),
    "attach":           (NOT_VIEWERS, "Viewers can look at this board, not add files to it."),
    "edit_tasks":       (EDITORS,     "Your role here lets you look at tasks, not change them."),
    "edit_lanes":       (EDITORS,     "Your role here lets you look at lanes, not change them."),
    "edit_boards":      (EDITORS,     "Your role here lets you look at boards, not change them."),
    "share_boards":     (EDITORS,     "Your role here does not let you choose who can see this board."),
    "close_boards":     (ADMINS,      "Only owners and admins can make a board private."),
    "archive_boards":   (ADMINS,      "Only owners and admins can archive boards."),
    "take_over_boards": (OWNERS,      "Only an owner can get access to a private board."),
    "edit_workspace":   (ADMINS,      "Only owners and admins can change the workspace."),
    "invite":           (ADMINS,      "Only owners and admins can invite people."),
    "manage_members":   (ADMINS,      "Only owners and admins can change who is a member."),
    "read_audit":       (ADMINS,      "Only owners and admins can read the audit log."),
    "export":           (EDITORS,     "Your role here lets you look at this board, not take it away as a file."),
    "export_workspace": (ADMINS,      "Only owners and admins can take the whole workspace away as a file."),
    "see_addresses":    (ADMINS,      "Only owners and admins can see the e-mail addresses of members."),
    "hand_over":        (OWNERS,      "Only an owner can hand over the workspace."),
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


def require_on(archived_at: datetime | None, role: str, permission: Permission) -> None:
    """As `require`, on a board that may be archived."""
    require(role, permission)
    if archived_at is not None and permission != "archive_boards":
        raise NotAllowed("This board is archived. Restore it to change it.")


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
    return (await lane_with(tx, actor, lane_id, permission, _LANE))[0]


async def lane_with(
    tx: Transaction, actor: Actor, lane_id: int, permission: Permission, query: Select[Any], **values: Any
) -> Sequence[Any]:
    """The lane, as `lane_for` finds it, and behind it what else a query from `lane_and` asks for."""
    missing = "This lane is gone, or it is not shared with you."
    keys = {"actor_id": actor.id, "lane_id": lane_id} | values
    lane, archived_at, role, *found = await _locked(tx, "board", locks.BOARD_OF_LANE, query, keys, missing)
    require_on(archived_at, role, permission)
    return (lane, *found)


async def task_for(
    tx: Transaction, actor: Actor, task_id: int, permission: Permission, *, in_trash: bool = False
) -> Task:
    """The task, with its board locked; one in the trash is found only when `in_trash` is set."""
    return (await task_with(tx, actor, task_id, permission, _TASK, in_trash=in_trash))[0]


async def task_with(
    tx: Transaction,
    actor: Actor,
    task_id: int,
    permission: Permission,
    query: Select[Any],
    *,
    in_trash: bool = False,
    **values: Any,
) -> Sequence[Any]:
    """The task, as `task_for` finds it, and behind it what else a query from `task_and` asks for."""
    missing = "This task is gone, or it is not shared with you."
    keys = {"actor_id": actor.id, "task_id": task_id} | values
    task, archived_at, role, *found = await _locked(tx, "board", locks.BOARD_OF_TASK, query, keys, missing)
    require_on(archived_at, role, permission)
    if (task.trashed_at is not None) != in_trash:
        raise NotFound("This task is not in the trash." if in_trash else "This task is in the trash.")
    return (task, *found)


async def looking_at_task(tx: Transaction, actor: Actor, task_id: int) -> tuple[Task, Board, Role]:
    """The task, in the trash or not, its board, and the actor's role there: for looking, so nothing is locked."""
    row = (await tx.session.execute(_LOOK, {"actor_id": actor.id, "task_id": task_id})).one_or_none()
    if row is None:
        raise NotFound("This task is gone, or it is not shared with you.")
    return row[0], row[1], cast(Role, row[2])


def lane_and(*also: ScalarSelect[Any]) -> Select[Any]:
    """The query of `lane_with`, to be built once: `also` may use the parameter `lane_id` and others."""
    query = select(Lane, col(Board.archived_at), col(Member.role), *also).join(Board, col(Board.id) == Lane.board_id)
    return query.join(Member, _membership).where(col(Lane.id) == bindparam("lane_id"))


def task_and(*also: ColumnElement[Any]) -> Select[Any]:
    """The query of `task_with`, to be built once: `also` may use the parameter `task_id` and others."""
    query = select(Task, col(Board.archived_at), col(Member.role), *also).join(Board, col(Board.id) == Task.board_id)
    return query.join(Member, _membership).where(col(Task.id) == bindparam("task_id"))


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
    tx: Transaction, noun: Noun, lock: Update, query: Select[*tuple[Any, ...]], keys: dict[str, Any], missing: str
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


_membership = (
    (col(Member.workspace_id) == col(Board.workspace_id))
    & (col(Member.person_id) == bindparam("actor_id"))
    & locks.is_alive(col(Board.workspace_id))
    & locks.is_shared_with(bindparam("actor_id"))
)
_LANE, _TASK = lane_and(), task_and()
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
