"""Sends the pushes that are due, to every browser in which its person has turned them on (RFC 8030, 8291, 8292)."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import httpx2
from http_ece import ECEException
from pywebpush import WebPusher

from app import correspondence, vapid
from app.db import Database
from app.domain import subscriptions
from app.domain.models import PushSubscription, now
from app.domain.sending import Parcel
from app.figures.declared import PUSHED
from app.sender import Sender
from app.settings import Settings

NO_PUSH = "This Tandem sends no pushes."
NO_BROWSER = "They have turned pushes on in no browser."
NOTHING = "There is nothing left to tell."
PATIENCE = 10.0
"""Seconds that a push service may take."""
KEPT = 24 * 3600
"""Seconds for which it keeps a push for a browser that is not there."""
GONE = (404, 410)


class Pusher(Sender):
    channel = "push"
    word = "A push"
    figure = PUSHED

    def __init__(self, db: Database, settings: Settings, holder: str, clock: Callable[[], datetime] = now) -> None:
        super().__init__(db, holder, clock)
        self._services = settings.push_services
        self._client: httpx2.AsyncClient | None = None

    async def _hang_up(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _why_none(self) -> str:
        return "" if self._services else NO_PUSH

    async def _send(self, parcel: Parcel) -> bool:
        async with self._db.reading() as tx:
            words = await correspondence.push(tx, parcel)
            browsers = await subscriptions.of(tx, parcel.person_id or 0)
        browsers = [browser for browser in browsers if subscriptions.is_known(browser.endpoint, self._services)]
        if words is None or not browsers:
            await self._skip(parcel, NOTHING if words is None else NO_BROWSER)
            return False
        return await self._let_go(parcel) and await self._push(parcel, browsers, json.dumps(words).encode())

    async def _push(self, parcel: Parcel, browsers: Sequence[PushSubscription], words: bytes) -> bool:
        """To all of them; it went if one service took it, and a browser that is gone is forgotten."""
        answers = [await self._hand_over(browser, words) for browser in browsers]
        gone = [browser.id for browser, answer in zip(browsers, answers, strict=True) if answer in GONE]
        if gone:
            async with self._db.unrecorded() as session:
                await subscriptions.forget(session, gone)
        if any(200 <= answer < 300 for answer in answers):
            return True
        if len(gone) == len(browsers):
            await self._skip(parcel, NO_BROWSER)
            return False
        worst = max(answer for answer in answers if answer not in GONE)
        why = f"The push service did not take it ({worst})." if worst else "The push service could not be reached."
        await self._postpone(parcel, why, is_final=400 <= worst < 500 and worst != 429)
        return False

    async def _hand_over(self, browser: PushSubscription, words: bytes) -> int:
        """The status that its push service answers with; 0 if it does not. What is sent, only the browser can read."""
        keys: dict[str, Any] = {"p256dh": browser.p256dh, "auth": browser.auth}
        try:
            sealed = WebPusher({"endpoint": browser.endpoint, "keys": keys}).encode(words)["body"]
        except (ValueError, ECEException):
            return GONE[0]  # Nothing can be encrypted for keys that are none.
        headers = {"Content-Encoding": "aes128gcm", "TTL": str(KEPT), **vapid.headers(browser.endpoint)}
        if self._client is None:
            self._client = httpx2.AsyncClient(timeout=PATIENCE, follow_redirects=False)
        try:
            return (await self._client.post(browser.endpoint, content=sealed, headers=headers)).status_code
        except httpx2.HTTPError:
            return 0
