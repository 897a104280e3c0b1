"""What a person is in: their workspaces and the boards there."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlmodel import col

from app.domain import locks
from app.domain.drawings import NEVER
from app.domain.drawings.devices import sign_ins
from app.domain.drawings.whole import Whole
from app.domain.models import Board, Member, Person, Workspace
from app.domain.snapshots import BoardLink, HomeView, PersonCard, Snapshot, WorkspaceView, initials
from app.domain.transaction import Transaction, topic


class HomeDrawing(Whole):
    def __init__(self, person_id: int) -> None:
        self.person_id = person_id
        self.topics: tuple[str, ...] = (topic("person", person_id),)
        self.viewers: frozenset[str] = frozenset()
        self.holds_until = NEVER
        self._workspaces: dict[int, WorkspaceView] = {}
        self._me: PersonCard | None = None
        self._is_shown = True

    async def draw(self, tx: Transaction) -> bool:
        person = await tx.session.get(Person, self.person_id, populate_existing=True)
        if person is None:
            return False
        self._me = PersonCard(self.person_id, person.name, initials(person.name), person.color, "", person.avatar)
        self._is_shown = person.is_shown
        self.viewers, self.holds_until = await sign_ins(tx, self.person_id)
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
        self.topics = (topic("person", self.person_id), *(topic("workspace", id) for id in self._workspaces))
        return True

    def entities(self) -> Mapping[str, Snapshot]:
        assert self._me is not None
        return {
            "me": self._me,
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


async def _member_ids(tx: Transaction, workspace_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    query = select(col(Member.workspace_id), col(Member.person_id)).where(col(Member.workspace_id).in_(workspace_ids))
    found: dict[int, tuple[int, ...]] = dict.fromkeys(workspace_ids, ())
    for workspace_id, person_id in (await tx.session.execute(query.order_by(col(Member.joined_at)))).all():
        found[workspace_id] = (*found[workspace_id], person_id)
    return found
