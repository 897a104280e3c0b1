"""What sending e-mail and pushes have in common: taking what is due out of the outbox, and noting how it went."""

import asyncio
import contextlib
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime

from app.db import Database
from app.domain import relevance, sending
from app.domain.errors import Busy
from app.domain.models import now
from app.domain.outbox import Channel
from app.domain.sending import Parcel
from app.figures.declared import Counter

logger = logging.getLogger(__name__)

STUMBLED = "Something went wrong while it was written or sent; the log has more."
AGAIN = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 20.0)
"""Seconds before each further attempt to write down that something was taken."""


class Sender(ABC):
    """For one channel, `word` being what goes over it. `holder` is what this scheduler calls itself."""

    channel: Channel
    word: str
    figure: Counter

    def __init__(self, db: Database, holder: str, clock: Callable[[], datetime] = now) -> None:
        self._db, self._holder, self._now = db, holder, clock
        self._is_stopping = False
        self._is_idle = asyncio.Event()
        self._is_idle.set()

    @abstractmethod
    async def _send(self, parcel: Parcel) -> bool:
        """Send one, asking `_let_go` right before it goes; whether it went. What it raises is a failure."""

    async def stop(self, patience: float) -> None:
        """Begin nothing more; what is being handed over has so many seconds to arrive."""
        self._is_stopping = True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._is_idle.wait(), patience)

    async def round(self) -> None:
        """Send everything that is due now."""
        while not self._is_stopping and (found := await self._look()):
            if found.lost:
                await self._give_up_lost()
            async with self._db.unrecorded() as session:
                if why_not := self._why_none():
                    parcels = await sending.skip_all(session, self.channel, self._now(), why_not)
                else:
                    parcels = await sending.claim(session, self.channel, self._holder, self._now())
            await self._send_all(parcels)

    def _why_none(self) -> str:
        """Why nothing at all can be sent, in words; empty where it can."""
        return ""

    @abstractmethod
    async def _hang_up(self) -> None:
        """All that was claimed was seen to: let go of connections."""

    async def _look(self) -> sending.Found:
        async with self._db.glancing() as tx:
            return await sending.look(tx.session, self.channel, self._now())

    async def _give_up_lost(self) -> None:
        async with self._db.unrecorded() as session:
            lost = await sending.give_up_unsure(session, self.channel, self._now())
        logger.warning("%s of what is sent (%s) were lost sight of, and are given up", lost, self.channel)

    async def _send_all(self, parcels: list[Parcel]) -> None:
        """One after the other; those that a stop leaves over are for whoever comes next."""
        self._is_idle.clear()
        try:
            for parcel in parcels:
                if self._is_stopping:
                    return
                await self._try(parcel)
        finally:
            await self._hang_up()
            self._is_idle.set()

    async def _try(self, parcel: Parcel) -> None:
        try:
            async with self._db.reading() as tx:
                why_not = await relevance.why_not(tx.session, parcel, self._now())
            if why_not:
                await self._skip(parcel, why_not)
            elif await self._send(parcel):
                await self._settle(parcel)
        except Busy:
            raise  # The database is away: all of it waits.
        except Exception:  # One letter that fails must not hold up the rest.
            logger.exception("Something in the outbox could not be written or sent")
            await self._postpone(parcel, STUMBLED)

    async def _let_go(self, parcel: Parcel) -> bool:
        async with self._db.unrecorded() as session:
            is_ours = await sending.let_go(session, parcel, self._holder, self._now())
            if is_ours:
                await relevance.begin_life(session, parcel.details, self._now())
        return is_ours

    async def _settle(self, parcel: Parcel) -> None:
        """It was taken: that is worth a minute of attempts to write it down."""
        for seconds in AGAIN:
            try:
                return await self._note_sent(parcel)
            except Busy:
                await asyncio.sleep(seconds)
        return await self._note_sent(parcel)

    async def _note_sent(self, parcel: Parcel) -> None:
        async with self._db.unrecorded() as session:
            await sending.settle(session, parcel, self._holder, self._now())
        self.figure.add("sent")

    async def _skip(self, parcel: Parcel, why: str) -> None:
        async with self._db.unrecorded() as session:
            await sending.skip(session, parcel, self._holder, why)

    async def _postpone(self, parcel: Parcel, why: str, is_final: bool = False) -> None:
        """The log is told what went wrong and never to whom, or with what, it was going."""
        async with self._db.unrecorded() as session:
            is_kept = await sending.postpone(session, parcel, self._holder, self._now(), why, is_final)
        self.figure.add("put-off" if is_kept else "given-up")
        logger.warning("%s was not taken (%s)%s", self.word, why.rstrip("."), "" if is_kept else "; it is given up")
