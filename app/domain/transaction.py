"""A transaction: a database session, and the record of what happened in it.

Every write starts with `advance(topic)`, which counts the topic's revision up and holds its row until the end:
that row lock is the one order of everything that happens to a board, a workspace or a person. It ends with
`record(topic, …)`, one row in `change` under the new revision. Whoever commits announces `news` afterwards.
"""

from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.models import Board, Change, Person, Workspace

Noun = Literal["board", "workspace", "person"]
STREAMS: dict[Noun, type[Board] | type[Workspace] | type[Person]] = {
    "board": Board,
    "workspace": Workspace,
    "person": Person,
}
"""The tables whose rows have a revision, by the noun of their topics: `board:12`."""


def topic(noun: Noun, id: int) -> str:
    return f"{noun}:{id}"


class Transaction:
    """What a verb needs: `session` to read and write rows, `advance` first, `record` last."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.news: dict[str, int] = {}
        self._counted: dict[str, int] = {}
        self._next: dict[str, int] = {}

    async def advance(self, noun: Noun, where: ColumnElement[bool] | int) -> int | None:
        """Count up the revision of the one row that `where` finds and lock it; its id, or None if there is none."""
        table = STREAMS[noun]
        condition = col(table.id) == where if isinstance(where, int) else where
        statement = (
            update(table)
            .where(condition)
            .values(revision=table.revision + 1)
            .returning(col(table.id), col(table.revision))
            .execution_options(synchronize_session=False)
        )
        row = (await self.session.execute(statement)).one_or_none()
        if row is None:
            return None
        self._counted[topic(noun, row[0])] = row[1]
        self._next.setdefault(topic(noun, row[0]), row[1])
        return row[0]

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
        name = topic(noun, id)
        if name not in self._next or self._next[name] > self._counted[name]:
            await self.advance(noun, id)
        revision = self._next[name]
        change = Change(
            topic=name,
            revision=revision,
            kind=kind,
            actor_id=actor_id,
            entity=entity,
            entity_id=entity_id,
            details=details,
        )
        self.session.add(change)
        await self.session.flush()
        self.news[name] = revision
        self._next[name] = revision + 1

    @property
    def is_silent(self) -> bool:
        """Nothing was recorded, so there is nothing to keep."""
        return not self.news

    async def give_back(self) -> None:
        """Uncount revisions that no change came to use, as when one verb of several found nothing to do."""
        for name, counted in self._counted.items():
            if counted >= self._next[name]:
                noun, _, id = name.partition(":")
                table = STREAMS[cast(Noun, noun)]
                statement = update(table).where(col(table.id) == int(id)).values(revision=self._next[name] - 1)
                await self.session.execute(statement.execution_options(synchronize_session=False))
