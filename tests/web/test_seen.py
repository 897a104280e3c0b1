"""Whoever has a tab open is seen, and the lists that say so are told, on whichever worker they are on show."""

from datetime import timedelta
from typing import cast

from sqlalchemy import update
from sqlmodel import col

from app.bus import Bus
from app.domain import sessions
from app.domain.models import Session, now
from app.web.seen import Seen
from app.web.wire import Wire
from tests.support.world import World


class Tabs:
    """As much of a wire as is asked: the sign-in of each tab."""

    def __init__(self, **session_ids: str) -> None:
        self.session_of = session_ids.get


async def test_whoever_just_looks_is_seen_and_their_lists_are_told(world: World):
    mine, bens, cleos = [
        await world.do(sessions.start, person.id, "Firefox", "192.0.2.7", timedelta(days=1))
        for person in (world.ana, world.ben, world.cleo)
    ]
    async with world.db.unrecorded() as session:
        stale = update(Session).where(col(Session.id).in_((mine, bens)))
        await session.execute(stale.values(last_seen_at=now() - timedelta(hours=1)))
    bus, rung = Bus(None), []
    bus.on_ring = lambda topic, revision: rung.append(topic)
    await bus.subscribe("here:instance:1", *(f"here:devices:{who.id}" for who in (world.ana, world.ben, world.cleo)))
    seen = Seen(world.db, bus, cast(Wire, Tabs(one=mine, two=mine, three=cleos)))

    await seen.note_tabs(["one", "two", "three", "of a stranger"])
    assert now() - (await world.row(Session, mine)).last_seen_at < timedelta(minutes=1)
    assert now() - (await world.row(Session, bens)).last_seen_at > timedelta(minutes=59), "No tab of his is open."
    assert sorted(rung) == [f"here:devices:{world.ana.id}", "here:instance:1"], "Cleo was seen a moment ago."
    await seen.note_tabs(["one"])
    await seen.note_tabs([])
    assert len(rung) == 2
