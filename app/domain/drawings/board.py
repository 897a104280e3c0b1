"""A board: header, lanes with the first of their tasks, members. A change costs the same on 100 tasks and on 10,000."""

from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlmodel import col

from app.domain.drawings import Happening, Overtaken, Usual, cards, touched_tasks
from app.domain.drawings.cards import Along, Placed
from app.domain.drawings.people import members_around, unseen
from app.domain.models import Board, Lane, Workspace
from app.domain.snapshots import BoardHeader, LaneView, PersonCard, Snapshot, TaskCard
from app.domain.streams import topic
from app.domain.transaction import Transaction

WINDOW = 50
"""Tasks of a lane that are shown at first, and how many "show more" adds."""
WIDEST = 500
"""Tasks of a lane that are shown at most: what one person asks for is drawn for all who look."""


class BoardDrawing(Usual):
    """Keeps every card and every lane's order; shows a window of each lane, as large as somebody asked for."""

    def __init__(self, board_id: int) -> None:
        self.board_id = board_id
        self.topics: tuple[str, ...] = (topic("board", board_id),)
        self.viewers: frozenset[int] = frozenset()
        self.unseen: frozenset[int] = frozenset()
        """Those of whom others do not see that they are here."""
        self._header: BoardHeader | None = None
        self._people: dict[int, PersonCard] = {}
        self._lanes: dict[int, str] = {}
        self._cards: dict[int, TaskCard] = {}
        self._ranks: dict[int, str] = {}
        self._order: dict[int, list[tuple[str, int]]] = {}
        self._windows: dict[int, int] = {}
        self._views: dict[int, LaneView] = {}
        self._along: tuple[Transaction | None, Along] = (None, {})
        """What was read along with the changes, and in which transaction: in another it may be old."""

    async def draw(self, tx: Transaction) -> bool:
        if not await self._read_frame(tx):
            return False
        self._cards, self._ranks = {}, {}
        self._order = {lane_id: [] for lane_id in self._lanes}
        async for some in cards.all_of(tx, self.board_id):
            for rank, card in some:
                self._cards[card.id], self._ranks[card.id] = card, rank
                self._order[card.lane_id].append((rank, card.id))
        for order in self._order.values():
            order.sort()
        self._views = {lane_id: self._view(lane_id) for lane_id in self._lanes}
        return True

    async def missed(self, tx: Transaction, revisions: Mapping[str, int], most: int) -> Sequence[Happening]:
        changes, along = await cards.with_changes(tx, self.board_id, revisions, most)
        self._along = (tx, along)
        return changes

    async def redraw(self, tx: Transaction, changes: Sequence[Happening]) -> bool:
        touched = touched_tasks(changes)
        stale = set(self._lanes)
        if any(change.entity != "task" for change in changes):
            if not await self._read_frame(tx):
                return False
            self._order = {lane_id: self._order.get(lane_id, []) for lane_id in self._lanes}
        else:
            stale = {card.lane_id for task_id in touched if (card := self._cards.get(task_id))}
        if touched:
            found = await self._read(tx, touched)
            if any(card.lane_id not in self._lanes for _, card in found):
                raise Overtaken
            self._take_off(touched)
            for rank, card in found:
                self._put_on(rank, card)
                stale.add(card.lane_id)
        stale.update(self._lanes.keys() - self._views.keys())
        self._views = {
            lane_id: self._view(lane_id) if lane_id in stale else self._views[lane_id] for lane_id in self._lanes
        }
        return True

    def needs_snapshot(self, changes: Sequence[Happening]) -> bool:
        return any(change.entity != "task" for change in changes)

    def entities(self) -> Mapping[str, Snapshot]:
        assert self._header is not None
        shown: dict[str, Snapshot] = {"h": self._header}
        shown.update((f"p{person.id}", person) for person in self._people.values())
        for view in self._views.values():
            shown[f"l{view.id}"] = view
            shown.update((f"t{task_id}", self._cards[task_id]) for task_id in view.tasks)
        return shown

    def widen(self, wanted: Mapping[int, int]) -> bool:
        """Show at least so many of the first tasks of each lane, WIDEST at most; WINDOW where nothing is said."""
        before, self._windows = self._windows, {lane_id: min(most, WIDEST) for lane_id, most in wanted.items()}
        for lane_id in before.keys() | self._windows.keys():
            if lane_id in self._lanes and before.get(lane_id, WINDOW) != self._windows.get(lane_id, WINDOW):
                self._views[lane_id] = self._view(lane_id)
        return True

    async def _read(self, tx: Transaction, touched: set[int]) -> list[Placed]:
        """The cards of these tasks, those that are still there."""
        came_with, along = self._along
        if came_with is not tx:
            return await cards.some_of(tx, self.board_id, touched)
        found = [placed for task_id in touched if (placed := along.get(task_id))]
        others = touched - along.keys()
        return found + await cards.some_of(tx, self.board_id, others) if others else found

    async def _read_frame(self, tx: Transaction) -> bool:
        """Everything but the tasks."""
        query = (
            select(
                col(Board.name),
                col(Board.archived_at),
                col(Board.is_private),
                col(Workspace.id),
                col(Workspace.name),
                col(Workspace.shows_people),
            )
            .join(Workspace, col(Workspace.id) == col(Board.workspace_id))
            .where(col(Board.id) == self.board_id, col(Workspace.deleted_at).is_(None))
        )
        row = (await tx.session.execute(query)).one_or_none()
        if row is None:
            self.viewers = frozenset()
            return False
        name, archived_at, is_private, workspace_id, workspace_name, shows_people = row
        self.topics = (topic("board", self.board_id), topic("workspace", workspace_id))
        self._people, inside = await members_around(tx, self.board_id)
        self.viewers = frozenset(inside)
        self.unseen = await unseen(tx, workspace_id) if shows_people else frozenset(self._people)
        lanes = select(col(Lane.id), col(Lane.name)).where(col(Lane.board_id) == self.board_id).order_by(col(Lane.rank))
        self._lanes = {row.id: row.name for row in (await tx.session.execute(lanes)).all()}
        self._header = BoardHeader(
            id=self.board_id,
            name=name,
            is_archived=archived_at is not None,
            workspace_id=workspace_id,
            workspace_name=workspace_name,
            lanes=tuple(self._lanes),
            members=inside,
            is_private=is_private,
            outsiders=tuple(person_id for person_id in self._people if person_id not in self.viewers),
        )
        return True

    def _take_off(self, task_ids: set[int]) -> None:
        for task_id in task_ids:
            if card := self._cards.pop(task_id, None):
                place = (self._ranks.pop(task_id), task_id)
                order = self._order.get(card.lane_id, [])
                if (at := bisect_left(order, place)) < len(order) and order[at] == place:
                    del order[at]

    def _put_on(self, rank: str, card: TaskCard) -> None:
        self._cards[card.id], self._ranks[card.id] = card, rank
        insort(self._order[card.lane_id], (rank, card.id))

    def _view(self, lane_id: int) -> LaneView:
        order = self._order[lane_id]
        shown = order[: max(WINDOW, self._windows.get(lane_id, WINDOW))]
        return LaneView(lane_id, self._lanes[lane_id], len(order), tuple(task_id for _, task_id in shown))
