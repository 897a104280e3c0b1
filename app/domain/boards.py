"""Boards: create, rename, archive, restore. Who can see a private one stands in sharing.py."""

from sqlalchemy import func, select
from sqlmodel import col

from app.domain import access, limits, ranks, text
from app.domain.access import Actor
from app.domain.errors import Invalid
from app.domain.models import Board, Insider, Lane, now
from app.domain.transaction import Transaction

FIRST_LANES = ("To do", "Doing", "Done")


async def create(tx: Transaction, actor: Actor, workspace_id: int, name: str, *, is_private: bool = False) -> int:
    """Create a board with its first three lanes, for everyone in the workspace or for the actor alone; its id."""
    name = text.line(name, "A board's name")
    await access.workspace_for(tx, actor, workspace_id, "edit_boards")
    query = select(func.count()).where(col(Board.workspace_id) == workspace_id)
    if (await tx.session.execute(query)).scalar_one() >= limits.BOARDS:
        raise Invalid(f"A workspace has {limits.BOARDS} boards at most.")
    return await start(tx, actor, workspace_id, name, is_private=is_private)


async def start(tx: Transaction, actor: Actor, workspace_id: int, name: str, *, is_private: bool = False) -> int:
    """Put a new board into a workspace that the caller has locked; its id."""
    board = Board(workspace_id=workspace_id, name=name, is_private=is_private)
    tx.session.add(board)
    await tx.session.flush()
    if is_private:
        tx.session.add(Insider(board_id=board.id, person_id=actor.id))
    rank = None
    for lane in FIRST_LANES:
        rank = ranks.between(rank, None)
        tx.session.add(Lane(board_id=board.id, name=lane, rank=rank))
    details = {} if is_private else {"name": name}
    await tx.record("workspace", workspace_id, "board.created", actor.id, "board", board.id, **details)
    return board.id


async def first(tx: Transaction, workspace_id: int) -> int | None:
    """The id of a workspace's oldest board that is open to all its members and not archived."""
    query = select(func.min(col(Board.id))).where(
        col(Board.workspace_id) == workspace_id, col(Board.archived_at).is_(None), col(Board.is_private).is_(False)
    )
    return (await tx.session.execute(query)).scalar()


async def rename(tx: Transaction, actor: Actor, board_id: int, name: str, seen: str | None = None) -> None:
    """Refused if somebody else was first: `seen` is the name that the person saw."""
    name = text.line(name, "A board's name")
    board = await access.board_for(tx, actor, board_id, "edit_boards", and_workspace=True)
    text.require_seen(seen, board.name, name)
    if board.name != name:
        before, board.name = board.name, name
        await _record(tx, actor, board, "board.renamed", **{"from": before, "to": name})


async def archive(tx: Transaction, actor: Actor, board_id: int) -> None:
    """Make the board read-only and take it off the list; everyone may still look at it."""
    board = await access.board_for(tx, actor, board_id, "archive_boards", and_workspace=True)
    if board.archived_at is None:
        board.archived_at = now()
        await _record(tx, actor, board, "board.archived", name=board.name)


async def restore(tx: Transaction, actor: Actor, board_id: int) -> None:
    board = await access.board_for(tx, actor, board_id, "archive_boards", and_workspace=True)
    if board.archived_at is not None:
        board.archived_at = None
        await _record(tx, actor, board, "board.restored", name=board.name)


async def _record(tx: Transaction, actor: Actor, board: Board, kind: str, **details: object) -> None:
    """On the board for those who look at it, and on the workspace for those who see it in a list.

    What the workspace is told of a private board (sharing.py) says nothing of it.
    """
    told = {} if board.is_private else details
    await tx.record("workspace", board.workspace_id, kind, actor.id, "board", board.id, **told)
    await tx.record("board", board.id, kind, actor.id, "board", board.id, **details)
