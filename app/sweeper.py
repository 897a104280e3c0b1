"""Takes away files that were removed long ago, or that no row names any more, as after broken uploads."""

import asyncio
from datetime import timedelta

from app.db import Database
from app.domain import attachments
from app.domain.models import now
from app.files import Files, all_waiting

EVERY = 900.0
"""Seconds between two rounds of a worker."""
GRACE = 3600.0
"""Seconds that a file may be without a row: it is put before its row is committed."""
UNDO = timedelta(days=1)
"""For how long a removed file can be brought back."""


async def sweep(db: Database, files: Files, grace: float = GRACE) -> None:
    """Forget files that were removed long ago, and delete what no row names and is older than `grace` seconds."""
    async with db.unrecorded() as session:
        await attachments.purge(session, now() - UNDO)
    async for keys in files.keys(grace):
        async with db.reading() as tx:
            gone = set(keys) - await attachments.in_use(tx, keys)
        await files.delete(*gone)
    for waiting in await asyncio.to_thread(all_waiting, files):
        async for keys in waiting.keys(grace):
            await waiting.delete(*keys)
