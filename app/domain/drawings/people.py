"""The members of a workspace, as every other drawing shows them."""

from sqlalchemy import case, select
from sqlmodel import col

from app.domain.access import ROLES
from app.domain.models import Member, Person, Workspace
from app.domain.snapshots import PersonCard, initials
from app.domain.transaction import Transaction


async def members(tx: Transaction, workspace_id: int) -> dict[int, PersonCard]:
    """By person id, owners first, then by name; empty when the workspace is deleted."""
    seniority = case({role: place for place, role in enumerate(ROLES)}, value=col(Member.role))
    query = (
        select(col(Person.id), col(Person.name), col(Person.color), col(Member.role), col(Person.avatar))
        .join(Member, col(Member.person_id) == col(Person.id))
        .join(Workspace, col(Workspace.id) == col(Member.workspace_id))
        .where(col(Member.workspace_id) == workspace_id, col(Workspace.deleted_at).is_(None))
        .order_by(seniority, col(Person.name), col(Person.id))
    )
    rows = (await tx.session.execute(query)).all()
    return {id: PersonCard(id, name, initials(name), color, role, avatar) for id, name, color, role, avatar in rows}
