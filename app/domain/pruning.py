"""Forgets what happened long ago, a few rows at a time, so that nobody waits for it.

The newest change of each topic is kept whatever its age: by it, whoever comes back finds that there is a gap, and draws
everything anew (web/room.py).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.models import Change, table

BATCH = 500
"""Changes that are looked at in one go."""


async def prune_changes(session: AsyncSession, before: datetime, after: int) -> int:
    """Forget those among the next BATCH changes behind the id `after` that happened before then.

    The id to go on behind; 0 when there is nothing more to look at.
    """
    old = _leading((await session.execute(_NEXT, {"after": after})).all(), before)
    if not old:
        return 0
    await session.execute(_FORGET, {"first": old[0].id, "last": old[-1].id})
    return old[-1].id if len(old) == BATCH else 0


def _leading(rows: Sequence[Any], before: datetime) -> Sequence[Any]:
    """Those up to the first that is too new: ids are given out in the order of time."""
    newer = next((place for place, row in enumerate(rows) if row.at >= before), len(rows))
    return rows[:newer]


_change = table(Change)
_later = _change.alias()
_NEXT = select(_change.c.id, _change.c.at).where(_change.c.id > bindparam("after")).order_by(_change.c.id).limit(BATCH)
_FORGET = delete(_change).where(
    _change.c.id.between(bindparam("first"), bindparam("last")),
    exists().where(_later.c.topic == _change.c.topic, _later.c.revision == _change.c.revision + 1),
)
