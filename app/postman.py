"""Sends the e-mail that is due."""

from collections.abc import Callable
from datetime import datetime

from app import correspondence
from app.db import Database
from app.domain.models import now
from app.domain.sending import Parcel
from app.figures.declared import MAIL
from app.mail import Counter, NotTaken
from app.sender import Sender
from app.settings import Settings

NO_MAIL = "This Tandem sends no e-mail."
NOTHING = "There is nothing left to write, or it was written under another SECRET_KEY."


class Postman(Sender):
    channel = "email"
    word = "A letter"
    figure = MAIL

    def __init__(self, db: Database, settings: Settings, holder: str, clock: Callable[[], datetime] = now) -> None:
        super().__init__(db, holder, clock)
        self._settings = settings
        self._counter = Counter(settings)
        """One connection for all that is sent in one go."""

    def _why_none(self) -> str:
        return "" if self._settings.smtp_host else NO_MAIL

    async def _hang_up(self) -> None:
        self._counter.close()

    async def _send(self, parcel: Parcel) -> bool:
        async with self._db.reading() as tx:
            letter = await correspondence.letter(tx, parcel, self._settings.public_url)
        if letter is None:
            await self._skip(parcel, NOTHING)
            return False
        try:
            return await self._counter.hand_over(letter, parcel.key, lambda: self._let_go(parcel))
        except NotTaken as reason:
            await self._postpone(parcel, reason.why, reason.is_final)
            return False
