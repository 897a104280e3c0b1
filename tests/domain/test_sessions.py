"""Sign-ins: each ends by itself or is ended, and then is nobody's."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from app.domain import sessions
from app.domain.drawings import NEVER
from app.domain.drawings.devices import DevicesDrawing
from app.domain.drawings.home import HomeDrawing
from app.domain.errors import NotFound
from app.domain.models import Session, now
from tests.support.world import World, drawn

MONTH = timedelta(days=30)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


async def start(world: World, person_id: int, life: timedelta = MONTH) -> str:
    return await world.do(sessions.start, person_id, FIREFOX, "192.0.2.7", life)


async def whose(world: World, session_id: str) -> str | None:
    async with world.db.reading() as tx:
        found = await sessions.find(tx.session, session_id)
        return found and found[0].name


async def test_a_sign_in_is_its_persons_until_it_is_ended(world: World):
    at_home, at_work, ours = [await start(world, person.id) for person in (world.ana, world.ana, world.ben)]
    assert [await whose(world, id) for id in (at_home, at_work, ours)] == ["Ana", "Ana", "Ben"]
    await world.do(sessions.end, world.ana, at_home)
    assert [await whose(world, id) for id in (at_home, at_work, ours)] == [None, "Ana", "Ben"]


async def test_a_sign_in_that_ran_out_or_never_was_is_nobodys(world: World):
    assert await whose(world, await start(world, world.ana.id, timedelta(seconds=-1))) is None
    assert await whose(world, "") is None
    assert await whose(world, "f" * 32) is None


async def test_nobody_ends_anothers_sign_in_and_is_not_told_that_there_is_one(world: World):
    bens = await start(world, world.ben.id)
    for id in (bens, "f" * 32, ""):
        with pytest.raises(NotFound, match="This sign-in has ended already"):
            await world.do(sessions.end, world.ana, id)
    assert await whose(world, bens) == "Ben"


async def test_all_others_end_and_the_one_that_is_kept_goes_on(world: World):
    mine = [await start(world, world.ana.id) for _ in range(3)]
    bens = await start(world, world.ben.id)
    assert await world.do(sessions.end_others, world.ana, mine[1]) == 2
    assert [await whose(world, id) for id in (*mine, bens)] == [None, "Ana", None, "Ben"]
    assert await world.do(sessions.end_others, world.ana, "") == 1
    assert [await whose(world, id) for id in (*mine, bens)] == [None, None, None, "Ben"]


async def test_the_list_of_devices_has_ones_own_that_have_not_ended(world: World):
    first, second, over = await start(world, world.ana.id), await start(world, world.ana.id), await start(world, 1)
    await start(world, world.ben.id)
    await world.do(sessions.end, world.ana, over)
    shown = await drawn(world.db, DevicesDrawing(world.ana.id))
    assert shown is not None and set(shown) == {"devices", f"s{first}", f"s{second}"}
    assert shown["devices"].devices == (second, first), "The one that was used last comes first."
    assert (shown[f"s{first}"].device, shown[f"s{first}"].address) == ("Firefox on Windows", "192.0.2.7")


async def test_what_is_ones_own_holds_until_the_first_sign_in_runs_out(world: World):
    for drawing in (DevicesDrawing(world.ana.id), HomeDrawing(world.ana.id)):
        await drawn(world.db, drawing)
        assert drawing.holds_until == NEVER
    await start(world, world.ana.id, MONTH)
    soonest = await start(world, world.ana.id, timedelta(minutes=5))
    await start(world, world.ben.id, timedelta(minutes=1))
    await start(world, world.ana.id, timedelta(seconds=-1))
    for drawing in (DevicesDrawing(world.ana.id), HomeDrawing(world.ana.id)):
        await drawn(world.db, drawing)
        assert drawing.holds_until == (await world.row(Session, soonest)).expires_at


async def test_a_sign_in_is_seen_once_a_minute_at_most(world: World):
    id = await start(world, world.ana.id)
    async with world.db.unrecorded() as session:
        assert not await sessions.see(session, id)
        await session.execute(update(Session).where(col(Session.id) == id).values(last_seen_at=now() - MONTH))
    before = await world.revisions()
    for is_news in (True, False):
        async with world.db.unrecorded() as session:
            assert await sessions.see(session, id) == ({world.ana.id} if is_news else set())
    assert now() - (await world.row(Session, id)).last_seen_at < timedelta(minutes=1)
    assert await world.revisions() == before
    await world.do(sessions.end, world.ana, id)
    async with world.db.unrecorded() as session:
        await session.execute(update(Session).where(col(Session.id) == id).values(last_seen_at=now() - MONTH))
        assert not await sessions.see(session, id), "One that has ended is not used."


async def test_several_are_seen_at_once_and_only_those_that_are_news(world: World):
    hers, his, fresh = [await start(world, person.id) for person in (world.ana, world.ben, world.cleo)]
    async with world.db.unrecorded() as session:
        await session.execute(
            update(Session).where(col(Session.id).in_((hers, his))).values(last_seen_at=now() - MONTH)
        )
        assert await sessions.see(session, hers, his, fresh, "no such sign-in") == {world.ana.id, world.ben.id}
        assert await sessions.see(session, hers, his, fresh) == set()


async def test_sign_ins_that_ran_out_are_forgotten_at_the_next_one(world: World):
    over, ended = await start(world, world.ana.id, timedelta(seconds=-1)), await start(world, world.ana.id)
    await world.do(sessions.end, world.ana, ended)
    await start(world, world.ana.id)
    assert await world.row(Session, over) is None
    assert await world.row(Session, ended) is not None
