"""Who is told of what, how, and why not: every kind of news in every situation, on both databases."""

import contextlib
from collections.abc import Awaitable, Callable, Collection
from typing import get_args

import pytest
from sqlalchemy import delete
from sqlmodel import col

from app.domain import news, preferences, watching
from app.domain.kinds import CHOICE_OF, CHOICES, FROM_OUTSIDE, TO_WATCHERS, WAYS, WITHOUT_MAIL, NewsKind
from app.domain.models import Member, News
from app.domain.outbox import Letter
from app.domain.transaction import Transaction
from tests.domain.news.deeds import DEEDS, NOT_ON_A_BOARD, about_workspace, say
from tests.domain.news.told import Post, rows_of
from tests.support.world import Undo, World, give_role

KINDS: tuple[NewsKind, ...] = get_args(NewsKind)
SITUATIONS = ("own action", "seen live", "unseen", "muted", "off by preference", "removed", "viewer")
MAIL_AT_ONCE = {"mentioned", "assigned", "unassigned", "due_soon", "overdue", "reminded"}
PUSHED = MAIL_AT_ONCE
IN_THE_DIGEST = {"commented", "completed", "reopened", "moved", "added", "role_changed"}


def test_every_kind_has_a_deed_and_a_row_of_preferences():
    assert set(DEEDS) == set(KINDS) == set(CHOICE_OF)
    assert set(KINDS) == MAIL_AT_ONCE | IN_THE_DIGEST | WITHOUT_MAIL
    assert {kind for choice in CHOICES.values() if choice.at_once for kind in choice.kinds} == MAIL_AT_ONCE


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


def looking_at(task_id: int, *people: int) -> Callable[[Collection[int]], Awaitable[dict[int, Collection[int]]]]:
    async def looking(asked: Collection[int]) -> dict[int, Collection[int]]:
        return {id: people if id == task_id else () for id in asked}

    return looking


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
