"""Who the person at this tab is: learned from the handshake cookie, checked in the database, remembered for seconds.

A sign-in is remembered only while this worker hears the doorbell of its person, which rings when one is ended.
"""

import asyncio
import time
from dataclasses import dataclass

import reflex as rx

from app import settings
from app.domain import sessions
from app.domain.access import Actor
from app.domain.models import now
from app.web import cookies, live, store
from app.web.background import soon

REMEMBERED = 5.0
"""Seconds for which a session is believed without asking the database again."""
MOST_REMEMBERED = 10_000
PATIENCE = 0.5
"""Seconds that a command waits to learn whose it is."""


class NotSignedIn(Exception):
    """No session, or one that has ended."""


@dataclass(frozen=True)
class Me:
    """What only the person's own pages show of them."""

    id: int = 0
    name: str = ""
    email: str = ""
    color: str = ""
    is_admin: bool = False


class Session(store.Kept, rx.State):
    me: Me = Me()
    sign_in: str = ""
    """The id of this tab's own sign-in, which the list of devices shows as this one."""
    worker: str = ""
    """Which worker process serves this tab, shown where the connection is."""

    largest_file: int = 0
    """Bytes that a file may have."""

    def _know(self, me: Me) -> None:
        self.me, self.worker = me, live.current().id
        self.sign_in = session_id(self) or ""
        self.largest_file = settings.get().max_upload_mb * 1_000_000


_known: dict[str, tuple[float, Me]] = {}
_asked: dict[tuple[str, int], asyncio.Future[Me]] = {}
_doubts = 0
"""How often something was doubted: an answer that was on its way meanwhile may be older; it is not kept or shared."""


async def me_at(state: rx.State, patience: float = PATIENCE) -> Me:
    """The person whose browser this is; NotSignedIn if nobody is, any more. Busy after `patience` seconds."""
    return await me_of(session_id(state), patience)


def session_id(state: rx.State) -> str | None:
    """That of the sign-in that the browser had when this tab connected."""
    return cookies.session_id(state.router.headers.cookie or "")


async def me_of(session_id: str | None, patience: float = PATIENCE) -> Me:
    """Whose session this is; those who ask for the same one at once share an answer."""
    if session_id is None:
        raise NotSignedIn
    asked_at, me = _known.get(session_id, (0.0, None))
    if me is not None and time.monotonic() - asked_at < REMEMBERED and live.current().hears(f"person:{me.id}"):
        return me
    asked = (session_id, _doubts)
    if asked not in _asked:
        _asked[asked] = asyncio.ensure_future(_look_up(session_id, patience))
        _asked[asked].add_done_callback(lambda _: _asked.pop(asked))
    return await asyncio.shield(_asked[asked])


async def me_now(session_id: str | None) -> Me:
    """The same, as the database says at this moment."""
    if session_id is None:
        raise NotSignedIn
    return await _look_up(session_id, PATIENCE)


async def _look_up(session_id: str, patience: float) -> Me:
    asked_at, doubts = time.monotonic(), _doubts
    async with live.current().db.reading(patience) as tx:
        found = await sessions.find(tx.session, session_id)
    if found is None:
        forget(session_id)
        raise NotSignedIn
    person, used = found
    me = Me(person.id, person.name, person.email, person.color, person.is_admin)
    if len(_known) >= MOST_REMEMBERED:
        _known.clear()
    if live.current().hears(f"person:{me.id}") and doubts == _doubts:
        _known[session_id] = (asked_at, me)
    if now() - used.last_seen_at > sessions.SEEN:
        soon(live.current().seen.note(session_id))
    return me


def forget(session_id: str) -> None:
    """Ask the database again at the next command of this session."""
    _known.pop(session_id, None)


def doubt(person_id: int) -> None:
    """Ask the database again at the next command of this person, as something about them has changed."""
    global _doubts
    _doubts += 1
    for session_id in [session_id for session_id, (_, me) in _known.items() if me.id == person_id]:
        forget(session_id)


def actor(me: Me) -> Actor:
    return Actor(me.id, me.name)
