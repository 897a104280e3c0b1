"""Looks at the clock, and tells people what it is time for: reminders, due dates, digests."""

from datetime import datetime

from app.db import Database
from app.domain import digests, reminding


async def remind(db: Database, at: datetime) -> None:
    """Fire the reminders whose time has come, each in a transaction of its own; then what happens at people's hours."""
    while True:
        async with db.glancing() as tx:
            due = await reminding.to_fire(tx.session, at)
        for reminder_id, person_id in due:
            async with db.transaction() as tx:
                await reminding.fire(tx, reminder_id, person_id, at)
        if len(due) < reminding.AT_ONCE:
            break
    async with db.transaction() as tx:
        await reminding.tell_due(tx, at)
    async with db.transaction() as tx:
        await digests.queue(tx, at)
