"""The members of a workspace, as every other drawing shows them."""

from typing import Any

from sqlalchemy import bindparam, case, select
from sqlmodel import col

from app.domain import locks
from app.domain.models import Board, Member, Person, Workspace
from app.domain.permissions import ROLES
from app.domain.snapshots import PersonCard, initials
from app.domain.transaction import Transaction


async def members(tx: Transaction, workspace_id: int) -> dict[int, PersonCard]:
    """By person id, owners first, then by name; empty when the workspace is deleted."""
    rows = (await tx.session.execute(_OF_WORKSPACE, {"workspace_id": workspace_id})).all()
    return {row.id: _card(row) for row in rows}


async def members_around(tx: Transaction, board_id: int) -> tuple[dict[int, PersonCard], tuple[int, ...]]:
    """The members of a board's workspace, as above, and the ids of those among them who can see the board."""
    rows = (await tx.session.execute(_AROUND_BOARD, {"board_id": board_id})).all()
    return {row.id: _card(row) for row in rows}, tuple(row.id for row in rows if row.can_see)


async def unseen(tx: Transaction, workspace_id: int) -> frozenset[int]:
    """The members who do not want others to see where they are."""
    return frozenset((await tx.session.execute(_UNSEEN, {"workspace_id": workspace_id})).scalars())


def _card(row: Any) -> PersonCard:
    return PersonCard(row.id, row.name, initials(row.name), row.color, row.role, row.avatar)


_SENIORITY = case({role: place for place, role in enumerate(ROLES)}, value=col(Member.role))
_MEMBERS = (
    select(col(Person.id), col(Person.name), col(Person.color), col(Member.role), col(Person.avatar))
    .join(Member, col(Member.person_id) == col(Person.id))
    .join(Workspace, col(Workspace.id) == col(Member.workspace_id))
    .where(col(Workspace.deleted_at).is_(None))
    .order_by(_SENIORITY, col(Person.name), col(Person.id))
)
_OF_WORKSPACE = _MEMBERS.where(col(Member.workspace_id) == bindparam("workspace_id"))
_UNSEEN = (
    select(col(Person.id))
    .join(Member, col(Member.person_id) == col(Person.id))
    .where(col(Member.workspace_id) == bindparam("workspace_id"), col(Person.is_shown).is_(False))
)
_AROUND_BOARD = (
    _MEMBERS.add_columns(locks.is_shared_with(col(Member.person_id)).label("can_see"))
    .join(Board, col(Board.workspace_id) == col(Workspace.id))
    .where(col(Board.id) == bindparam("board_id"))
)
