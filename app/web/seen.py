"""When sign-ins were last used, for the lists that say so. It is in no history, so these are read again."""

from collections.abc import Iterable

from app.bus import Bus
from app.db import Database
from app.domain import sessions
from app.domain.people import INSTANCE
from app.web.nearby import RING
from app.web.wire import Wire

PERIOD = sessions.SEEN.total_seconds()
"""Seconds between looks at whose tabs are open: whoever just looks is seen, too."""
LISTS = ("devices:", "instance:")
"""The rooms that show it."""


class Seen:
    def __init__(self, db: Database, bus: Bus, wire: Wire) -> None:
        self._db, self._bus, self._wire = db, bus, wire

    async def note(self, *session_ids: str) -> None:
        """These sign-ins are being used."""
        async with self._db.unrecorded() as session:
            people = await sessions.see(session, *session_ids)
        if people:
            rooms = [f"instance:{INSTANCE}", *(f"devices:{person_id}" for person_id in people)]
            self._bus.publish({RING + room: 0 for room in rooms})

    async def note_tabs(self, sids: Iterable[str]) -> None:
        """So are those of these tabs."""
        if here := {session_id for sid in sids if (session_id := self._wire.session_of(sid))}:
            await self.note(*here)
