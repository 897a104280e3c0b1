"""News that leave the house: when, whether they still matter by then, and what is told of that."""

import contextlib
from datetime import timedelta
from typing import Any

import pytest

from app.domain import inbox, members, preferences, second_look, sharing, tasks, watching
from app.domain.drawings import ledger
from app.domain.drawings.inbox import for_digest
from app.domain.models import now
from tests.domain.news.told import Post
from tests.support.world import Undo, World


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
