"""What a person wants to be told, and in which ways: a row for each kind, chosen or as it is for everybody."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlmodel import col

from app.domain.drawings import Happening, Usual
from app.domain.kinds import CHOICES
from app.domain.models import Inbox, NewsPreference
from app.domain.snapshots import ChoiceView, QuietHours, Snapshot
from app.domain.streams import topic
from app.domain.transaction import Transaction


class PreferencesDrawing(Usual):
    def __init__(self, person_id: int) -> None:
        self.person_id = person_id
        self.topics: tuple[str, ...] = (topic("inbox", person_id),)
        self.viewers: frozenset[int] = frozenset({person_id})
        self._entities: dict[str, Snapshot] = {}

    async def draw(self, tx: Transaction) -> bool:
        query = select(NewsPreference).where(col(NewsPreference.person_id) == self.person_id)
        rows = await tx.session.execute(query.execution_options(populate_existing=True))
        chosen = {row.kind: row for row in rows.scalars()}
        inbox = await tx.session.get(Inbox, self.person_id, populate_existing=True)
        if inbox is None:
            return False
        choices = {kind: chosen.get(kind, usual) for kind, usual in CHOICES.items()}
        self._entities = {
            "quiet": QuietHours(_clock(inbox.quiet_from), _clock(inbox.quiet_to)),
            **{f"c{kind}": ChoiceView(kind, it.inbox, it.email, it.push) for kind, it in choices.items()},
        }
        return True

    async def redraw(self, tx: Transaction, changes: Sequence[Happening]) -> bool:
        return await self.draw(tx) if self.needs_snapshot(changes) else True

    def needs_snapshot(self, changes: Sequence[Happening]) -> bool:
        return any(change.entity == "preference" for change in changes)

    def entities(self) -> Mapping[str, Snapshot]:
        return self._entities


def _clock(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes // 60:02}:{minutes % 60:02}"
