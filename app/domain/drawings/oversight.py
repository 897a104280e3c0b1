"""What those who look after something see: receipts of removals, and private boards for a workspace's owners."""

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select
from sqlmodel import col

from app.domain import locks, receipts
from app.domain.drawings.people import members_around
from app.domain.drawings.whole import ListAside, WorkspaceList
from app.domain.models import Board, Insider
from app.domain.receipts import Receipt
from app.domain.snapshots import PersonCard, PrivateBoard, PrivateBoardList, ReceiptList, ReceiptView, Snapshot, TabView
from app.domain.streams import topic
from app.domain.transaction import Transaction

MOST = 5
"""Receipts on show."""


class ReceiptsDrawing(WorkspaceList):
    permission, name, letter = "manage_members", "receipts", "r"

    async def _read(self, tx: Transaction) -> Sequence[ReceiptView]:
        return await _losses(tx, topic("workspace", self.workspace_id))

    def _list(self, ids: tuple[int, ...]) -> Snapshot:
        return ReceiptList(topic("workspace", self.workspace_id), ids)


class BoardReceiptsDrawing(ListAside):
    """Those of a private board, for the people on its list who choose who else is.

    It depends on the workspace alone, where all that is done to a list rings too: the board's own bell rings for every
    task.
    """

    permission, name, letter = "share_boards", "receipts", "r"

    def __init__(self, board_id: int) -> None:
        self.board_id = board_id

    async def _people(self, tx: Transaction) -> Mapping[int, PersonCard]:
        row = (await tx.session.execute(_PRIVATE, {"board_id": self.board_id})).one_or_none()
        if row is None:
            return {}
        self.topics = (topic("workspace", row.workspace_id),)
        people, inside = await members_around(tx, self.board_id)
        return {id: people[id] for id in inside}

    async def _read(self, tx: Transaction) -> Sequence[ReceiptView]:
        return await _losses(tx, topic("board", self.board_id))

    def _list(self, ids: tuple[int, ...]) -> Snapshot:
        return ReceiptList(topic("board", self.board_id), ids)


class PrivateBoardsDrawing(WorkspaceList):
    permission, name, letter = "take_over_boards", "private", "b"

    async def _read(self, tx: Transaction) -> Sequence[PrivateBoard]:
        query = (
            select(col(Board.id), col(Board.name), col(Insider.person_id))
            .outerjoin(Insider, col(Insider.board_id) == col(Board.id))
            .where(col(Board.workspace_id) == self.workspace_id, col(Board.is_private).is_(True))
            .order_by(col(Board.id), col(Insider.person_id))
        )
        boards: dict[int, PrivateBoard] = {}
        for id, name, person_id in (await tx.session.execute(query)).all():
            before = boards[id].people if id in boards else ()
            boards[id] = PrivateBoard(id, name, before if person_id is None else (*before, person_id))
        return tuple(boards.values())

    def _list(self, ids: tuple[int, ...]) -> Snapshot:
        return PrivateBoardList(ids)


async def _losses(tx: Transaction, place: str) -> tuple[ReceiptView, ...]:
    found = await receipts.latest(tx, place, 4 * MOST)
    losses = [receipt for receipt in found if receipts.takes_something_away(receipt.kind, receipt.details)]
    return tuple(map(_view, losses[:MOST]))


def _view(receipt: Receipt) -> ReceiptView:
    tabs = sorted(receipt.tabs, key=lambda told: told[0].at)
    return ReceiptView(
        id=receipt.revision,
        actor=receipt.actor,
        person=receipt.person or "",
        role=receipt.details.get("to", ""),
        at=receipt.at.isoformat(),
        tabs=tuple(TabView(tab.at, tab.revision or 0, person) for tab, person in tabs),
        missing=receipt.missing,
        is_complete=receipt.details.get("is_complete", False),
    )


_PRIVATE = select(col(Board.workspace_id)).where(
    col(Board.id) == bindparam("board_id"), col(Board.is_private).is_(True), locks.is_alive(col(Board.workspace_id))
)
