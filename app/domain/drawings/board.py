"""A board: header, lanes with the first of their tasks, members. A change costs the same on 100 tasks and on 10,000."""

import asyncio
from bisect import bisect_left, insort
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam, select
from sqlmodel import col

from app.domain.direct import Direct
from app.domain.drawings import Happening, Overtaken, Usual, touched_tasks
from app.domain.drawings.people import members_around, unseen
from app.domain.models import Assignment, Board, Lane, Task, Workspace, table
from app.domain.snapshots import BoardHeader, LaneView, PersonCard, Snapshot, TaskCard
from app.domain.transaction import Transaction, topic

AT_ONCE = 500
"""Tasks that are read between two moments for other things."""
FEW = 16
"""Tasks that most redraws touch no more of: for each number up to this there is a statement."""
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

    async def draw(self, tx: Transaction) -> bool:
        if not await self._read_frame(tx):
            return False
        self._cards, self._ranks = {}, {}
        self._order = {lane_id: [] for lane_id in self._lanes}
        async for cards in _read_cards(tx, self.board_id, None):
            for rank, card in cards:
                self._cards[card.id], self._ranks[card.id] = card, rank
                self._order[card.lane_id].append((rank, card.id))
        for order in self._order.values():
            order.sort()
        self._views = {lane_id: self._view(lane_id) for lane_id in self._lanes}
        return True

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
            cards = [pair async for pairs in _read_cards(tx, self.board_id, touched) for pair in pairs]
            if any(card.lane_id not in self._lanes for _, card in cards):
                raise Overtaken
            self._take_off(touched)
            for rank, card in cards:
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


_task, _assignment = table(Task), table(Assignment)
_CARDS = (
    select(
        _task.c.id,
        _task.c.rank,
        _task.c.lane_id,
        _task.c.title,
        _task.c.completed_at,
        _task.c.priority,
        _task.c.due_on,
        (_task.c.description != "").label("has_description"),
        _task.c.files,
        _task.c.comments,
        _assignment.c.person_id,
    )
    .outerjoin(_assignment, _assignment.c.task_id == _task.c.id)
    .where(_task.c.board_id == bindparam("board_id"), _task.c.trashed_at.is_(None))
    .order_by(_assignment.c.person_id)
)
"""A row for each person on a task, and one for a task without any."""
_SOME_CARDS = _CARDS.where(_task.c.id.in_(bindparam("task_ids", expanding=True)))


@cache
def _few_cards(count: int) -> Direct:
    """The query of so many cards."""
    return Direct(_CARDS.where(_task.c.id.in_([bindparam(f"task_{place}", type_=Integer) for place in range(count)])))


async def _read_cards(
    tx: Transaction, board_id: int, task_ids: set[int] | None
) -> AsyncIterator[list[tuple[str, TaskCard]]]:
    """The cards on a board, with their ranks: all of them (None) or those among `task_ids` that are still there.

    They come AT_ONCE at a time, as the worker has other people to serve while it reads ten thousand.
    """
    rows: dict[int, Any] = {}
    assignees: dict[int, tuple[int, ...]] = {}
    async for part in _read_rows(tx, board_id, task_ids):
        for row in part:
            rows[row.id] = row
            if row.person_id is not None:
                assignees[row.id] = (*assignees.get(row.id, ()), row.person_id)
    whole = list(rows.values())
    for start in range(0, len(whole), AT_ONCE):
        yield [(row.rank, _card(row, assignees.get(row.id, ()))) for row in whole[start : start + AT_ONCE]]
        await asyncio.sleep(0)


async def _read_rows(tx: Transaction, board_id: int, task_ids: set[int] | None) -> AsyncIterator[Sequence[Any]]:
    if task_ids is not None:
        if len(task_ids) <= FEW:
            ids = {f"task_{place}": task_id for place, task_id in enumerate(task_ids)}
            yield await tx.rows(_few_cards(len(task_ids)), {"board_id": board_id} | ids)
        else:
            yield (await tx.session.execute(_SOME_CARDS, {"board_id": board_id, "task_ids": list(task_ids)})).all()
        return
    result = await tx.session.stream(_CARDS, {"board_id": board_id}, execution_options={"yield_per": AT_ONCE})
    async for part in result.partitions():
        yield part


def _card(row: Any, assignees: tuple[int, ...]) -> TaskCard:
    return TaskCard(
        id=row.id,
        lane_id=row.lane_id,
        title=row.title,
        is_done=row.completed_at is not None,
        priority=row.priority,
        due_on=row.due_on.isoformat() if row.due_on else "",
        assignees=assignees,
        has_description=row.has_description,
        files=row.files,
        comments=row.comments,
    )
