"""What became of somebody's open tabs when they were removed or given a lesser role: for the admin who did it.

Taking somebody off the list of a private board is a removal too, of which the board's own people alone are told. So is
making a board private, of all whom that shuts out: they have one receipt together.

The change itself says which tabs were seen open just before it. Then each worker that had one of them on a board or
page of the workspace reports, in a change of its own, when that tab was shown out or told, and the last revision of
its board that it had been sent. What nobody has reported is not known, and a receipt does not claim it: the worker may
have died, with the connections that it had, or may not reach the database now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, or_, select

from app.domain.models import Board, Change, Person, table
from app.domain.permissions import ROLES
from app.domain.streams import topic
from app.domain.transaction import Transaction

REPORTS = ("member.tabs_told", "insider.tabs_told")
CAUSES = ("member.removed", "member.role_changed", "insider.removed", "board.made_private")


@dataclass(frozen=True)
class Sighting:
    """The tabs that some people were seen to have open; `is_complete` if those of every worker could be seen."""

    tabs: tuple[str, ...] = ()
    is_complete: bool = False

    @property
    def details(self) -> dict[str, Any]:
        return {"open_tabs": list(self.tabs), "is_complete": self.is_complete}


NOBODY_LOOKED = Sighting()


@dataclass(frozen=True)
class Tab:
    """One that was shown out, or told of another role; `at` is an ISO time.

    `revision` is the last one of its board that it was sent until then, or None where it showed no board.
    """

    id: str
    room: str
    revision: int | None
    at: str


async def report(tx: Transaction, workspace_id: int, person_id: int, cause: int, tabs: Sequence[Tab]) -> None:
    """Record what a worker did with the tabs that it had; `cause` is the revision of the change that they learnt of."""
    await tx.record("workspace", workspace_id, "member.tabs_told", None, "member", person_id, **_told(cause, tabs))


async def report_on_board(tx: Transaction, board_id: int, person_id: int, cause: int, tabs: Sequence[Tab]) -> None:
    """The same for somebody whom a private board has shut out, of which the workspace learns nothing."""
    workspace_id = (await tx.session.execute(_WORKSPACE, {"board_id": board_id})).scalar_one()
    await tx.record("workspace", workspace_id, "board.tabs_told", None, "board", board_id)
    await tx.record("board", board_id, "insider.tabs_told", None, "member", person_id, **_told(cause, tabs))


def _told(cause: int, tabs: Sequence[Tab]) -> dict[str, Any]:
    return {"cause": cause, "tabs": [asdict(tab) for tab in tabs]}


def takes_something_away(kind: str, details: Mapping[str, Any]) -> bool:
    """Whether a change, by its kind and details, is a removal or the gift of a role that may do less."""
    if kind == "member.role_changed":
        return ROLES.index(details["to"]) > ROLES.index(details["from"])
    if kind == "board.made_private":
        return "open_tabs" in details
    return kind in ("member.removed", "insider.removed")


async def places(tx: Transaction, workspace_id: int) -> list[str]:
    """The rooms in which tabs look at a workspace or one of its boards."""
    board_ids = (await tx.session.execute(_BOARDS, {"workspace_id": workspace_id})).scalars()
    return [topic("workspace", workspace_id), *(topic("board", id) for id in board_ids)]


@dataclass
class Receipt:
    """A removal or a change of role, and what has been reported of it so far.

    `person` is None when a board was made private: then it is about all those whose tabs it has. A tab's person is
    told with it.
    """

    revision: int
    kind: str
    at: datetime
    actor: str
    person: str | None
    details: dict[str, Any]
    tabs: list[tuple[Tab, str]] = field(default_factory=list)

    @property
    def missing(self) -> int:
        """How many of the tabs that had been seen open nobody has reported."""
        return len(set(self.details.get("open_tabs", ())) - {tab.id for tab, _ in self.tabs})


async def latest(tx: Transaction, place: str, most: int) -> list[Receipt]:
    """The newest receipts of a workspace or a board, by its topic; newest first."""
    rows = (await tx.session.execute(_LATEST, {"topic": place, "most": most})).all()
    receipts = {
        row.revision: Receipt(row.revision, row.kind, row.at, row.actor, row.person, row.details) for row in rows
    }
    if receipts:
        oldest = {"topic": place, "after": min(receipts)}
        for details, person in (await tx.session.execute(_TOLD, oldest)).all():
            if receipt := receipts.get(details["cause"]):
                receipt.tabs += [(Tab(**tab), person) for tab in details["tabs"]]
    return list(receipts.values())


_board = table(Board)
_WORKSPACE = select(_board.c.workspace_id).where(_board.c.id == bindparam("board_id"))
_BOARDS = select(_board.c.id).where(_board.c.workspace_id == bindparam("workspace_id"))
_change, _actor, _person = table(Change), table(Person).alias("actor"), table(Person).alias("person")
_LATEST = (
    select(
        _change.c.revision,
        _change.c.kind,
        _change.c.at,
        _change.c.details,
        _actor.c.name.label("actor"),
        _person.c.name.label("person"),
    )
    .join(_actor, _actor.c.id == _change.c.actor_id)
    .outerjoin(_person, and_(_person.c.id == _change.c.entity_id, _change.c.entity == "member"))
    .where(_change.c.topic == bindparam("topic"), or_(*(_change.c.kind == kind for kind in CAUSES)))
    .order_by(_change.c.revision.desc())
    .limit(bindparam("most"))
)
_TOLD = (
    select(_change.c.details, _person.c.name)
    .join(_person, _person.c.id == _change.c.entity_id)
    .where(_change.c.topic == bindparam("topic"), _change.c.kind.in_(REPORTS), _change.c.revision > bindparam("after"))
)
