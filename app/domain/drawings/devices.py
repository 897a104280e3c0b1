"""Where a person is signed in. Nobody else is ever shown this."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.domain import devices, sessions
from app.domain.drawings import NEVER, Happening
from app.domain.drawings.whole import Whole
from app.domain.models import Session
from app.domain.snapshots import DeviceList, DeviceView, Snapshot
from app.domain.streams import topic
from app.domain.transaction import Transaction

MOST = 100
"""Sign-ins on show; more than that is nobody's reading matter."""


class DevicesDrawing(Whole):
    def __init__(self, person_id: int) -> None:
        self.person_id = person_id
        self.topics: tuple[str, ...] = (topic("person", person_id),)
        self.viewers: frozenset[str] = frozenset()
        self.holds_until = NEVER
        self._devices: tuple[DeviceView, ...] = ()

    async def draw(self, tx: Transaction) -> bool:
        query = (
            select(Session)
            .where(col(Session.person_id) == self.person_id, *sessions.is_alive())
            .order_by(col(Session.last_seen_at).desc(), col(Session.id))
            .execution_options(populate_existing=True)
        )
        alive = (await tx.session.execute(query)).scalars().all()
        self.viewers = frozenset(session.id for session in alive)
        self.holds_until = min((session.expires_at for session in alive), default=NEVER)
        self._devices = tuple(_view(session) for session in alive[:MOST])
        return True

    def needs_snapshot(self, changes: Sequence[Happening]) -> bool:
        return False

    def entities(self) -> Mapping[str, Snapshot]:
        listed = DeviceList(tuple(device.id for device in self._devices))
        return {"devices": listed, **{f"s{device.id}": device for device in self._devices}}


async def sign_ins(tx: Transaction, person_id: int) -> tuple[frozenset[str], datetime]:
    """The ids of those of a person that have not ended, and when the first of them runs out."""
    query = select(col(Session.id), col(Session.expires_at))
    alive = (await tx.session.execute(query.where(col(Session.person_id) == person_id, *sessions.is_alive()))).all()
    return frozenset(id for id, _ in alive), min((expires_at for _, expires_at in alive), default=NEVER)


def _view(session: Session) -> DeviceView:
    return DeviceView(
        id=session.id,
        device=devices.in_words(session.device),
        address=session.address,
        started_at=session.created_at.isoformat(),
        last_seen_at=session.last_seen_at.isoformat(),
    )
