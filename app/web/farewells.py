"""What a worker still does for tabs that were shut out or told of another role: the reason, and the report of it.

A room lets go of a tab first, before its next patch; everything here comes after that and may take its time, or fail
with the database. The report is for the admin's receipt (domain/receipts.py).
"""

import asyncio
import hashlib
import logging
from collections import defaultdict
from dataclasses import dataclass, field

from app.db import Database
from app.domain import doors, receipts
from app.domain.doors import Reason
from app.domain.errors import Busy
from app.domain.models import now
from app.domain.receipts import Tab
from app.web.background import soon

logger = logging.getLogger(__name__)

PATIENCE = 0.5
"""Seconds that the door waits for its reason."""
GATHER = 0.1
"""Seconds for which tabs are gathered into one report."""
NO_MEMBER = "You are no longer a member here."
DELETED = "This was deleted by somebody who looks after the workspace."
RETRIES, RETRY = 10, 1.0
"""How often a report is tried, and the seconds between."""


@dataclass(frozen=True)
class Parting:
    """A tab of which a room let go, or which it told of another role; `revision` is the last that it had been sent.

    `topics` are those of the room, `is_there` whether there is still anything to see.
    """

    sid: str
    person_id: int
    room: str
    topics: tuple[str, ...]
    revision: int | None
    is_there: bool = True
    at: str = field(default_factory=lambda: now().isoformat())


class Farewells:
    """Those of one worker, whose name makes its tabs unlike those of all others."""

    def __init__(self, db: Database, worker: str) -> None:
        self._db, self._worker = db, worker
        self._unreported: dict[tuple[str, int, int], list[Tab]] = defaultdict(list)

    async def sentence(self, parting: Parting) -> str:
        """Why a tab was shut out, which is reported if somebody was removed or taken off a list."""
        reason = await self._reason(parting)
        if reason and reason.kind in receipts.CAUSES:
            self.note(parting, reason.topic, reason.revision)
        return reason.sentence if reason else NO_MEMBER if parting.is_there else DELETED

    async def _reason(self, parting: Parting) -> Reason | None:
        """None where there is none, and where it cannot be told now."""
        try:
            async with self._db.reading(PATIENCE) as tx:
                return await doors.reason(tx, parting.topics, parting.person_id)
        except Busy:
            return None

    def note(self, parting: Parting, topic: str, cause: int) -> None:
        """Have it reported what became of a tab because of this change of a workspace or a private board."""
        key = (topic, parting.person_id, cause)
        if key not in self._unreported:
            soon(self._report(*key))
        tab = Tab(tab_id(f"{self._worker}-{parting.sid}"), parting.room, parting.revision, parting.at)
        self._unreported[key].append(tab)

    async def _report(self, topic: str, person_id: int, cause: int) -> None:
        await asyncio.sleep(GATHER)
        tabs = self._unreported.pop((topic, person_id, cause))
        noun, _, id = topic.partition(":")
        report = receipts.report_on_board if noun == "board" else receipts.report
        for _ in range(RETRIES):
            try:
                async with self._db.transaction() as tx:
                    await report(tx, int(id), person_id, cause, tabs)
                return
            except Busy:
                await asyncio.sleep(RETRY)
        logger.warning("A report of %d tabs for %s could not be written", len(tabs), topic)


def tab_id(tab: str) -> str:
    """What a tab is called in a receipt: nothing that a connection could be found by."""
    return hashlib.sha256(tab.encode()).hexdigest()[:16]
