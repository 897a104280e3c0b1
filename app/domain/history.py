"""What happened to a topic after a revision, and where its revisions stand: what catching up needs.

The statements are built once: they run in every worker for every change.
"""

from collections import namedtuple
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Protocol, cast

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    String,
    Subquery,
    bindparam,
    literal,
    select,
    union_all,
)
from sqlalchemy import cast as as_type
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.direct import Direct
from app.domain.models import Change, table
from app.domain.streams import STREAMS, TOLD, Noun
from app.domain.transaction import Transaction


class Happening(Protocol):
    """What a redraw needs to know of a change: its row in `change`, or these columns of it."""

    topic: str
    revision: int
    kind: str
    actor_id: int | None
    entity: str
    entity_id: int
    details: dict[str, Any]
    at: datetime


Told = namedtuple("Told", [column.key for column in TOLD])
"""A happening that is a row of just these columns."""


async def changes_after(tx: Transaction, revisions: Mapping[str, int], most: int) -> Sequence[Happening]:
    """The changes after each topic's given revision, oldest first, `most` of them at most."""
    if not revisions:
        return ()
    return cast(Sequence[Happening], await tx.rows(_missed(len(revisions)), {"most": most} | bounds(revisions)))


async def revisions(tx: Transaction, topics: Iterable[str]) -> dict[str, int]:
    """The newest revision of each topic, in one query; topics that do not exist are left out."""
    wanted: dict[str, list[int]] = {}
    for topic in topics:
        noun, _, id = topic.partition(":")
        wanted.setdefault(noun, []).append(int(id))
    if not wanted:
        return {}
    nouns = tuple(sorted(wanted))
    return {row.topic: row.revision for row in (await tx.session.execute(_newest(nouns), wanted)).all()}


async def is_kept(session: AsyncSession, tx: Transaction) -> bool:
    """Whether what a transaction recorded is in the database, when its commit was not answered."""
    topic, revision, at = tx.last
    query = select(_change.id).where(_change.topic == topic, _change.revision == revision, _change.at == at)
    return (await session.execute(query)).first() is not None


@cache
def _newest(nouns: tuple[Noun, ...]) -> CompoundSelect[Any, Any]:
    """The query of `revisions` for topics of these nouns."""
    tables = {noun: table(STREAMS[noun]) for noun in nouns}
    return union_all(
        *(
            select((literal(f"{noun}:") + as_type(rows.c.id, String)).label("topic"), rows.c.revision)
            .select_from(rows)
            .where(rows.c.id.in_(bindparam(noun, expanding=True)))
            for noun, rows in tables.items()
        )
    )


def missed(topics: int, most: ColumnElement[int]) -> Subquery:
    """The changes of so many topics after a revision of each, with their ids; `bounds` has its parameters.

    Each is read along the index of topic and revision, and no further than need be. Of one order for all, PostgreSQL
    thinks that it comes soonest by walking through everything that ever happened, by id.
    """
    parts = [
        select(_change.id.label("change_id"), *TOLD)
        .where(_change.topic == bindparam(f"topic_{place}"), _change.revision > bindparam(f"seen_{place}"))
        .order_by(_change.revision)
        .limit(most)
        .subquery()
        for place in range(topics)
    ]
    return union_all(*(select(part) for part in parts)).subquery()


def bounds(revisions: Mapping[str, int]) -> dict[str, Any]:
    """The parameters of `missed`: after which revision of which topic."""
    values: dict[str, Any] = {}
    for place, (topic, seen) in enumerate(revisions.items()):
        values |= {f"topic_{place}": topic, f"seen_{place}": seen}
    return values


def told(found: FromClause) -> list[ColumnElement[Any]]:
    """The columns of a subquery that tell what happened."""
    return [found.c[name] for name in Told._fields]


@cache
def _missed(topics: int) -> Direct:
    """The query of `changes_after` for so many topics."""
    found = missed(topics, most := bindparam("most"))
    return Direct(select(*told(found)).order_by(found.c.change_id).limit(most))


_change = table(Change).c
