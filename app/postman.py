"""Sends the e-mail that is due: the scheduler's side of the outbox."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import datetime

from app import correspondence
from app.db import Database
from app.domain import relevance, sending
from app.domain.errors import Busy
from app.domain.models import now
from app.domain.sending import Parcel
from app.letter import Letter
from app.mail import Counter, NotTaken
from app.settings import Settings

logger = logging.getLogger(__name__)

NO_MAIL = "This Tandem sends no e-mail."
UNREADABLE = "It was written under another SECRET_KEY, and cannot be read any more."
STUMBLED = "Something went wrong while it was written; the log has more."


class Postman:
    """`holder` is what this scheduler calls itself."""

    def __init__(self, db: Database, settings: Settings, holder: str, clock: Callable[[], datetime] = now) -> None:
        self._db, self._settings, self._holder, self._now = db, settings, holder, clock
        self._is_stopping = False
        self._is_idle = asyncio.Event()
        self._is_idle.set()

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
                if self._settings.smtp_host:
                    parcels = await sending.claim(session, "email", self._holder, self._now())
                else:
                    parcels = await sending.skip_all(session, "email", self._now(), NO_MAIL)
            await self._send(parcels)

    async def _look(self) -> sending.Found:
        async with self._db.glancing() as tx:
            return await sending.look(tx.session, "email", self._now())

    async def _give_up_lost(self) -> None:
        async with self._db.unrecorded() as session:
            lost = await sending.give_up_unsure(session, "email", self._now())
        logger.warning("%s letters were being handed over when their sender ended; they are given up", lost)

    async def _send(self, parcels: list[Parcel]) -> None:
        """One after the other over one connection; those that a stop leaves over are for whoever comes next."""
        counter = Counter(self._settings)
        self._is_idle.clear()
        try:
            for parcel in parcels:
                if self._is_stopping:
                    return
                await self._send_one(counter, parcel)
        finally:
            counter.close()
            self._is_idle.set()

    async def _send_one(self, counter: Counter, parcel: Parcel) -> None:
        try:
            if (letter := await self._written(parcel)) is None:
                return
            if await counter.hand_over(letter, parcel.key, lambda: self._let_go(parcel)):
                await self._settle(parcel)
        except NotTaken as reason:
            await self._postpone(parcel, reason.why, reason.is_final)
        except Busy:
            raise  # The database is away: all of it waits.
        except Exception:
            logger.exception("A letter could not be written or sent")
            await self._postpone(parcel, STUMBLED)

    async def _written(self, parcel: Parcel) -> Letter | None:
        """What is to be sent, if it still matters."""
        async with self._db.reading() as tx:
            why_not = await relevance.why_not(tx.session, parcel, self._now())
            letter = None if why_not else await correspondence.letter(tx, parcel)
        if letter is None:
            async with self._db.unrecorded() as session:
                await sending.skip(session, parcel, self._holder, why_not or UNREADABLE)
        return letter

    async def _let_go(self, parcel: Parcel) -> bool:
        async with self._db.unrecorded() as session:
            is_ours = await sending.let_go(session, parcel, self._holder, self._now())
            if is_ours:
                await relevance.begin_life(session, parcel.details, self._now())
        return is_ours

    async def _settle(self, parcel: Parcel) -> None:
        """The server has it: that is worth a minute of attempts to write it down."""
        for seconds in (0.1, 0.5, 1, 2, 5, 10, 20, 20, 0):
            try:
                async with self._db.unrecorded() as session:
                    await sending.settle(session, parcel, self._holder, self._now())
                return
            except Busy:
                if not seconds:
                    raise
                await asyncio.sleep(seconds)

    async def _postpone(self, parcel: Parcel, why: str, is_final: bool = False) -> None:
        """The log is told what went wrong and never to whom, or with what, it was going."""
        async with self._db.unrecorded() as session:
            is_kept = await sending.postpone(session, parcel, self._holder, self._now(), why, is_final)
        logger.warning("A letter was not taken (%s)%s", why.rstrip("."), "" if is_kept else "; it is given up")
