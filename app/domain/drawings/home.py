"""What is around every page of a person: their workspaces and the boards there, and how much news they have."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlmodel import col

from app.domain import locks
from app.domain.drawings import NEVER, Happening, Usual
from app.domain.drawings.devices import sign_ins
from app.domain.drawings.inbox import count, next_return
from app.domain.models import Board, Member, Person, Reminder, Watch, Workspace
from app.domain.snapshots import (
    Bell,
    BoardLink,
    Clock,
    HomeView,
    Muted,
    PersonCard,
    ReminderList,
    ReminderView,
    Snapshot,
    WorkspaceView,
    initials,
)
from app.domain.streams import topic
from app.domain.transaction import Transaction

MOST_REMINDERS = 500
"""On show; those that fire first."""


class HomeDrawing(Usual):
    def __init__(self, person_id: int) -> None:
        self.person_id = person_id
        self._inbox = topic("inbox", person_id)
        self.topics: tuple[str, ...] = (topic("person", person_id), self._inbox)
        self.viewers: frozenset[str] = frozenset()
        self.holds_until = self._signed_in_until = NEVER
        self._bell, self._muted = Bell(0), Muted((), ())
        self._workspaces: dict[int, WorkspaceView] = {}
        self._me: PersonCard | None = None
        self._clock, self._reminders = Clock("", 0), ReminderList(())
        self._is_shown = True

    async def draw(self, tx: Transaction) -> bool:
        person = await tx.session.get(Person, self.person_id, populate_existing=True)
        if person is None:
            return False
        self._me = PersonCard(self.person_id, person.name, initials(person.name), person.color, "", person.avatar)
        self.viewers, self._signed_in_until = await sign_ins(tx, self.person_id)
        await self._read_inbox(tx)
        self._clock = Clock(person.zone, person.digest_hour)
        self._reminders = ReminderList(await _reminders(tx, self.person_id))
        self._is_shown = person.is_shown
        query = (
            select(Workspace, col(Member.role))
            .join(Member, col(Member.workspace_id) == col(Workspace.id))
            .where(col(Member.person_id) == self.person_id, col(Workspace.deleted_at).is_(None))
            .order_by(col(Workspace.name), col(Workspace.id))
        )
        mine = [(workspace, role) for workspace, role in (await tx.session.execute(query)).all()]
        ids = [workspace.id for workspace, _ in mine]
        links, members = await board_links(tx, ids, self.person_id), await _member_ids(tx, ids)
        self._workspaces = {
            workspace.id: WorkspaceView(
                id=workspace.id,
                name=workspace.name,
                description=workspace.description,
                role=role,
                boards=links.get(workspace.id, ()),
                members=members[workspace.id],
                shows_people=workspace.shows_people,
            )
            for workspace, role in mine
        }
        workspaces = (topic("workspace", id) for id in self._workspaces)
        self.topics = (topic("person", self.person_id), self._inbox, *workspaces)
        return True

    async def redraw(self, tx: Transaction, changes: Sequence[Happening]) -> bool:
        if not self.needs_snapshot(changes):
            await self._read_inbox(tx)
            return True
        return await self.draw(tx)

    def needs_snapshot(self, changes: Sequence[Happening]) -> bool:
        """Most often there is just something new in the inbox."""
        return any(change.topic != self._inbox for change in changes)

    async def _read_inbox(self, tx: Transaction) -> None:
        self._bell, self._muted = Bell(await count(tx, self.person_id)), await _muted(tx, self.person_id)
        self.holds_until = min(self._signed_in_until, await next_return(tx, self.person_id))

    def entities(self) -> Mapping[str, Snapshot]:
        assert self._me is not None
        return {
            "me": self._me,
            "bell": self._bell,
            "muted": self._muted,
            "clock": self._clock,
            "reminders": self._reminders,
            "home": HomeView(tuple(self._workspaces), self._is_shown),
            **{f"w{workspace.id}": workspace for workspace in self._workspaces.values()},
        }


async def board_links(
    tx: Transaction, workspace_ids: Sequence[int], person_id: int | None
) -> dict[int, tuple[BoardLink, ...]]:
    """The boards that a member can see, or those that all can (None), by workspace; the archived ones come last."""
    query = (
        select(Board)
        .where(col(Board.workspace_id).in_(workspace_ids), locks.is_shared_with(person_id))
        .order_by(col(Board.archived_at).is_not(None), col(Board.id))
    )
    links: dict[int, tuple[BoardLink, ...]] = {}
    for board in (await tx.session.execute(query)).scalars():
        link = BoardLink(board.id, board.name, board.archived_at is not None, board.is_private)
        links[board.workspace_id] = (*links.get(board.workspace_id, ()), link)
    return links


async def _reminders(tx: Transaction, person_id: int) -> tuple[ReminderView, ...]:
    """Those that have not fired, in the order in which they will; those of tasks without a day come last."""
    query = (
        select(Reminder)
        .where(col(Reminder.person_id) == person_id, col(Reminder.fired_at).is_(None))
        .order_by(col(Reminder.fires_at).is_(None), col(Reminder.fires_at), col(Reminder.id))
        .limit(MOST_REMINDERS)
        .execution_options(populate_existing=True)
    )
    found = (await tx.session.execute(query)).scalars()
    return tuple(
        ReminderView(row.id, row.task_id, -1 if row.minutes_before is None else row.minutes_before, row.at_local)
        for row in found
    )


async def _member_ids(tx: Transaction, workspace_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    query = select(col(Member.workspace_id), col(Member.person_id)).where(col(Member.workspace_id).in_(workspace_ids))
    found: dict[int, tuple[int, ...]] = dict.fromkeys(workspace_ids, ())
    for workspace_id, person_id in (await tx.session.execute(query.order_by(col(Member.joined_at)))).all():
        found[workspace_id] = (*found[workspace_id], person_id)
    return found


async def _muted(tx: Transaction, person_id: int) -> Muted:
    query = (
        select(col(Watch.noun), col(Watch.subject_id), col(Watch.level))
        .where(col(Watch.person_id) == person_id, col(Watch.noun) != "task")
        .order_by(col(Watch.noun), col(Watch.subject_id))
    )
    places: dict[str, list[str]] = {"muted": [], "watching": []}
    for noun, subject_id, level in (await tx.session.execute(query)).all():
        places.setdefault(level, []).append(f"{noun}:{subject_id}")
    return Muted(tuple(places["muted"]), tuple(places["watching"]))
