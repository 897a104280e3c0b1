"""How much of everything there is on this Tandem, for those who look after it."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import col

from app.domain.models import Board, Invite, Person, Session, Task, Workspace, now
from app.domain.transaction import Transaction


@dataclass(frozen=True)
class Census:
    people: int = 0
    workspaces: int = 0
    boards: int = 0
    tasks: int = 0
    sign_ins: int = 0
    """Those that hold."""
    invites: int = 0
    """Those that let somebody in."""


async def census(tx: Transaction) -> Census:
    """In one statement."""
    at = now()
    holding = (col(Session.revoked_at).is_(None), col(Session.expires_at) > at)
    open_ones = (col(Invite.revoked_at).is_(None), col(Invite.expires_at) > at, col(Invite.uses) < col(Invite.max_uses))
    counts = [
        select(func.count()).select_from(Person),
        select(func.count()).select_from(Workspace).where(col(Workspace.deleted_at).is_(None)),
        select(func.count()).select_from(Board).where(col(Board.archived_at).is_(None)),
        select(func.count()).select_from(Task).where(col(Task.trashed_at).is_(None)),
        select(func.count()).select_from(Session).where(*holding),
        select(func.count()).select_from(Invite).where(*open_ones),
    ]
    row = (await tx.session.execute(select(*(count.scalar_subquery() for count in counts)))).one()
    return Census(*row)
