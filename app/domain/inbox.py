"""What a person does with their inbox: read, put away, put off, and back. A row stands for all that is new of its task.

Everybody has only their own, so that a foreign id is a missing one.
"""

from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, exists, select, update
from sqlmodel import col

from app.domain.access import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.models import Change, Inbox, News, now, table
from app.domain.streams import counting_up, topic
from app.domain.transaction import Transaction

MISSING = "This is not in your inbox any more."
LONGEST_SNOOZE = timedelta(days=366)


async def read(tx: Transaction, actor: Actor, news_id: int) -> None:
    row = await _row(tx, actor, news_id)
    if row.read_at is None:
        await _read(tx, row.task_id, row, now())
        await _record(tx, actor, "news.read", news_id)


async def read_task(tx: Transaction, actor: Actor, task_id: int) -> None:
    """Take note of everything about a task, as somebody does who opens it."""
    keys = {"person": actor.id, "task": task_id}
    if await tx.advance("inbox", _IF_UNREAD, **keys) is not None:
        await tx.session.execute(_READ_TASK, keys | {"moment": now()})
        await tx.record("inbox", actor.id, "news.read", actor.id, "task", task_id)


async def read_all(tx: Transaction, actor: Actor) -> int:
    """Take note of everything; the revision with which `unread_all` takes that back, or 0 if there was nothing."""
    await tx.advance("inbox", actor.id)
    at = now()
    if not (await tx.session.execute(_READ_ALL, {"person": actor.id, "moment": at})).all():
        return 0
    revision = tx.revision("inbox", actor.id)
    await tx.record("inbox", actor.id, "news.all_read", actor.id, "news", 0, at=at.isoformat())
    return revision


async def unread_all(tx: Transaction, actor: Actor, revision: int) -> None:
    """Take back the `read_all` that was recorded under this revision of the inbox."""
    await tx.advance("inbox", actor.id)
    query = select(col(Change.details)).where(
        col(Change.topic) == topic("inbox", actor.id),
        col(Change.revision) == revision,
        col(Change.kind) == "news.all_read",
    )
    details = (await tx.session.execute(query)).scalar_one_or_none()
    if details is None:
        raise NotFound("This can no longer be undone.")
    keys = {"person": actor.id, "moment": datetime.fromisoformat(details["at"])}
    if (await tx.session.execute(_UNREAD_ALL, keys)).all():
        await _record(tx, actor, "news.all_unread", 0)


async def unread(tx: Transaction, actor: Actor, news_id: int) -> None:
    row = await _row(tx, actor, news_id)
    if row.read_at is not None:
        row.read_at = None
        await _record(tx, actor, "news.unread", news_id)


async def finish(tx: Transaction, actor: Actor, news_id: int) -> None:
    """Put a row away, as there is nothing more to do about it."""
    row = await _row(tx, actor, news_id)
    if row.done_at is None:
        at = now()
        if row.read_at is None:
            await _read(tx, row.task_id, row, at)
        row.done_at = at
        await _record(tx, actor, "news.finished", news_id)


async def take_back(tx: Transaction, actor: Actor, news_id: int) -> None:
    """Put a row that was put away back where it was: unread, if it was that."""
    row = await _row(tx, actor, news_id)
    if row.done_at is not None:
        if row.read_at == row.done_at:
            row.read_at = None
        row.done_at = None
        await _record(tx, actor, "news.taken_back", news_id)


async def snooze(tx: Transaction, actor: Actor, news_id: int, until: datetime) -> None:
    """Put a row off, to come back as if it were new."""
    if not now() < until <= now() + LONGEST_SNOOZE:
        raise Invalid("Choose a time between now and a year from now.")
    row = await _row(tx, actor, news_id)
    if (row.shows_at, row.done_at) != (until, None):
        row.shows_at, row.read_at, row.done_at = until, None, None
        await _record(tx, actor, "news.snoozed", news_id)


async def wake(tx: Transaction, actor: Actor, news_id: int) -> None:
    """Bring a row that was put off back at once, to where it was."""
    row = await _row(tx, actor, news_id)
    if row.shows_at != row.at:
        row.shows_at = row.at
        await _record(tx, actor, "news.woken", news_id)


async def _row(tx: Transaction, actor: Actor, news_id: int) -> News:
    """A row of the actor's inbox that stands for its task, with the inbox locked."""
    await tx.advance("inbox", actor.id)
    row = await tx.session.get(News, news_id, populate_existing=True)
    if row is None or row.person_id != actor.id or not row.is_newest:
        raise NotFound(MISSING)
    return row


async def _read(tx: Transaction, task_id: int | None, row: News, at: datetime) -> None:
    """Take note of a row and of what came before of the same task."""
    row.read_at = at
    await tx.session.flush()
    if task_id is not None:
        await tx.session.execute(_READ_TASK, {"person": row.person_id, "task": task_id, "moment": at})


async def _record(tx: Transaction, actor: Actor, kind: str, news_id: int) -> None:
    await tx.record("inbox", actor.id, kind, actor.id, "news", news_id)


_news, _inbox = table(News).c, table(Inbox).c
_is_theirs, _at = _news.person_id == bindparam("person"), bindparam("moment", type_=_news.read_at.type)
_unread_of_task = and_(_is_theirs, _news.task_id == bindparam("task"), _news.read_at.is_(None))
_IF_UNREAD = counting_up("inbox", (_inbox.id == bindparam("person")) & exists().where(_unread_of_task))
_READ_TASK = update(table(News)).where(_unread_of_task).values(read_at=_at)
_READ_ALL = (
    update(table(News))
    .where(_is_theirs, _news.read_at.is_(None), _news.done_at.is_(None))
    .values(read_at=_at)
    .returning(_news.id)
)
_UNREAD_ALL = update(table(News)).where(_is_theirs, _news.read_at == _at).values(read_at=None).returning(_news.id)
