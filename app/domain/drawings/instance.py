"""This Tandem as those see it who look after it: everybody with an account, and who may sign up."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlmodel import col

from app.domain.drawings import Happening
from app.domain.models import Instance, Person, Session
from app.domain.snapshots import AccountRow, InstanceView, Snapshot
from app.domain.transaction import Transaction, topic

MOST = 1_000
"""People on show."""


class InstanceDrawing:
    def __init__(self, instance_id: int) -> None:
        self.instance_id = instance_id
        self.topics: tuple[str, ...] = (topic("instance", instance_id),)
        self.viewers: frozenset[int] = frozenset()
        self._people: tuple[AccountRow, ...] = ()
        self._count = 0
        self._sign_up = ""

    async def draw(self, tx: Transaction) -> bool:
        instance = await tx.session.get(Instance, self.instance_id, populate_existing=True)
        if instance is None:
            return False
        self._sign_up = instance.sign_up
        self._count = (await tx.session.execute(select(func.count()).select_from(Person))).scalar_one()
        admins = await tx.session.execute(select(col(Person.id)).where(col(Person.is_admin)))
        self.viewers = frozenset(admins.scalars())
        seen = select(col(Session.person_id), func.max(col(Session.last_seen_at)).label("at"))
        last = seen.group_by(col(Session.person_id)).subquery()
        query = (
            select(Person, last.c.at)
            .outerjoin(last, last.c.person_id == col(Person.id))
            .order_by(func.lower(col(Person.name)), col(Person.id))
            .limit(MOST)
            .execution_options(populate_existing=True)
        )
        rows = (await tx.session.execute(query)).all()
        self._people = tuple(
            AccountRow(
                person.id,
                person.name,
                person.email,
                person.is_admin,
                person.created_at.isoformat(),
                at.isoformat() if at else "",
            )
            for person, at in rows
        )
        return True

    async def redraw(self, tx: Transaction, changes: Sequence[Happening]) -> bool:
        return await self.draw(tx)

    def needs_snapshot(self, changes: Sequence[Happening]) -> bool:
        return True

    def entities(self) -> Mapping[str, Snapshot]:
        ids = tuple(person.id for person in self._people)
        view = InstanceView(self._sign_up, ids, self._count)
        return {"instance": view, **{f"a{person.id}": person for person in self._people}}
