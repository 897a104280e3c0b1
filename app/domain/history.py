"""What happened to a topic after a revision, and where its revisions stand: what catching up needs.

The statements are built once: they run in every worker for every change.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Select, String, and_, bindparam, literal, or_, select, union_all
from sqlalchemy import cast as as_type
from sqlmodel import col

from app.domain.drawings import Happening
from app.domain.models import Change
from app.domain.transaction import STREAMS, Transaction


async def changes_after(tx: Transaction, revisions: Mapping[str, int], most: int) -> Sequence[Happening]:
    """The changes after each topic's given revision, oldest first, `most` of them at most."""
    values: dict[str, Any] = {"most": most}
    for place, (topic, seen) in enumerate(revisions.items()):
        values |= {f"topic_{place}": topic, f"seen_{place}": seen}
    return cast(Sequence[Happening], (await tx.session.execute(_missed(len(revisions)), values)).all())


async def revisions(tx: Transaction, topics: Iterable[str]) -> dict[str, int]:
    """The newest revision of each topic, in one query; topics that do not exist are left out."""
    wanted: dict[str, list[int]] = {}
    for topic in topics:
        noun, _, id = topic.partition(":")
        wanted.setdefault(noun, []).append(int(id))
    parts = [
        select((literal(f"{noun}:") + as_type(col(table.id), String)).label("topic"), col(table.revision))
        .select_from(table)
        .where(col(table.id).in_(wanted[noun]))
        for noun, table in STREAMS.items()
        if noun in wanted
    ]
    if not parts:
        return {}
    return {row.topic: row.revision for row in (await tx.session.execute(union_all(*parts))).all()}


@cache
def _missed(topics: int) -> Select[Any]:
    """The query of `changes_after` for so many topics."""
    missed = [
        and_(col(Change.topic) == bindparam(f"topic_{place}"), col(Change.revision) > bindparam(f"seen_{place}"))
        for place in range(topics)
    ]
    happening = (
        Change.topic,
        Change.revision,
        Change.kind,
        Change.actor_id,
        Change.entity,
        Change.entity_id,
        Change.details,
    )
    columns = [col(column) for column in happening]
    return select(*columns).where(or_(*missed)).order_by(col(Change.id)).limit(bindparam("most"))
