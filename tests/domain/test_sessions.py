"""Sign-ins: each ends by itself or is ended, and then is nobody's."""

from datetime import timedelta

from app.domain import sessions
from tests.support.world import World

MONTH = timedelta(days=30)


async def start(world: World, person_id: int, life: timedelta = MONTH) -> str:
    async with world.db.unrecorded() as session:
        return await sessions.start(session, person_id, "Firefox on a train" * 100, life)


async def whose(world: World, session_id: str) -> str | None:
    async with world.db.reading() as tx:
        person = await sessions.person_of(tx.session, session_id)
        return person and person.name


async def test_a_sign_in_is_its_persons_until_it_is_ended(world: World):
    at_home, at_work, ours = [await start(world, person.id) for person in (world.ana, world.ana, world.ben)]
    assert [await whose(world, id) for id in (at_home, at_work, ours)] == ["Ana", "Ana", "Ben"]
    async with world.db.unrecorded() as session:
        await sessions.end(session, at_home)
    assert [await whose(world, id) for id in (at_home, at_work, ours)] == [None, "Ana", "Ben"]


async def test_a_sign_in_that_ran_out_or_never_was_is_nobodys(world: World):
    assert await whose(world, await start(world, world.ana.id, timedelta(seconds=-1))) is None
    assert await whose(world, "") is None
    assert await whose(world, "f" * 32) is None


async def test_signing_in_is_no_news(world: World):
    before = await world.revisions()
    await start(world, world.ana.id)
    assert world.announced == [] and await world.revisions() == before
