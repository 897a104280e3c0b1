"""Who is in a workspace, and as what."""

from sqlalchemy import func, select
from sqlmodel import col

from app.domain import access
from app.domain.access import ROLES, Actor, Role
from app.domain.errors import Invalid, NotAllowed, NotFound
from app.domain.models import Assignment, Board, Member, Task
from app.domain.transaction import Transaction


async def change_role(tx: Transaction, actor: Actor, workspace_id: int, person_id: int, role: Role) -> None:
    """Give a member another role. Only owners make and unmake owners; the last owner stays one."""
    if role not in ROLES:
        raise Invalid(f"A role is one of {', '.join(ROLES)}.")
    member = await _member(tx, actor, workspace_id, person_id)
    if member.role == role:
        return
    await _require_owner_for_owners(tx, actor, member, role)
    await _require_another_owner(tx, member)
    before, member.role = member.role, role
    details = {"from": before, "to": role}
    await tx.record("workspace", workspace_id, "member.role_changed", actor.id, "member", person_id, **details)


async def remove(tx: Transaction, actor: Actor, workspace_id: int, person_id: int) -> None:
    """Take a member out of the workspace and off its tasks."""
    member = await _member(tx, actor, workspace_id, person_id)
    await _require_owner_for_owners(tx, actor, member, member.role)
    await _take_out(tx, actor, member, "member.removed")


async def leave(tx: Transaction, actor: Actor, workspace_id: int) -> None:
    await access.workspace_for(tx, actor, workspace_id, "view")
    await access.hold_boards(tx, workspace_id)
    await _take_out(tx, actor, await tx.session.get_one(Member, (workspace_id, actor.id)), "member.left")


async def _member(tx: Transaction, actor: Actor, workspace_id: int, person_id: int) -> Member:
    await access.workspace_for(tx, actor, workspace_id, "manage_members")
    await access.hold_boards(tx, workspace_id)
    member = await tx.session.get(Member, (workspace_id, person_id))
    if member is None:
        raise NotFound("This person is not a member of the workspace any more.")
    return member


async def _require_owner_for_owners(tx: Transaction, actor: Actor, member: Member, role: str) -> None:
    if "owner" in (member.role, role) and await access.role_in(tx, actor.id, member.workspace_id) != "owner":
        raise NotAllowed("Only an owner can make or unmake an owner.")


async def _require_another_owner(tx: Transaction, member: Member) -> None:
    if member.role != "owner":
        return
    query = select(func.count()).where(
        col(Member.workspace_id) == member.workspace_id,
        col(Member.role) == "owner",
        col(Member.person_id) != member.person_id,
    )
    if (await tx.session.execute(query)).scalar_one() == 0:
        raise Invalid("A workspace keeps at least one owner. Make somebody else an owner first.")


async def _take_out(tx: Transaction, actor: Actor, member: Member, kind: str) -> None:
    await _require_another_owner(tx, member)
    await _unassign_everywhere(tx, actor, member)
    await tx.session.delete(member)
    await tx.record("workspace", member.workspace_id, kind, actor.id, "member", member.person_id)


async def _unassign_everywhere(tx: Transaction, actor: Actor, member: Member) -> None:
    query = (
        select(Assignment, col(Task.board_id))
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .join(Board, col(Board.id) == col(Task.board_id))
        .where(col(Board.workspace_id) == member.workspace_id, col(Assignment.person_id) == member.person_id)
        .order_by(col(Task.board_id), col(Task.id))
    )
    boards: dict[int, list[int]] = {}
    for assignment, board_id in (await tx.session.execute(query)).all():
        boards.setdefault(board_id, []).append(assignment.task_id)
        await tx.session.delete(assignment)
    for board_id, task_ids in boards.items():
        details = {"task_ids": task_ids, "person_id": member.person_id}
        await tx.record("board", board_id, "task.unassigned", actor.id, "task", task_ids[0], **details)
