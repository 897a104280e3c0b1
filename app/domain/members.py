"""Who is in a workspace, and as what."""

from sqlalchemy import delete, func, select
from sqlmodel import col

from app.domain import access, assignments, locks, news
from app.domain.access import Actor
from app.domain.errors import Invalid, NotAllowed, NotFound
from app.domain.models import Assignment, Board, Insider, Member, Workspace
from app.domain.permissions import ROLES, Role
from app.domain.receipts import NOBODY_LOOKED, Sighting
from app.domain.transaction import Transaction


async def change_role(
    tx: Transaction,
    actor: Actor,
    workspace_id: int,
    person_id: int,
    role: Role,
    sighting: Sighting = NOBODY_LOOKED,
) -> None:
    """Give a member another role. Only owners make and unmake owners; the last owner stays one.

    `sighting` is of the member's open tabs, for the receipt.
    """
    if role not in ROLES:
        raise Invalid(f"A role is one of {', '.join(ROLES)}.")
    member = await _member(tx, actor, workspace_id, person_id)
    if member.role == role:
        return
    await _require_owner_for_owners(tx, actor, member, role)
    await _require_another_owner(tx, member)
    before, member.role = member.role, role
    details = {"from": before, "to": role} | sighting.details
    await tx.record("workspace", workspace_id, "member.role_changed", actor.id, "member", person_id, **details)
    await news.tell(
        tx, "role_changed", actor=actor, workspace_id=workspace_id, also=[person_id], details={"role": role}
    )


async def hand_over(tx: Transaction, actor: Actor, workspace_id: int, person_id: int) -> None:
    """Make a member an owner, and the actor, who was one, an admin."""
    if person_id == actor.id:
        raise Invalid("You are an owner already. Choose whom to hand the workspace to.")
    await access.workspace_for(tx, actor, workspace_id, "hand_over")
    await locks.hold_boards(tx, workspace_id)
    heir = await _found(tx, workspace_id, person_id)
    before, heir.role = heir.role, "owner"
    (await tx.session.get_one(Member, (workspace_id, actor.id))).role = "admin"
    details = {"from": before, "by": "admin"}
    await tx.record("workspace", workspace_id, "workspace.handed_over", actor.id, "member", person_id, **details)
    await news.tell(
        tx, "role_changed", actor=actor, workspace_id=workspace_id, also=[person_id], details={"role": "owner"}
    )


async def remove(
    tx: Transaction, actor: Actor, workspace_id: int, person_id: int, sighting: Sighting = NOBODY_LOOKED
) -> None:
    """Take a member out of the workspace and off its tasks; `sighting` is of their open tabs, for the receipt."""
    member = await _member(tx, actor, workspace_id, person_id)
    await _require_owner_for_owners(tx, actor, member, member.role)
    await _take_out(tx, actor, member, "member.removed", **sighting.details)


async def leave(tx: Transaction, actor: Actor, workspace_id: int) -> None:
    await access.workspace_for(tx, actor, workspace_id, "view")
    await locks.hold_boards(tx, workspace_id)
    await _take_out(tx, actor, await tx.session.get_one(Member, (workspace_id, actor.id)), "member.left")


async def _member(tx: Transaction, actor: Actor, workspace_id: int, person_id: int) -> Member:
    await access.workspace_for(tx, actor, workspace_id, "manage_members")
    await locks.hold_boards(tx, workspace_id)
    return await _found(tx, workspace_id, person_id)


async def _found(tx: Transaction, workspace_id: int, person_id: int) -> Member:
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


async def _take_out(tx: Transaction, actor: Actor, member: Member, kind: str, **details: object) -> None:
    await _require_another_owner(tx, member)
    workspace_id, person_id = member.workspace_id, member.person_id
    theirs = (col(Board.workspace_id) == workspace_id) & (col(Assignment.person_id) == person_id)
    await assignments.clear(tx, actor, theirs)
    lists = col(Insider.board_id).in_(select(col(Board.id)).where(col(Board.workspace_id) == workspace_id))
    await tx.session.execute(delete(Insider).where(col(Insider.person_id) == person_id, lists))
    await tx.session.delete(member)
    details["workspace"] = (await tx.session.get_one(Workspace, workspace_id)).name
    await tx.record("workspace", workspace_id, kind, actor.id, "member", person_id, **details)
    about = {"workspace": details["workspace"]}
    await news.tell(tx, "removed", actor=actor, workspace_id=workspace_id, also=[person_id], details=about)
