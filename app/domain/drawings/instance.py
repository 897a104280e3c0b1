"""This Tandem as those see it who look after it: everybody with an account, and who may sign up."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlmodel import col

from app.domain.drawings.whole import Whole
from app.domain.models import Instance, Person, SecondFactor, Session
from app.domain.snapshots import AccountRow, InstanceView, Snapshot
from app.domain.streams import topic
from app.domain.transaction import Transaction

MOST = 200
"""People on show; the others are found by a search."""
FOUND = 50
"""People that a search finds."""
_BY_NAME = (func.lower(col(Person.name)), col(Person.id))


class InstanceDrawing(Whole):
    def __init__(self, instance_id: int) -> None:
        self.instance_id = instance_id
        self.topics: tuple[str, ...] = (topic("instance", instance_id),)
        self.viewers: frozenset[int] = frozenset()
        self._also: frozenset[int] = frozenset()
        """People on show who need not be among the first: those whom somebody has searched for."""
        self._people: tuple[AccountRow, ...] = ()
        self._found: tuple[AccountRow, ...] = ()
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
        self._people = await _rows(tx, true(), MOST)
        others = self._also - {person.id for person in self._people}
        self._found = await _rows(tx, col(Person.id).in_(others), len(others)) if others else ()
        return True

    def widen(self, wanted: Mapping[int, int]) -> bool:
        """Show these people, too."""
        self._also = frozenset(wanted)
        return self._also <= {person.id for person in (*self._people, *self._found)}

    def entities(self) -> Mapping[str, Snapshot]:
        ids = tuple(person.id for person in self._people)
        view = InstanceView(self._sign_up, ids, self._count)
        return {"instance": view, **{f"a{person.id}": person for person in (*self._people, *self._found)}}


async def search(tx: Transaction, typed: str) -> tuple[int, ...]:
    """The ids of the first of those, by name, whose name or address has these letters in it."""
    name, email = col(Person.name), col(Person.email)
    # SQLite knows no capitals but A to Z: what is typed as it is written is found all the same.
    fits = or_(name.icontains(typed, autoescape=True), name.contains(typed, autoescape=True))
    found = or_(fits, email.contains(typed.lower(), autoescape=True))
    query = select(col(Person.id)).where(found).order_by(*_BY_NAME).limit(FOUND)
    return tuple((await tx.session.execute(query)).scalars())


async def _rows(tx: Transaction, where: ColumnElement[bool], most: int) -> tuple[AccountRow, ...]:
    seen = select(col(Session.person_id), func.max(col(Session.last_seen_at)).label("at"))
    last = seen.group_by(col(Session.person_id)).subquery()
    query = (
        select(Person, last.c.at, col(SecondFactor.person_id))
        .outerjoin(last, last.c.person_id == col(Person.id))
        .outerjoin(SecondFactor, col(SecondFactor.person_id) == col(Person.id))
        .where(where)
        .order_by(*_BY_NAME)
        .limit(most)
        .execution_options(populate_existing=True)
    )
    return tuple(
        AccountRow(
            id=person.id,
            name=person.name,
            email=person.email,
            is_admin=person.is_admin,
            has_second_factor=has_second_factor is not None,
            since=person.created_at.isoformat(),
            last_seen_at=seen_at.isoformat() if seen_at else "",
        )
        for person, seen_at, has_second_factor in (await tx.session.execute(query)).all()
    )
