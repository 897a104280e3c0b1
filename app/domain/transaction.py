"""A transaction: a database session, and the record of what happened in it.

Every write starts with `advance(topic)`, which counts the topic's revision up and holds its row until the end:
that row lock is the one order of everything that happens to a board, a workspace or a person. It ends with
`record(topic, …)`, one row in `change` under the new revision. Whoever commits announces `news` afterwards.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlmodel import col

from app.domain import audit
from app.domain.direct import Direct, Way
from app.domain.models import now
from app.domain.streams import (
    CHANGE,
    COUNT_INBOXES,
    HOLD_INBOXES,
    INBOX_CHANGES,
    ONE,
    STREAMS,
    Noun,
    changing,
    setting,
    topic,
)


async def _nobody(task_ids: Collection[int]) -> Mapping[int, Collection[int]]:
    return dict.fromkeys(task_ids, ())


class Transaction:
    """What a verb needs: `session` to read and write rows, `advance` first, `record` last."""

    def __init__(self, connection: AsyncConnection, way: Way | None) -> None:
        self._connection, self._way = connection, way
        self._session: AsyncSession | None = None
        self.address = self.device = ""
        """From where the person does this, and with what, for the audit (audit.py)."""
        self.looking: Callable[[Collection[int]], Awaitable[Mapping[int, Collection[int]]]] = _nobody
        """Who has each of these tasks before their eyes now, as far as whoever made this transaction can tell."""
        self.news: dict[str, int] = {}
        self.to_tell: set[int] = set()
        """Tasks whose watchers are told right after this is committed (news.py)."""
        self.last = ("", 0, now())
        """Topic, revision and time of the last change that was recorded."""
        self._is_kept = False
        self._counted: dict[str, int] = {}
        self._next: dict[str, int] = {}

    @property
    def session(self) -> AsyncSession:
        """Made for who wants one: the commonest commands need none."""
        if self._session is None:
            self._session = AsyncSession(self._connection, expire_on_commit=False)
        return self._session

    async def rows(self, statement: Direct, values: Mapping[str, Any]) -> Sequence[Any]:
        """What a statement returns that goes right to the database: the session knows nothing of it."""
        if self._way is None:
            return await statement.through(self.session, values)
        return (await self._way.answers((statement, values)))[-1]

    async def run(self, statement: Direct, values: Mapping[str, Any]) -> None:
        """Have it run before anything that comes later; on PostgreSQL together with that."""
        if self._way is None:
            await statement.through(self.session, values)
        else:
            self._way.waiting.append((statement, values))

    async def advance(self, noun: Noun, where: Direct | int, **values: Any) -> int | None:
        """Count up the revision of one row and lock it; its id, or None if there is none.

        `where` is its id, or a statement from `counting_up`, with `values` for its parameters.
        """
        statement, values = (ONE[noun], {"subject": where}) if isinstance(where, int) else (where, values)
        return self._count(noun, await self.rows(statement, values))

    async def advance_and_read(
        self, noun: Noun, where: Direct, query: Direct, values: Mapping[str, Any]
    ) -> Sequence[Any]:
        """The same, and what a query with the same values returns once the row is locked; nothing if there is none."""
        if self._way is None:
            counted = await self.rows(where, values)
            found = await self.rows(query, values) if counted else ()
        else:
            counted, found = (await self._way.answers((where, values), (query, values)))[-2:]
        return () if self._count(noun, counted) is None else found

    def _count(self, noun: Noun, rows: Sequence[Any]) -> int | None:
        if not rows:
            return None
        [(id, revision)] = rows
        self._counted[topic(noun, id)] = revision
        self._next.setdefault(topic(noun, id), revision)
        return id

    def revision(self, noun: Noun, id: int) -> int:
        """The revision under which the next change of an advanced topic will be recorded."""
        return self._next[topic(noun, id)]

    async def record(
        self,
        noun: Noun,
        id: int,
        kind: str,
        actor_id: int | None,
        entity: str,
        entity_id: int,
        **details: Any,
    ) -> None:
        """Write down what happened to `entity` as the topic's newest change; `kind` is `noun.past_tense`.

        `details` is JSON. A change that touched several tasks names them all in `task_ids`.
        """
        change = await self._change(noun, id, kind, actor_id, entity, entity_id, details)
        await self.run(CHANGE, change)
        await self._note(noun, id, change)

    async def record_writing(
        self, task: Any, kind: str, actor_id: int | None, new: Mapping[str, Any], **details: Any
    ) -> None:
        """Give columns of a locked task new values, and record it on its board: in one statement if that can be."""
        change = await self._change("board", task.board_id, kind, actor_id, "task", task.id, details)
        if self._way is None:
            await self.write(task.id, **new)
            await self.run(CHANGE, change)
        else:
            await self.run(changing(tuple(sorted(new))), change | _as_new(new))
        await self._note("board", task.board_id, change)

    async def write(self, task_id: int, **values: Any) -> None:
        """Give these columns of a task, which is locked, these values."""
        await self.run(setting(tuple(sorted(values))), {"entity_id": task_id} | _as_new(values))

    async def _change(
        self, noun: Noun, id: int, kind: str, actor_id: int | None, entity: str, entity_id: int, details: dict[str, Any]
    ) -> dict[str, Any]:
        """The row of the topic's next change, once everything before it is written."""
        name = topic(noun, id)
        if name not in self._next or self._next[name] > self._counted[name]:
            await self.advance(noun, id)
        await self._flush()
        self.last = (name, self._next[name], at := now())
        self._next[name] += 1
        return {
            "topic": name,
            "revision": self.last[1],
            "kind": kind,
            "actor_id": actor_id,
            "entity": entity,
            "entity_id": entity_id,
            "details": details,
            "at": at,
        }

    async def _note(self, noun: Noun, id: int, change: Mapping[str, Any]) -> None:
        """It is written: for the audit, too, and to be announced."""
        kind, details = change["kind"], change["details"]
        if kind in audit.ON.get(noun, ()):
            where, about = (self.address, self.device), (change["entity"], change["entity_id"])
            await audit.note_change(self.session, noun, id, kind, change["actor_id"], where, *about, details)
        self.news[change["topic"]] = change["revision"]

    async def hold_inboxes(self, ids: Sequence[int]) -> None:
        """Lock so many inboxes, before what is in them is changed.

        It is the last thing that a verb locks: boards and people are locked before inboxes, never after.
        """
        await self.session.execute(HOLD_INBOXES, {"ids": ids})

    async def record_in_inboxes(
        self, ids: Sequence[int], kind: str, actor_id: int | None, entity: str, entity_id: int
    ) -> None:
        """Record the same change in so many inboxes, which are held, in two statements."""
        await self.session.flush()
        rows = (await self.session.execute(COUNT_INBOXES, {"ids": ids})).all()
        told = {"the_kind": kind, "the_actor_id": actor_id, "the_entity": entity, "the_entity_id": entity_id}
        await self.session.execute(INBOX_CHANGES, {"ids": ids, "the_at": now(), "the_details": {}} | told)
        for id, revision in rows:
            name = topic("inbox", id)
            self.news[name] = self._counted[name] = revision
            self._next[name] = revision + 1

    async def _flush(self) -> None:
        if (session := self._session) and (session.new or session.dirty or session.deleted):
            await session.flush()

    async def commit(self) -> None:
        if self._session is not None or self._way is None:
            if self._way is not None and self._way.waiting:
                await self._way.answers()
            await self.session.commit()
        if self._way is not None:  # A session that ran nothing commits nothing; there may be something all the same.
            await self._way.answers(commits=True)

    async def aclose(self) -> None:
        """Let go of the session; its connection is not this transaction's to close."""
        if self._way is not None:
            self._way.waiting.clear()
        if self._session is not None:
            await self._session.close()

    def keep(self) -> None:
        """Something was written that nobody looks at, and is to be kept even if nothing is recorded."""
        self._is_kept = True

    @property
    def is_silent(self) -> bool:
        """Nothing was recorded, so there is nothing to keep."""
        return not (self.news or self._is_kept)

    async def give_back(self) -> None:
        """Uncount revisions that no change came to use, as when one verb of several found nothing to do."""
        for name, counted in self._counted.items():
            if counted >= self._next[name]:
                noun, _, id = name.partition(":")
                stream = STREAMS[cast(Noun, noun)]
                statement = update(stream).where(col(stream.id) == int(id)).values(revision=self._next[name] - 1)
                await self.session.execute(statement.execution_options(synchronize_session=False))


def _as_new(values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"new_{column}": value for column, value in values.items()}
