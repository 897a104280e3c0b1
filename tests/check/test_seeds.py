"""The demo world loads on both databases, and only once."""

from sqlalchemy import func, select

from app import passwords, seeds
from app.db import Database
from app.domain import people
from app.domain.drawings.board import BoardDrawing
from app.domain.models import Change, Task
from tests.support.world import World, drawn


async def count(db: Database, table: type) -> int:
    async with db.reading() as tx:
        return (await tx.session.execute(select(func.count()).select_from(table))).scalar_one()


async def test_loading_twice_changes_nothing_and_answers_the_same(database: Database):
    first = await seeds.load(database)
    before = await count(database, Change)
    assert before > 0
    assert await seeds.load(database) == first
    assert await count(database, Change) == before
    assert await count(database, Task) == sum(len(lane) for lane in seeds.LANES.values())


async def test_ana_ben_and_cleo_sign_in_with_the_passwords_that_are_told(world: World):
    for name, email, password in seeds.SIGN_INS:
        async with world.db.reading() as tx:
            person = await people.with_email(tx, email)
        assert person is not None and person.name == name
        assert await passwords.verify(person.password_hash, password)


async def test_the_board_launch_shows_every_kind_of_task(world: World):
    shown = await drawn(world.db, BoardDrawing(world.board_id))
    assert shown is not None
    assert shown["h"].name == "Launch"
    cards = [entity for key, entity in shown.items() if key.startswith("t")]
    for kind in ("is_done", "priority", "due_on", "assignees", "has_description"):
        assert {bool(getattr(card, kind)) for card in cards} == {True, False}, kind


async def test_its_history_has_no_gap(world: World):
    for topic, revision in (await world.revisions()).items():
        assert [change.revision for change in await world.changes(topic)] == list(range(1, revision + 1))
