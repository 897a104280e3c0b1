"""What happened, as people read it: in words, grouped, page by page, and to nobody who may not see it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from app.domain import boards, comments, invites, lanes, moving, sharing, tasks
from app.domain.access import Actor
from app.domain.drawings import activity
from app.domain.drawings.activity import PAGE, Page, Point
from app.domain.errors import Invalid, NotFound
from app.domain.models import Change
from app.domain.snapshots import ActivityEntry
from tests.support.statements import sent
from tests.support.world import World

NEWEST = Point()


async def of_board(world: World, who: Actor, point: Point = NEWEST, task_id: int = 0) -> Page:
    async with world.db.reading() as tx:
        return await activity.of_board(tx, who, world.board_id, point, task_id)


async def of_workspace(world: World, who: Actor, point: Point = NEWEST) -> Page:
    async with world.db.reading() as tx:
        return await activity.of_workspace(tx, who, world.workspace_id, point)


def entries(page: Page) -> list[ActivityEntry]:
    return [entry for group in page.groups for entry in group.lines]


def told(page: Page, most: int = 5) -> list[tuple[str, str, str, str]]:
    return [(entry.words, entry.subject, entry.before, entry.after) for entry in entries(page)[:most]]


async def test_it_says_who_did_what_from_what_to_what(world: World):
    title = "Check every page with a screen reader"
    await world.do(moving.send, world.ana, world.task_id, world.lanes["Doing"])
    await world.do(tasks.set_due, world.ana, world.task_id, date(2031, 5, 17))
    await world.do(tasks.assign, world.ben, world.task_id, world.cleo.id)
    mine = await world.do(comments.add, world.ben, world.task_id, "Ask @[Cleo](person:3)\n\nnow", "01234567")
    await world.do(lanes.rename, world.ben, world.lanes["Doing"], "At it")
    page = await of_board(world, world.cleo)
    assert page.title == "Launch"
    assert [(group.actor, len(group.lines)) for group in page.groups[:1]] == [("Ben", 3)]
    assert told(page)[:3] == [
        ("renamed", "", "Doing", "At it"),
        ("commented on", title, "", "Ask @Cleo now"),
        ("assigned Cleo to", title, "", ""),
    ]
    assert told(page)[4] == ("moved", title, "To do", "At it"), "By the names of today."
    await world.do(comments.remove, world.ben, mine)
    await world.do(tasks.rename, world.ben, world.task_id, "Check them all", 0)
    said = told(await of_board(world, world.cleo))
    assert said[0] == ("renamed", "", title, "Check them all")
    assert said[1] == ("removed a comment on", "Check them all", "", "")
    assert said[3] == ("commented on", "Check them all", "", ""), "What it said is gone with it."


async def test_a_long_pause_or_another_person_begins_a_new_group(world: World):
    for who, verb in ((world.ana, tasks.complete), (world.ana, tasks.reopen), (world.ben, tasks.complete)):
        await world.do(verb, who, world.task_id)
    newest = (await world.revisions())["board:1"]
    async with world.db.unrecorded() as session:
        here = (col(Change.topic) == "board:1") & (col(Change.revision) == newest - 2)
        earlier = datetime.now(UTC) - timedelta(hours=1)
        await session.execute(update(Change).where(here).values(at=earlier))
    groups = (await of_board(world, world.ana)).groups
    assert [(group.actor, len(group.lines)) for group in groups[:2]] == [("Ben", 1), ("Ana", 1)]


async def test_pages_show_everything_once_and_begin_at_any_point(world: World):
    newest = (await world.revisions())["board:1"]
    assert newest > PAGE, "The premise: there is more than a page."
    seen: list[int] = []
    point = Point()
    while True:
        page = await of_board(world, world.ana, point)
        seen += [entry.revision for entry in entries(page)]
        if not page.older:
            break
        assert len(entries(page)) == PAGE
        point = Point(before=page.older)
    assert seen == sorted(set(seen), reverse=True)
    assert set(seen) == set(range(1, newest + 1)) - {
        change.revision for change in await world.changes("board:1") if change.kind in activity.HIDDEN
    }
    until = await of_board(world, world.ana, Point(until=7))
    assert [entry.revision for entry in entries(until)] == [revision for revision in seen if revision <= 7]
    today = datetime.now(UTC).date()
    assert entries(await of_board(world, world.ana, Point(day=today - timedelta(days=2)))) == []
    assert entries(await of_board(world, world.ana, Point(day=today)))[0].revision == newest
    for day, zone in ((date.max, "UTC"), (today, "Europe/Atlantis"), (today, "../etc/passwd"), (today, "")):
        with pytest.raises(Invalid, match="This day could not be understood"):
            await of_board(world, world.ana, Point(day=day, zone=zone))


async def test_of_a_task_it_tells_just_that(world: World):
    await world.do(tasks.complete, world.ben, world.task_id)
    await world.do(tasks.complete, world.ben, world.tasks["Order stickers"])
    page = await of_board(world, world.ana, task_id=world.task_id)
    assert page.title == "Check every page with a screen reader"
    assert {entry.task_id for entry in entries(page)} == {world.task_id}
    assert [entry.words for entry in entries(page)][:2] == ["completed", "assigned Ben to"]
    garden = await world.elsewhere()
    for task_id in (garden.task_id, 99_999):
        with pytest.raises(NotFound, match="This task is gone"):
            await of_board(world, world.ben, task_id=task_id)


async def test_strangers_learn_nothing_and_members_nothing_of_boards_that_they_cannot_see(world: World):
    secret = await world.do(boards.create, world.ana, world.workspace_id, "Secret", is_private=True)
    await world.do(boards.rename, world.ana, secret, "Most secret")
    await world.do(invites.create, world.ana, world.workspace_id, "viewer", timedelta(days=1), 1)
    beta = await world.do(boards.create, world.ana, world.workspace_id, "Beta")
    await world.do(sharing.close, world.ana, beta, "me")
    await world.do(boards.rename, world.ana, beta, "Secret beta")
    hers, theirs = str(await of_workspace(world, world.ana)), str(await of_workspace(world, world.ben))
    assert "Most secret" in hers
    assert "made an invitation" in hers
    assert "secret" not in theirs.lower()
    assert "made an invitation" not in theirs
    assert "Launch" in theirs
    assert "Beta" not in theirs, "Nor what they were called before."
    stranger = await world.newcomer()
    with pytest.raises(NotFound, match="There is no such workspace"):
        await of_workspace(world, stranger)
    with pytest.raises(NotFound, match="There is no such board"):
        await of_board(world, stranger)
    await world.do(sharing.close, world.ana, world.board_id, "me")
    with pytest.raises(NotFound, match="There is no such board"):
        await of_board(world, world.ben)
    with pytest.raises(NotFound, match="There is no such board"):
        await of_board(replace(world, board_id=99_999), world.ana)


async def test_a_page_takes_as_many_statements_however_much_happened(world: World):
    counts = []
    for _ in range(2):
        with sent(world.db) as statements:
            await of_workspace(world, world.ana)
        counts.append(len([text for text, _ in statements if text.startswith(("SELECT", "("))]))
        for number in range(30):
            await world.do(tasks.add, world.ana, world.lanes["To do"], [f"Task {number}"])
            await world.do(comments.add, world.ben, world.task_id, f"{number}", f"{number:08}")
    assert counts[0] <= counts[1] <= counts[0] + 1 <= 11
