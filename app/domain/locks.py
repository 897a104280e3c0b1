"""The first statement of a write, by what it is about: finds the topic through the actor's membership and locks it.

The parameters are `actor_id` and `workspace_id`, `board_id`, `lane_id` or `task_id`; `Transaction.advance` runs them.
"""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, exists, select
from sqlmodel import col

from app.domain.direct import Direct
from app.domain.models import Board, Insider, Lane, Member, Task, Workspace, table
from app.domain.streams import counting_up
from app.domain.transaction import Transaction


def is_shared_with(person_id: Any) -> ColumnElement[bool]:
    """Whether the board that a statement is about is open to its workspace, or the person on its list.

    It says nothing of their membership, which is asked for beside it.
    """
    is_inside = exists().where(_insider.board_id == _board.id, _insider.person_id == person_id)
    return _board.is_private.is_(False) | is_inside


def is_alive(workspace_id: Any) -> ColumnElement[bool]:
    """Whether the workspace is there and not deleted."""
    return exists().where(_workspace.id == workspace_id, _workspace.deleted_at.is_(None))


async def hold_boards(tx: Transaction, workspace_id: int) -> None:
    """Let what is going on at the workspace's boards end, and nothing begin, before this transaction is through."""
    query = select(col(Board.id)).where(col(Board.workspace_id) == workspace_id).order_by(col(Board.id))
    await tx.session.execute(query.with_for_update(key_share=True))


def _lock_board(found: ColumnElement[bool]) -> Direct:
    mine = _is_mine(_board.workspace_id) & is_shared_with(bindparam("actor_id"))
    return counting_up("board", found & mine & is_alive(_board.workspace_id))


def _is_mine(workspace_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the actor is a member of the workspace."""
    return exists().where(_member.workspace_id == workspace_id, _member.person_id == bindparam("actor_id"))


def _of(row: Any, column: ColumnElement[int], parameter: str) -> ScalarSelect[int]:
    """A column of the one row whose id is the parameter."""
    return select(column).where(row.id == bindparam(parameter)).scalar_subquery()


_workspace, _board, _member, _lane, _task, _insider = (
    table(model).c for model in (Workspace, Board, Member, Lane, Task, Insider)
)

_this = (_workspace.id == bindparam("workspace_id")) & _workspace.deleted_at.is_(None)
_of_board = _workspace.id == _of(_board, _board.workspace_id, "board_id")
WORKSPACE = counting_up("workspace", _this & _is_mine(_workspace.id))
WORKSPACE_OF_BOARD = counting_up("workspace", _of_board & _is_mine(_workspace.id))
BOARD = _lock_board(_board.id == bindparam("board_id"))
BOARD_OF_LANE = _lock_board(_board.id == _of(_lane, _lane.board_id, "lane_id"))
BOARD_OF_TASK = _lock_board(_board.id == _of(_task, _task.board_id, "task_id"))
