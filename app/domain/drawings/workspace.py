"""A workspace as its own pages show it: its open boards and members, and, for those who may invite, its invitations.

What only some of its people may see is drawn in oversight.py.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlmodel import col

from app.domain.drawings.home import board_links
from app.domain.drawings.people import members, unseen
from app.domain.drawings.whole import Whole, WorkspaceList
from app.domain.models import Invite, Person, Workspace, now
from app.domain.snapshots import InviteList, InviteView, PersonCard, Snapshot, WorkspaceView
from app.domain.streams import topic
from app.domain.transaction import Transaction


class WorkspaceDrawing(Whole):
    def __init__(self, workspace_id: int) -> None:
        self.workspace_id = workspace_id
        self.topics: tuple[str, ...] = (topic("workspace", workspace_id),)
        self.viewers: frozenset[int] = frozenset()
        self.unseen: frozenset[int] = frozenset()
        """Those of whom others do not see that they are here."""
        self._view: WorkspaceView | None = None
        self._people: dict[int, PersonCard] = {}

    async def draw(self, tx: Transaction) -> bool:
        workspace = await tx.session.get(Workspace, self.workspace_id)
        self._people = await members(tx, self.workspace_id)
        self.viewers = frozenset(self._people)
        if workspace is None or not self._people:
            return False
        shows_people = workspace.shows_people
        self.unseen = await unseen(tx, self.workspace_id) if shows_people else frozenset(self._people)
        self._view = WorkspaceView(
            id=self.workspace_id,
            name=workspace.name,
            description=workspace.description,
            role="",
            boards=(await board_links(tx, [self.workspace_id], None)).get(self.workspace_id, ()),
            members=tuple(self._people),
            shows_people=shows_people,
        )
        return True

    def entities(self) -> Mapping[str, Snapshot]:
        assert self._view is not None
        shown: dict[str, Snapshot] = {"w": self._view}
        shown.update((f"p{person.id}", person) for person in self._people.values())
        return shown


class InvitesDrawing(WorkspaceList):
    permission, name, letter = "invite", "invites", "i"

    async def _read(self, tx: Transaction) -> Sequence[InviteView]:
        query = (
            select(Invite, col(Person.name))
            .join(Person, col(Person.id) == col(Invite.created_by))
            .where(
                col(Invite.workspace_id) == self.workspace_id,
                col(Invite.revoked_at).is_(None),
                col(Invite.expires_at) > now(),
                col(Invite.uses) < col(Invite.max_uses),
            )
            .order_by(col(Invite.id).desc())
        )
        return tuple(
            InviteView(
                invite.id,
                invite.role,
                invite.uses,
                invite.max_uses,
                invite.expires_at.isoformat(),
                creator,
                invite.email_domain,
            )
            for invite, creator in (await tx.session.execute(query)).all()
        )

    def _list(self, ids: tuple[int, ...]) -> Snapshot:
        return InviteList(ids)
