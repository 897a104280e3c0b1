"""Who is told of what, how, and why not: every kind of news in every situation, on both databases."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, get_args

import pytest
from sqlalchemy import delete, func, select
from sqlmodel import col

from app.domain import inbox, lanes, members, moving, news, preferences, second_look, sharing, tasks, watching
from app.domain.access import Actor
from app.domain.drawings import ledger
from app.domain.drawings.inbox import for_digest
from app.domain.kinds import CHOICE_OF, CHOICES, FROM_OUTSIDE, TO_WATCHERS, WAYS, WITHOUT_MAIL, NewsKind
from app.domain.models import Assignment, Insider, Member, News, Task, Telling, now
from app.domain.outbox import Letter
from app.domain.transaction import Transaction
from app.scheduler import LEFT_OVER, Scheduler
from app.settings import load
from tests.domain.test_statements import noting
from tests.support.world import Undo, World, give_role

KINDS: tuple[NewsKind, ...] = get_args(NewsKind)
SITUATIONS = ("own action", "seen live", "unseen", "muted", "off by preference", "removed", "viewer")
MAIL_AT_ONCE = {"mentioned", "assigned", "unassigned", "due_soon", "overdue", "reminded"}
PUSHED = MAIL_AT_ONCE
IN_THE_DIGEST = {"commented", "completed", "reopened", "moved", "added", "role_changed"}


@dataclass
class Post:
    letters: list[Letter] = field(default_factory=list)

    async def queue(self, tx: Transaction, letters: list[Letter]) -> None:
        self.letters += letters


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    post = Post()
    monkeypatch.setattr("app.domain.outbox.queue", post.queue)
    return post


Deed = Callable[[Transaction, World, Actor, NewsKind], Awaitable[Any]]
"""What somebody does of which Cleo is told."""


async def assign(tx: Transaction, w: World, by: Actor, kind: NewsKind) -> None:
    await tasks.assign(tx, by, w.task_id, w.cleo.id)


async def unassign(tx: Transaction, w: World, by: Actor, kind: NewsKind) -> None:
    tx.session.add(Assignment(task_id=w.task_id, person_id=w.cleo.id))
    await tx.session.flush()
    await tasks.unassign(tx, by, w.task_id, w.cleo.id)


async def complete(tx: Transaction, w: World, by: Actor, kind: NewsKind) -> None:
    await watching.watch(tx, w.task_id, [w.cleo.id], "mentioned")
    await tasks.complete(tx, by, w.task_id)


async def reopen(tx: Transaction, w: World, by: Actor, kind: NewsKind) -> None:
    (await tx.session.get_one(Task, w.task_id)).completed_at = now()
    await watching.watch(tx, w.task_id, [w.cleo.id], "mentioned")
    await tasks.reopen(tx, by, w.task_id)


async def move(tx: Transaction, w: World, by: Actor, kind: NewsKind) -> None:
    await watching.watch(tx, w.task_id, [w.cleo.id], "mentioned")
    await moving.send(tx, by, w.task_id, w.lanes["Doing"])


async def say(tx: Transaction, w: World, by: Actor, kind: NewsKind) -> None:
    """A comment, a reminder: verbs that stand elsewhere record something of the board, and tell."""
    await watching.watch(tx, w.task_id, [w.cleo.id], "mentioned")
    await tx.record("board", w.board_id, f"comment.{kind}", by.id, "task", w.task_id)
    if kind in TO_WATCHERS:
        await news.tell_later(tx, kind, by, w.board_id, w.task_id)
    else:
        await news.tell(tx, kind, actor=by, board_id=w.board_id, task_id=w.task_id, also=[w.cleo.id])


async def about_workspace(tx: Transaction, w: World, by: Actor, kind: NewsKind) -> None:
    await tx.record("workspace", w.workspace_id, f"member.{kind}", by.id, "member", w.cleo.id)
    details = {"role": "admin", "workspace": "Tandem team"}
    await news.tell(tx, kind, actor=by, workspace_id=w.workspace_id, also=[w.cleo.id], details=details)


async def change_role(tx: Transaction, w: World, by: Actor, kind: NewsKind) -> None:
    if by == w.cleo:
        await give_role(tx, w, by, "owner")
    await members.change_role(tx, by, w.workspace_id, w.cleo.id, "admin")


async def remove(tx: Transaction, w: World, by: Actor, kind: NewsKind) -> None:
    if by == w.cleo:
        await members.leave(tx, by, w.workspace_id)
    else:
        await members.remove(tx, by, w.workspace_id, w.cleo.id)


async def let_in(tx: Transaction, w: World, by: Actor, kind: NewsKind) -> None:
    await sharing.close(tx, w.ana, w.board_id, "everyone")
    await tx.session.execute(delete(Insider).where(col(Insider.person_id) == w.cleo.id))
    if by == w.cleo:
        await about_workspace(tx, w, by, kind)
    else:
        await sharing.add(tx, by, w.board_id, w.cleo.id)


DEEDS: dict[NewsKind, Deed] = {
    "assigned": assign,
    "unassigned": unassign,
    "mentioned": say,
    "commented": say,
    "completed": complete,
    "reopened": reopen,
    "moved": move,
    "due_soon": say,
    "overdue": say,
    "reminded": say,
    "invited": about_workspace,
    "added": let_in,
    "role_changed": change_role,
    "removed": remove,
}


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_in_every_situation(world: World, post: Post, kind: NewsKind):
    for situation in SITUATIONS:
        post.letters.clear()
        with contextlib.suppress(Undo):
            async with world.db.transaction() as tx:
                told = await tell(tx, world, kind, situation)
                check(kind, situation, told, post.letters)
                raise Undo


async def tell(tx: Transaction, world: World, kind: NewsKind, situation: str) -> list[News]:
    """Bring the situation about, and the deed; what was written down about Cleo."""
    await give_role(tx, world, world.cleo, "viewer" if situation == "viewer" else "member")
    noun, place = ("workspace", world.workspace_id) if DEEDS[kind] in NOT_ON_A_BOARD else ("board", world.board_id)
    if situation == "muted":
        await watching.choose(tx, world.cleo, noun, place, "muted")
    if situation == "off by preference":
        for way in WAYS:
            await preferences.choose(tx, world.cleo, CHOICE_OF[kind], way, False)
    if situation == "seen live":
        tx.looking = looking_at(world.task_id, world.cleo.id)
    deed = DEEDS[kind]
    if situation == "removed":
        await watching.watch(tx, world.task_id, [world.cleo.id], "mentioned")
        await tx.session.execute(delete(Member).where(col(Member.person_id) == world.cleo.id))
        deed = about_workspace if deed in NOT_ON_A_BOARD else say
    before = {row.id for row in await rows_of(tx, world.cleo)}
    await deed(tx, world, world.cleo if situation == "own action" else world.ana, kind)
    assert (world.task_id in tx.to_tell) == (kind in TO_WATCHERS)
    await news.tell_watchers(tx, world.task_id)
    return [row for row in await rows_of(tx, world.cleo) if row.id not in before]


NOT_ON_A_BOARD = (about_workspace, change_role, remove)


def check(kind: NewsKind, situation: str, told: list[News], letters: list[Letter]) -> None:
    what = f"{kind}, {situation}"
    if situation == "own action":
        assert told == [], what
        return
    [row] = told
    assert row.kind == kind, what
    is_of_a_task = row.task_id is not None
    withheld = {
        "muted": "muted",
        "off by preference": "off",
        "removed": "" if kind in FROM_OUTSIDE else "gone",
        "seen live": "seen" if is_of_a_task else "",
    }.get(situation, "")
    assert row.withheld == withheld, what
    assert row.is_shown == (withheld in ("", "seen")), what
    assert (row.read_at is None) == (withheld == ""), what
    goes_out = withheld == ""
    ways = {"email": kind in MAIL_AT_ONCE, "push": kind in PUSHED, "digest": kind in IN_THE_DIGEST}
    expected = {way for way, is_usual in ways.items() if is_usual and goes_out} | ({"inbox"} if row.is_shown else set())
    assert set(row.channels.split()) == expected, what
    sent = {(letter.channel, letter.person_id, letter.news_id) for letter in letters}
    assert sent == {(way, row.person_id, row.id) for way in expected & {"email", "push"}}, what


async def rows_of(tx: Transaction, person: Actor) -> list[News]:
    query = select(News).where(col(News.person_id) == person.id).order_by(col(News.id))
    return list((await tx.session.execute(query.execution_options(populate_existing=True))).scalars())


def looking_at(task_id: int, *people: int) -> Callable[[Collection[int]], Awaitable[dict[int, Collection[int]]]]:
    async def looking(asked: Collection[int]) -> dict[int, Collection[int]]:
        return {id: people if id == task_id else () for id in asked}

    return looking


def test_every_kind_has_a_deed_and_a_row_of_preferences():
    assert set(DEEDS) == set(KINDS) == set(CHOICE_OF)
    assert set(KINDS) == MAIL_AT_ONCE | IN_THE_DIGEST | WITHOUT_MAIL
    assert {kind for choice in CHOICES.values() if choice.at_once for kind in choice.kinds} == MAIL_AT_ONCE


async def test_an_email_waits_for_two_minutes_and_for_the_end_of_quiet_hours(world: World, post: Post):
    before = now()
    await world.do(tasks.assign, world.ana, world.task_id, world.cleo.id)
    when = {letter.channel: letter.not_before for letter in post.letters}
    assert before <= when["push"] <= now()
    assert when["email"] == when["push"] + timedelta(minutes=2)
    minute = now().hour * 60 + now().minute
    await world.do(preferences.keep_quiet, world.ben, (minute - 5) % 1440, (minute + 60) % 1440)
    post.letters.clear()
    await world.do(tasks.unassign, world.ana, world.task_id, world.ben.id)
    assert {letter.not_before > now() + timedelta(minutes=50) for letter in post.letters} == {True}
    assert len({letter.not_before for letter in post.letters}) == 1


async def test_what_waits_is_not_sent_once_it_does_not_matter(world: World, post: Post):
    await world.do(tasks.assign, world.ana, world.task_id, world.cleo.id)
    news_id = post.letters[0].news_id
    assert news_id is not None

    async def why(*prepare: Any) -> str:
        found = ""
        with contextlib.suppress(Undo):
            async with world.db.transaction() as tx:
                if prepare:
                    await prepare[0](tx, *prepare[1:])
                    await tx.session.flush()
                found = await second_look.why_not(tx.session, news_id, "email", now())
                raise Undo
        return found

    assert await why() == ""
    assert await why(inbox.read_task, world.cleo, world.task_id) == second_look.SEEN
    assert await why(inbox.snooze, world.cleo, news_id, now() + timedelta(days=1)) == second_look.AWAY
    assert await why(members.remove, world.ana, world.workspace_id, world.cleo.id) == second_look.GONE
    assert await why(sharing.close, world.ana, world.board_id, "me") == second_look.GONE
    assert await why(watching.choose, world.cleo, "lane", world.lanes["To do"], "muted") == second_look.MUTED
    assert await why(preferences.choose, world.cleo, "assigned", "email", False) == second_look.OFF


async def test_a_digest_has_what_still_matters_and_can_be_turned_off(world: World, post: Post):
    since = now()
    await world.do(tasks.complete, world.ana, world.task_id)

    async def digest() -> list[str]:
        async with world.db.reading() as tx:
            return [row.words for row in await for_digest(tx, world.ben.id, since, now())]

    assert await digest() == ["Ana completed it"]
    await world.do(watching.choose, world.ben, "board", world.board_id, "muted")
    assert await digest() == []
    await world.do(watching.choose, world.ben, "board", world.board_id, None)
    await world.do(preferences.turn_off_email, world.ben.id, "digest")
    assert await digest() == []
    await world.do(preferences.choose, world.ben, "completed", "email", True)
    assert await digest() == ["Ana completed it"]
    await world.do(members.remove, world.ana, world.workspace_id, world.ben.id)
    assert await digest() == []


async def test_the_ledger_says_who_was_told_and_why_not_to_those_who_can_see_the_task(world: World, post: Post):
    await world.do(tasks.assign, world.ana, world.task_id, world.cleo.id)
    await world.do(watching.choose, world.cleo, "board", world.board_id, "muted")
    await world.do(tasks.complete, world.ana, world.task_id)
    revision = (await world.revisions())[f"board:{world.board_id}"]
    async with world.db.reading() as tx:
        lines = {line.person: line for line in await ledger.of_change(tx, world.ben, world.task_id, revision)}
    assert {name: (line.how, line.why) for name, line in lines.items()} == {
        "Ben": ("inbox, digest", "because they were assigned"),
        "Cleo": ("not told: has muted it", "because they were assigned"),
    }
    assert lines["Ben"].what == "Ana completed it"
    stranger = await world.newcomer()
    with pytest.raises(Exception, match="not shared with you"):
        async with world.db.reading() as tx:
            await ledger.of_task(tx, stranger, world.task_id)


async def test_who_wants_pushes_of_what_they_watch_gets_them_at_once(world: World, post: Post):
    await world.do(watching.choose, world.cleo, "task", world.task_id, "watching")
    await world.do(preferences.choose, world.cleo, "completed", "push", True)
    await world.do(tasks.complete, world.ana, world.task_id)
    assert [(letter.person_id, letter.channel, letter.kind) for letter in post.letters] == [
        (world.cleo.id, "push", "completed")
    ]


async def test_one_change_tells_nobody_twice(world: World, post: Post):
    async with world.db.transaction() as tx:
        await tx.record("board", world.board_id, "comment.added", world.ana.id, "task", world.task_id)
        about = {"actor": world.ana, "board_id": world.board_id, "task_id": world.task_id}
        await news.tell(tx, "mentioned", **about, also=[world.ben.id])
        await news.tell_later(tx, "commented", world.ana, world.board_id, world.task_id)
        await news.tell_watchers(tx, world.task_id)
        kinds = [row.kind for row in await rows_of(tx, world.ben) if row.change_revision == tx.last[1]]
        assert kinds == ["mentioned"]


async def test_what_the_deletion_of_a_lane_moves_is_told_of_each_task_to_those_who_watch_it(world: World):
    mine, theirs, *_ = await world.titles("Doing")
    for person, title in ((world.cleo, mine), (world.cleo, theirs), (world.ben, theirs)):
        await world.do(watching.choose, person, "task", world.tasks[title], "watching")
    await world.do(watching.choose, world.cleo, "task", world.tasks[theirs], "muted")
    await world.do(lanes.delete, world.ana, world.lanes["Doing"], world.lanes["Done"])
    told = col(News.person_id), col(News.task_id), col(News.details)
    async with world.db.reading() as tx:
        query = select(*told).where(col(News.kind) == "moved", col(News.is_shown), col(News.person_id) != world.ana.id)
        rows = (await tx.session.execute(query)).all()
        left = (await tx.session.execute(select(col(Telling.id)))).all()
    assert (world.cleo.id, world.tasks[mine], {"lane": "Done"}) in rows
    assert (world.ben.id, world.tasks[theirs], {"lane": "Done"}) in rows
    assert (world.cleo.id, world.tasks[theirs], {"lane": "Done"}) not in rows
    assert len(rows) == len(set(map(str, rows))) and not left


async def test_who_loses_a_board_that_becomes_somebodys_own_is_told(world: World):
    await world.do(sharing.close, world.ana, world.board_id, "me")
    kept = await world.rows(select(News).where(col(News.kind) == "removed"))
    assert {(row.person_id, row.details["board"], row.board_id) for row in kept} == {
        (world.ben.id, "Launch", None),
        (world.cleo.id, "Launch", None),
    }


async def test_what_was_left_over_by_a_worker_that_was_killed_is_told_by_the_scheduler_once(world: World):
    world.db.follow = noting([])  # It died right after the commit.
    await world.do(tasks.complete, world.ana, world.task_id)
    await world.do(tasks.reopen, world.ana, world.task_id)
    count = select(func.count()).where(col(News.person_id) == world.ben.id, col(News.task_id) == world.task_id)
    [before] = await world.rows(count)
    later = Scheduler(world.db, load({}), lambda: now() + 2 * LEFT_OVER)
    await Scheduler(world.db, load({}))._tell_left_over()
    assert await world.rows(count) == [before], "The premise: it waits a moment for the worker."
    await asyncio.gather(*(later._tell_left_over() for _ in range(3)), world.db.tell_watchers([world.task_id]))
    assert await world.rows(count) == [before + 2]
    newest = select(col(News.kind)).where(
        col(News.person_id) == world.ben.id, col(News.task_id) == world.task_id, col(News.is_newest)
    )
    assert await world.rows(newest) == ["reopened"]
    assert await world.rows(select(col(Telling.id))) == []


async def test_what_is_meant_for_somebody_comes_after_what_happened_before_it(world: World, post: Post):
    world.db.follow = noting([])
    await world.do(tasks.complete, world.ana, world.task_id)
    await world.do(tasks.unassign, world.ana, world.task_id, world.ben.id)
    mine = col(News.person_id) == world.ben.id, col(News.task_id) == world.task_id
    kinds = await world.rows(select(col(News.kind)).where(*mine).order_by(col(News.id).desc()).limit(2))
    assert kinds == ["unassigned", "completed"]
    assert await world.rows(select(col(News.kind)).where(*mine, col(News.is_newest))) == ["unassigned"]


async def test_who_stops_watching_is_told_only_what_is_meant_for_them(world: World, post: Post):
    await world.do(watching.choose, world.ben, "task", world.task_id, "stopped")
    async with world.db.transaction() as tx:
        before = len(await rows_of(tx, world.ben))
        await tasks.complete(tx, world.ana, world.task_id)
        await news.tell_watchers(tx, world.task_id)
        assert len(await rows_of(tx, world.ben)) == before
        await tasks.unassign(tx, world.ana, world.task_id, world.ben.id)
        assert len(await rows_of(tx, world.ben)) == before + 1


@pytest.mark.parametrize("noun", ["task", "lane", "board", "workspace"])
async def test_watching_anything_around_a_task_is_watching_it(world: World, post: Post, noun: Any):
    places = {
        "task": world.task_id,
        "lane": world.lanes["To do"],
        "board": world.board_id,
        "workspace": world.workspace_id,
    }
    await world.do(watching.choose, world.cleo, noun, places[noun], "watching")
    async with world.db.transaction() as tx:
        await tasks.complete(tx, world.ben, world.task_id)
        await news.tell_watchers(tx, world.task_id)
        [row] = [row for row in await rows_of(tx, world.cleo) if row.kind == "completed" and row.actor_id == 2]
        assert row.reason == ("watching" if noun == "task" else f"watching_{noun}")
