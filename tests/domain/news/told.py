"""What came of it: the rows that somebody has, the letters that are to go out."""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlmodel import col

from app.domain.access import Actor
from app.domain.models import News
from app.domain.outbox import Letter
from app.domain.transaction import Transaction


@dataclass
class Post:
    letters: list[Letter] = field(default_factory=list)

    async def queue(self, tx: Transaction, letters: list[Letter]) -> None:
        self.letters += letters


async def rows_of(tx: Transaction, person: Actor) -> list[News]:
    query = select(News).where(col(News.person_id) == person.id).order_by(col(News.id))
    return list((await tx.session.execute(query.execution_options(populate_existing=True))).scalars())
