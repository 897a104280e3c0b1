"""What those who look after a workspace see: receipts of removals its admins, private boards its owners."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlmodel import col

from app.domain import receipts
from app.domain.access import may
from app.domain.drawings import Happening
from app.domain.drawings.people import members
from app.domain.models import Board, Insider
from app.domain.receipts import Receipt
from app.domain.snapshots import PrivateBoard, PrivateBoardList, ReceiptList, ReceiptView, Snapshot, TabView
from app.domain.transaction import Transaction, topic

MOST = 5
"""Receipts on show."""


class ReceiptsDrawing:
    def __init__(self, workspace_id: int) -> None:
        self.workspace_id = workspace_id
        self.topics: tuple[str, ...] = (topic("workspace", workspace_id),)
        self.viewers: frozenset[int] = frozenset()
        self._receipts: tuple[ReceiptView, ...] = ()

    async def draw(self, tx: Transaction) -> bool:
        people = await members(tx, self.workspace_id)
        self.viewers = frozenset(id for id, person in people.items() if may(person.role, "manage_members"))
        found = await receipts.latest(tx, self.workspace_id, 4 * MOST)
        losses = [receipt for receipt in found if receipts.takes_something_away(receipt.kind, receipt.details)]
        self._receipts = tuple(map(_view, losses[:MOST]))
        return bool(self.viewers)

    async def redraw(self, tx: Transaction, changes: Sequence[Happening]) -> bool:
        return await self.draw(tx)

    def needs_snapshot(self, changes: Sequence[Happening]) -> bool:
        return True

    def entities(self) -> Mapping[str, Snapshot]:
        shown: dict[str, Snapshot] = {"receipts": ReceiptList(tuple(receipt.id for receipt in self._receipts))}
        shown.update((f"r{receipt.id}", receipt) for receipt in self._receipts)
        return shown


class PrivateBoardsDrawing:
    def __init__(self, workspace_id: int) -> None:
        self.workspace_id = workspace_id
        self.topics: tuple[str, ...] = (topic("workspace", workspace_id),)
        self.viewers: frozenset[int] = frozenset()
        self._boards: dict[int, PrivateBoard] = {}

    async def draw(self, tx: Transaction) -> bool:
        people = await members(tx, self.workspace_id)
        self.viewers = frozenset(id for id, person in people.items() if may(person.role, "take_over_boards"))
        query = (
            select(col(Board.id), col(Board.name), col(Insider.person_id))
            .outerjoin(Insider, col(Insider.board_id) == col(Board.id))
            .where(col(Board.workspace_id) == self.workspace_id, col(Board.is_private).is_(True))
            .order_by(col(Board.id), col(Insider.person_id))
        )
        self._boards = {}
        for id, name, person_id in (await tx.session.execute(query)).all():
            before = self._boards[id].people if id in self._boards else ()
            self._boards[id] = PrivateBoard(id, name, before if person_id is None else (*before, person_id))
        return bool(self.viewers)

    async def redraw(self, tx: Transaction, changes: Sequence[Happening]) -> bool:
        return await self.draw(tx)

    def needs_snapshot(self, changes: Sequence[Happening]) -> bool:
        return True

    def entities(self) -> Mapping[str, Snapshot]:
        shown: dict[str, Snapshot] = {"private": PrivateBoardList(tuple(self._boards))}
        shown.update((f"b{board.id}", board) for board in self._boards.values())
        return shown


def _view(receipt: Receipt) -> ReceiptView:
    return ReceiptView(
        id=receipt.revision,
        actor=receipt.actor,
        person=receipt.person,
        role=receipt.details.get("to", ""),
        at=receipt.at.isoformat(),
        tabs=tuple(TabView(tab.at, tab.revision or 0) for tab in sorted(receipt.tabs, key=lambda tab: tab.at)),
        missing=receipt.missing,
        is_complete=receipt.details.get("is_complete", False),
    )
