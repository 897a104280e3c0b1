"""The ledger of a task: of each change who was told, how and why, or why not. For those who can see the task."""

from typing import Any

from sqlalchemy import bindparam, select

from app.domain import sentences
from app.domain.access import Actor, looking_at_task
from app.domain.models import News, Person, table
from app.domain.snapshots import Told
from app.domain.transaction import Transaction

MOST = 200
"""Lines that are shown, the newest."""


async def of_task(tx: Transaction, actor: Actor, task_id: int) -> list[Told]:
    """NotFound for those who cannot see the task."""
    await looking_at_task(tx, actor, task_id)
    return [_line(row) for row in (await tx.session.execute(_OF_TASK, {"task": task_id})).all()]


async def of_change(tx: Transaction, actor: Actor, task_id: int, revision: int) -> list[Told]:
    """The lines about one change of the task, by its revision of the board."""
    _, board, _ = await looking_at_task(tx, actor, task_id)
    keys = {"task": task_id, "topic": f"board:{board.id}", "revision": revision}
    return [_line(row) for row in (await tx.session.execute(_OF_CHANGE, keys)).all()]


def _line(row: Any) -> Told:
    return Told(
        id=row.id,
        at=row.at.isoformat(),
        person=row.person,
        what=sentences.happened(row.kind, row.actor or "", row.details, row.person),
        how=sentences.how(row.channels, row.withheld),
        why=sentences.because(row.kind, row.reason, "they"),
    )


_news, _person, _actor = table(News), table(Person), table(Person).alias("actor")
_LINES = (
    select(
        _news.c.id,
        _news.c.at,
        _news.c.kind,
        _news.c.reason,
        _news.c.channels,
        _news.c.withheld,
        _news.c.details,
        _person.c.name.label("person"),
        _actor.c.name.label("actor"),
    )
    .join(_person, _person.c.id == _news.c.person_id)
    .outerjoin(_actor, _actor.c.id == _news.c.actor_id)
    .where(_news.c.task_id == bindparam("task"))
    .order_by(_news.c.id.desc())
    .limit(MOST)
)
_OF_TASK = _LINES
_OF_CHANGE = _LINES.where(_news.c.change_topic == bindparam("topic"), _news.c.change_revision == bindparam("revision"))
