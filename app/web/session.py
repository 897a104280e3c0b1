"""Who the person at this tab is: learned from the handshake cookie, checked in the database, remembered for seconds."""

import asyncio
import time
from dataclasses import dataclass

import reflex as rx

from app.domain import sessions
from app.domain.access import Actor
from app.domain.errors import Busy
from app.domain.models import Person
from app.web import cookies, live

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


class Session(rx.State):
    me: Me = Me()
    worker: str = ""
    """Which worker process serves this tab, shown where the connection is."""

    def _know(self, me: Me) -> None:
        self.me, self.worker = me, live.current().id


_known: dict[str, tuple[float, Me]] = {}
_asked: dict[str, asyncio.Future[Me]] = {}


async def me_at(state: rx.State, patience: float = PATIENCE) -> Me:
    """The person whose browser this is; NotSignedIn if nobody is, any more. Busy after `patience` seconds."""
    return await me_of(cookies.session_id(state.router.headers.cookie or ""), patience)


async def is_signed_in(state: rx.State) -> bool:
    try:
        await me_at(state)
    except NotSignedIn:
        return False
    return True


async def me_of(session_id: str | None, patience: float = PATIENCE) -> Me:
    """Whose session this is; those who ask for the same one at once share an answer."""
    if session_id is None:
        raise NotSignedIn
    asked_at, me = _known.get(session_id, (0.0, None))
    if me is not None and time.monotonic() - asked_at < REMEMBERED:
        return me
    if session_id not in _asked:
        _asked[session_id] = asyncio.ensure_future(_look_up(session_id, patience))
        _asked[session_id].add_done_callback(lambda _: _asked.pop(session_id))
    return await asyncio.shield(_asked[session_id])


async def _look_up(session_id: str, patience: float) -> Me:
    asked_at = time.monotonic()
    try:
        person = await _person(session_id, patience)
    except Busy:  # Most often a connection that the database closed, and the next one is good.
        person = await _person(session_id, patience)
    if person is None:
        forget(session_id)
        raise NotSignedIn
    me = Me(person.id, person.name, person.email, person.color, person.is_admin)
    if len(_known) >= MOST_REMEMBERED:
        _known.clear()
    _known[session_id] = (asked_at, me)
    return me


async def _person(session_id: str, patience: float) -> Person | None:
    async with live.current().db.reading(patience) as tx:
        return await sessions.person_of(tx.session, session_id)


def forget(session_id: str) -> None:
    """Ask the database again at the next command of this session."""
    _known.pop(session_id, None)


def actor(me: Me) -> Actor:
    return Actor(me.id, me.name)
