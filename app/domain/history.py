"""What happened to a topic after a revision, and where its revisions stand: what catching up needs."""

from collections.abc import Iterable, Mapping

from sqlalchemy import String, and_, cast, literal, or_, select, union_all
from sqlmodel import col

from app.domain.models import Change
from app.domain.transaction import STREAMS, Transaction


async def changes_after(tx: Transaction, revisions: Mapping[str, int], most: int) -> list[Change]:
    """The changes after each topic's given revision, oldest first, `most` of them at most."""
    missed = [and_(col(Change.topic) == topic, col(Change.revision) > seen) for topic, seen in revisions.items()]
    query = select(Change).where(or_(*missed)).order_by(col(Change.id)).limit(most)
    return list((await tx.session.execute(query)).scalars())


async def revisions(tx: Transaction, topics: Iterable[str]) -> dict[str, int]:
    """The newest revision of each topic, in one query; topics that do not exist are left out."""
    wanted: dict[str, list[int]] = {}
    for topic in topics:
        noun, _, id = topic.partition(":")
        wanted.setdefault(noun, []).append(int(id))
    parts = [
        select((literal(f"{noun}:") + cast(col(table.id), String)).label("topic"), col(table.revision))
        .select_from(table)
        .where(col(table.id).in_(wanted[noun]))
        for noun, table in STREAMS.items()
        if noun in wanted
    ]
    if not parts:
        return {}
    return {row.topic: row.revision for row in (await tx.session.execute(union_all(*parts))).all()}
