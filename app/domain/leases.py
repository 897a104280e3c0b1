"""One holder of something over all workers and machines: a row whose holder keeps counting up its beat.

Nobody compares clocks of different machines. Whoever would like to hold it watches the beat with a clock of their own,
and takes over when it has stood still for LAPSE seconds. A holder that merely slept may so find itself replaced, and
not know it yet: what must happen once is therefore made sure by its own row, and the lease only saves work.
"""

import time
from collections.abc import Callable

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.models import Lease, table

BEAT = 2.0
"""Seconds between two beats of a holder, and between two looks of the others."""
LAPSE = 6.0
"""Seconds without a beat after which another takes over."""


class Holding:
    """What one process knows of a lease: whether it holds it, or else when it last saw a beat."""

    def __init__(self, name: str, me: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.name, self.me = name, me
        self._clock = clock
        self._seen: tuple[str, int] | None = None
        self.seen_at = 0.0
        """When a beat of the holder was last new to us, by our clock."""

    async def beat(self, session: AsyncSession) -> bool:
        """Keep it, or take it where nobody keeps it; whether this process holds it now."""
        kept = update(_rows).where(_lease.name == self.name, _lease.holder == self.me)
        if (await session.execute(kept.values(beat=_lease.beat + 1).returning(_lease.beat))).first():
            return True
        query = select(_lease.holder, _lease.beat).where(_lease.name == self.name)
        holder, beat = (await session.execute(query)).one()
        if (holder, beat) != self._seen:
            self._seen, self.seen_at = (holder, beat), self._clock()
        if holder and self._clock() - self.seen_at < LAPSE:
            return False
        taken = update(_rows).where(_lease.name == self.name, _lease.holder == holder, _lease.beat == beat)
        taken = taken.values(holder=self.me, beat=beat + 1).returning(_lease.beat)
        return (await session.execute(taken)).first() is not None

    def lose_sight(self) -> None:
        """The database could not be asked: what was seen before says nothing about the time in between."""
        self._seen = None

    async def release(self, session: AsyncSession) -> None:
        """Let the next one have it at once."""
        await session.execute(update(_rows).where(_lease.name == self.name, _lease.holder == self.me).values(holder=""))


_rows = table(Lease)
_lease = _rows.c
