"""Private boards: open only to the people on their list, who keep their role of the workspace.

To everybody else such a board is a missing one. So what is recorded on the workspace, whose changes are for all its
members, names neither the board nor a person. Owners may list the private boards of their workspace and get access:
those on the list see them come.
"""

from typing import Any, Literal

from sqlalchemy import delete, func, insert, select
from sqlmodel import col

from app.domain import access, assignments, news
from app.domain.access import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.models import Assignment, Board, Insider, Member
from app.domain.permissions import Permission
from app.domain.receipts import NOBODY_LOOKED, Sighting
from app.domain.transaction import Transaction

KEEPS_ONE = "A private board keeps at least one person on its list. Open it to the workspace, or archive it, instead."


async def close(
    tx: Transaction,
    actor: Actor,
    board_id: int,
    starting_with: Literal["me", "everyone"],
    sighting: Sighting = NOBODY_LOOKED,
) -> None:
    """Make an open board private: for the actor alone, and the others are told, or for all who are in its workspace.

    `sighting` is of the tabs with which others look at it, for the receipt of those whom it shuts out.
    """
    board = await access.board_for(tx, actor, board_id, "close_boards", and_workspace=True)
    if board.is_private:
        return
    board.is_private = True
    inside = select(col(Board.id), col(Member.person_id)).where(
        col(Member.workspace_id) == col(Board.workspace_id), col(Board.id) == board_id
    )
    if starting_with == "me":
        inside = inside.where(col(Member.person_id) == actor.id)
        await assignments.clear(tx, actor, (col(Board.id) == board_id) & (col(Assignment.person_id) != actor.id))
    await tx.session.execute(insert(Insider).from_select(["board_id", "person_id"], inside))
    shut_out = sighting.details if starting_with == "me" else {}
    await _record(tx, actor, board, "board.made_private", "board", board_id, **shut_out)
    if starting_with == "me":
        others = select(col(Member.person_id)).where(col(Member.workspace_id) == board.workspace_id)
        lost_by = (await tx.session.execute(others)).scalars().all()
        await news.tell(tx, "removed", actor=actor, board_id=board_id, also=lost_by, details={"board": board.name})


async def open_up(tx: Transaction, actor: Actor, board_id: int) -> None:
    """Open a private board to everyone in its workspace."""
    board = await access.board_for(tx, actor, board_id, "share_boards", and_workspace=True)
    if board.is_private:
        board.is_private = False
        await tx.session.execute(delete(Insider).where(col(Insider.board_id) == board_id))
        await _record(tx, actor, board, "board.made_open", "board", board_id)


async def add(tx: Transaction, actor: Actor, board_id: int, person_id: int) -> None:
    """Put a member of the workspace on the list."""
    board = await _private(tx, actor, board_id)
    if await tx.session.get(Member, (board.workspace_id, person_id)) is None:
        raise NotFound("This person is not a member of the workspace any more.")
    if await tx.session.get(Insider, (board_id, person_id)) is None:
        tx.session.add(Insider(board_id=board_id, person_id=person_id))
        await _record(tx, actor, board, "insider.added", "member", person_id)
        await news.tell(tx, "added", actor=actor, board_id=board_id, also=[person_id])


async def remove(
    tx: Transaction, actor: Actor, board_id: int, person_id: int, sighting: Sighting = NOBODY_LOOKED
) -> None:
    """Take somebody off the list, and off the board's tasks; everyone may take themselves off.

    `sighting` is of the tabs with which they look at the board, for the receipt.
    """
    is_leaving = person_id == actor.id
    board = await _private(tx, actor, board_id, "view" if is_leaving else "share_boards")
    insider = await tx.session.get(Insider, (board_id, person_id))
    if insider is None:
        return
    query = select(func.count()).where(col(Insider.board_id) == board_id)
    if (await tx.session.execute(query)).scalar_one() == 1:
        raise Invalid(KEEPS_ONE)
    await assignments.clear(tx, actor, (col(Board.id) == board_id) & (col(Assignment.person_id) == person_id))
    await tx.session.delete(insider)
    if is_leaving:
        await _record(tx, actor, board, "insider.left", "member", person_id)
    else:
        await _record(tx, actor, board, "insider.removed", "member", person_id, **sighting.details)
        about = {"board": board.name}
        await news.tell(tx, "removed", actor=actor, board_id=board_id, also=[person_id], details=about)


async def take_over(tx: Transaction, actor: Actor, workspace_id: int, board_id: int) -> None:
    """Put the actor, an owner of the workspace, on the list of a private board."""
    await access.workspace_for(tx, actor, workspace_id, "take_over_boards")
    await tx.advance("board", board_id)
    board = await tx.session.get(Board, board_id)
    if board is None or board.workspace_id != workspace_id or not board.is_private:
        raise NotFound("There is no such private board in this workspace any more.")
    if await tx.session.get(Insider, (board_id, actor.id)) is None:
        tx.session.add(Insider(board_id=board_id, person_id=actor.id))
        await _record(tx, actor, board, "board.taken_over", "member", actor.id)


async def _private(tx: Transaction, actor: Actor, board_id: int, permission: Permission = "share_boards") -> Board:
    board = await access.board_for(tx, actor, board_id, permission, and_workspace=True)
    if not board.is_private:
        raise Invalid("Everyone in the workspace can see this board. Make it private first.")
    return board


async def _record(
    tx: Transaction, actor: Actor, board: Board, kind: str, entity: str, entity_id: int, **details: Any
) -> None:
    """On the workspace for the lists that the board is in or leaves, without a word that is not for all of them."""
    await tx.record("workspace", board.workspace_id, "board.shared", actor.id, "board", board.id)
    await tx.record("board", board.id, kind, actor.id, entity, entity_id, **details)
