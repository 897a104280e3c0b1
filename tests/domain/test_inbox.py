"""An inbox: a row for each task, read, put away, put off, and back; its own person's, with what they may see alone."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlmodel import col

from app.domain import inbox, invites, members, news, sharing, tasks, watching
from app.domain.access import Actor
from app.domain.drawings.home import HomeDrawing
from app.domain.drawings.inbox import COUNTED, VIEWS, WINDOW, InboxDrawing
from app.domain.errors import Invalid, NotFound
from app.domain.models import News, now, table
from app.domain.snapshots import Bell, InboxView, NewsRow
from tests.support.statements import sent
from tests.support.world import World, drawn


async def shown(world: World, person: Actor, view: str = "all") -> list[NewsRow]:
    entities = await drawn(world.db, InboxDrawing(person.id, VIEWS.index(view)))
    assert entities is not None
    listed = entities["inbox"]
    assert isinstance(listed, InboxView) and listed.view == view
    return [entities[f"n{id}"] for id in listed.rows]


async def bell(world: World, person: Actor) -> int:
    entities = await drawn(world.db, HomeDrawing(person.id))
    assert entities is not None and isinstance(entities["bell"], Bell)
    return entities["bell"].unread


async def clear(world: World, *people: Actor) -> None:
    """The demo world comes with news."""
    for person in people:
        await world.do(inbox.read_all, person)


async def about(world: World, person: Actor, task_id: int) -> NewsRow:
    [row] = [row for row in await shown(world, person) if row.task_id == task_id]
    return row


async def test_a_row_stands_for_all_that_is_new_of_its_task(world: World):
    await clear(world, world.ben)
    others = [row.id for row in await shown(world, world.ben) if row.task_id != world.task_id]
    await world.do(tasks.complete, world.ana, world.task_id)
    await world.do(tasks.reopen, world.ana, world.task_id)
    first, *rest = await shown(world, world.ben)
    assert (first.title, first.words) == ("Check every page with a screen reader", "Ana reopened it")
    assert (first.is_unread, first.unread, first.reason) == (True, 2, "because you were assigned")
    assert first.path == f"/b/{world.board_id}?task={world.task_id}"
    assert [row.id for row in rest] == others
    assert await bell(world, world.ben) == 1
    await world.do(inbox.read_task, world.ben, world.task_id)
    assert (await about(world, world.ben, world.task_id)).unread == await bell(world, world.ben) == 0
    unread = select(col(News.id)).where(col(News.person_id) == world.ben.id, col(News.read_at).is_(None))
    assert await world.rows(unread) == [], "What came before of the task is read, too: no letter goes out about it."


async def test_what_is_done_goes_and_comes_back_as_it_was(world: World):
    await clear(world, world.ben)
    await world.do(tasks.complete, world.ana, world.task_id)
    row = await about(world, world.ben, world.task_id)
    await world.do(inbox.finish, world.ben, row.id)
    assert row.id not in [other.id for other in await shown(world, world.ben)]
    assert [other.id for other in await shown(world, world.ben, "done")] == [row.id]
    assert await bell(world, world.ben) == 0
    await world.do(inbox.take_back, world.ben, row.id)
    assert await about(world, world.ben, world.task_id) == row
    await world.do(inbox.finish, world.ben, row.id)
    await world.do(tasks.reopen, world.ana, world.task_id)
    assert (await about(world, world.ben, world.task_id)).words == "Ana reopened it", "What is new brings it back."


async def test_what_is_put_off_comes_back_by_itself_as_unread(world: World, monkeypatch: pytest.MonkeyPatch):
    await clear(world, world.ben)
    row = (await shown(world, world.ben))[-1]
    until = now() + timedelta(hours=3)
    await world.do(inbox.snooze, world.ben, row.id, until)
    assert row.id not in [other.id for other in await shown(world, world.ben)]
    assert [other.id for other in await shown(world, world.ben, "snoozed")] == [row.id]
    home = HomeDrawing(world.ben.id)
    assert await drawn(world.db, home) and home.holds_until == until
    monkeypatch.setattr("app.domain.drawings.inbox.now", lambda: until + timedelta(seconds=1))
    assert (await shown(world, world.ben))[0].id == row.id
    assert await bell(world, world.ben) == 1
    for wrong in (now() - timedelta(minutes=1), now() + timedelta(days=400)):
        with pytest.raises(Invalid, match="between now and a year"):
            await world.do(inbox.snooze, world.ben, row.id, wrong)


async def test_marking_all_as_read_can_be_taken_back_exactly(world: World):
    before = await shown(world, world.ben)
    assert len({row.is_unread for row in before}) == 1
    await world.do(inbox.read, world.ben, before[0].id)
    before = await shown(world, world.ben)
    revision = await world.do(inbox.read_all, world.ben)
    assert {row.is_unread for row in await shown(world, world.ben)} == {False}
    await world.do(inbox.unread_all, world.ben, revision)
    assert await shown(world, world.ben) == before
    with pytest.raises(NotFound):
        await world.do(inbox.unread_all, world.ana, revision)


async def test_nobody_reaches_into_another_inbox(world: World):
    row = (await shown(world, world.ben))[0]
    for verb, *more in ((inbox.read,), (inbox.unread,), (inbox.finish,), (inbox.take_back,), (inbox.wake,)):
        with pytest.raises(NotFound, match="not in your inbox"):
            await world.do(verb, world.ana, row.id, *more)
    with pytest.raises(NotFound, match="not in your inbox"):
        await world.do(inbox.snooze, world.ana, row.id, now() + timedelta(days=1))


async def test_an_inbox_shows_nothing_that_its_person_may_not_see_any_more(world: World):
    assert await shown(world, world.ben) and await bell(world, world.ben)
    await world.do(sharing.close, world.ana, world.board_id, "me")
    assert [row.words for row in await shown(world, world.ben)] == ["Ana removed you from Launch"]
    assert await bell(world, world.ben) == 1
    await world.do(sharing.open_up, world.ana, world.board_id)
    assert len(await shown(world, world.ben)) > 1 and await bell(world, world.ben) > 1
    await world.do(members.remove, world.ana, world.workspace_id, world.ben.id)
    row, _ = await shown(world, world.ben)
    assert (row.words, row.path) == ("Ana removed you from Tandem team", "/")


async def test_who_has_an_account_hears_of_an_invitation_by_email_in_the_inbox(world: World):
    dora = await world.newcomer()
    async with world.db.transaction() as tx:
        await invites.create(tx, world.ana, world.workspace_id, "member", timedelta(days=1), 1)
        emails = ["dora@tandem.example", "ben@tandem.example", "nobody@tandem.example"]
        await news.tell_invited(tx, world.ana, world.workspace_id, emails)
    [row] = await shown(world, dora)
    assert (row.words, row.title, row.path) == ("Ana invited you to Tandem team", "Tandem team", "/")
    assert "invited" not in [row.kind for row in await shown(world, world.ben)], "Ben is a member already."


async def test_ten_thousand_rows_cost_as_many_statements_as_one(world: World):
    home, rows = HomeDrawing(world.cleo.id), InboxDrawing(world.cleo.id)
    few = await cost(world, home, rows)
    kept: dict[str, Any] = {"person_id": world.cleo.id, "kind": "moved", "reason": "watching", "actor_id": 1}
    kept |= {"workspace_id": 1, "board_id": 1, "change_topic": "board:1", "channels": "inbox", "withheld": ""}
    kept |= {"is_shown": True, "is_newest": True, "is_direct": False, "unread": 1, "details": {}}
    async with world.db.unrecorded() as session:
        at = now() - timedelta(days=1)
        for start in range(0, 10_000, 1_000):
            many = [
                kept | {"task_id": number, "change_revision": number, "at": at, "shows_at": at}
                for number in range(100_000 + start, 101_000 + start)
            ]
            await session.execute(insert(table(News)), many)
    assert await cost(world, home, rows) == few
    entities = rows.entities()
    listed = entities["inbox"]
    assert isinstance(listed, InboxView) and len(listed.rows) == WINDOW and listed.has_more
    assert home.entities()["bell"] == Bell(COUNTED)


async def cost(world: World, *drawings: HomeDrawing | InboxDrawing) -> int:
    with sent(world.db) as statements:
        async with world.db.reading() as tx:
            for drawing in drawings:
                assert await drawing.draw(tx)
    return len(statements)


async def test_what_is_muted_makes_no_sound(world: World):
    await clear(world, world.ben)
    await world.do(watching.choose, world.ben, "board", world.board_id, "muted")
    before = await shown(world, world.ben)
    await world.do(tasks.complete, world.ana, world.task_id)
    assert (await shown(world, world.ben), await bell(world, world.ben)) == (before, 0)
    await world.do(watching.choose, world.ben, "board", world.board_id, None)
    await world.do(tasks.reopen, world.ana, world.task_id)
    assert await bell(world, world.ben) == 1
