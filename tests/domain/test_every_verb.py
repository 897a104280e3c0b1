"""What holds for every writing verb: no change without a record, no news without a change, and nobody who may not."""

import contextlib
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

import app.domain
from app.domain import boards, permissions, tasks
from app.domain.access import Actor
from app.domain.drawings import happenings
from app.domain.errors import NotAllowed, NotFound, Refusal
from app.domain.permissions import ROLES
from tests.domain.calls import CALLS, Call
from tests.support.world import Undo, World, give_role

NOT_VERBS = {
    "access",
    "acquaintances",
    "assignments",
    "belongings",
    "digests",
    "doors",
    "history",
    "loading",
    "locks",
    "mentions",
    "news",
    "proofs",
    "quiet",
    "reminding",
}
"""Modules of app/domain that verbs are made of; a new one is a noun with verbs unless it is named here."""
READERS = {
    "boards.first",
    "invites.look",
    "invites.id_of",
    "people.with_email",
    "receipts.latest",
    "receipts.places",
    "accounts.look",
    "instance.require_admin",
    "instance.sign_up_rule",
    "instance.admit",
    "identities.person_of",
    "identities.of",
    "second_factors.of",
    "second_factors.codes_left",
    "people.require_avatar",
    "attachments.look",
    "attachments.file_for",
    "attachments.in_use",
    "subscriptions.of",
    "comments.earlier",
    "comments.comment_for",
    "exporting.of_board",
    "exporting.of_workspace",
}
"""Those that take a transaction and write nothing."""
PARTS = {
    "sessions.cut",
    "preferences.turn_off_email",
    "outbox.queue",
    "watching.watch",
    "watching.forget_lane",
    "reminders.reckon",
}
"""Those that are a part of other verbs, which record what they did."""
BY: dict[str, set[int | None]] = {
    "people.sign_up": {4},
    "identities.sign_up": {4},
    "accounts.ask_for_reset": {None},
    "accounts.offer_reset": {None},
    "second_factors.lift": {None},
    "instance.appoint": {None},
    "receipts.report": {None},
    "receipts.report_on_board": {None},
}
"""Whom the record names where it is not the one who calls."""

with_every_verb = pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)


def test_every_verb_has_a_row():
    verbs = {name for module in nouns() for name in public_verbs(module)}
    assert len(verbs) > 30 and verbs >= READERS | PARTS
    assert {call.name for call in CALLS} == verbs - READERS - PARTS


def nouns() -> list[ModuleType]:
    """The modules of app/domain that have verbs."""
    found = [info.name for info in pkgutil.iter_modules(app.domain.__path__) if not info.ispkg]
    return [importlib.import_module(f"app.domain.{name}") for name in found if name not in NOT_VERBS]


def public_verbs(module: ModuleType) -> set[str]:
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for name, verb in inspect.getmembers(module, inspect.iscoroutinefunction)
        if verb.__module__ == module.__name__ and not name.startswith("_") and next(iter(signature(verb)), "") == "tx"
    }


def signature(verb: Callable[..., Any]) -> Any:
    return inspect.signature(verb).parameters


@with_every_verb
async def test_what_is_done_is_recorded_without_a_gap_and_announced(world: World, call: Call):
    actor = await call.prepare(world)
    before = await world.revisions()
    world.announced.clear()

    await call.make(world, actor)

    after = await world.revisions()
    moved = {topic: after[topic] for topic in after if after[topic] != before.get(topic, 0)}
    assert {topic.partition(":")[0] for topic in moved} == call.touches
    announced = [each for news in world.announced for each in news.items()]
    assert dict(announced) == moved and len(set(announced)) == len(announced)
    for topic, revision in moved.items():
        changes = await world.changes(topic, before.get(topic, 0))
        assert [change.revision for change in changes] == list(range(before.get(topic, 0) + 1, revision + 1))
        assert all(re.fullmatch(r"[a-z]+\.[a-z_]+", change.kind) for change in changes)
        assert {change.actor_id for change in changes} == BY.get(call.name, {actor.id})
        if topic.startswith(("board:", "workspace:")):
            assert {change.kind for change in changes} <= happenings.WORDS.keys() | {*happenings.HIDDEN}


@with_every_verb
async def test_the_same_again_does_nothing_or_is_refused_or_does_more(world: World, call: Call):
    actor = await call.prepare(world)
    await call.make(world, actor)
    before = await world.revisions()
    world.announced.clear()
    if inspect.isclass(call.again):
        with pytest.raises(call.again):
            await call.make(world, actor)
    else:
        await call.make(world, actor)
    assert (await world.revisions() != before) == (call.again == "more")
    assert any(world.announced) == (call.again == "more")


@pytest.mark.parametrize("call", [call for call in CALLS if call.may], ids=lambda call: call.name)
async def test_only_the_right_roles_may(world: World, call: Call):
    await call.prepare(world)
    allowed, refused = set(), {}
    for role in ROLES:
        with contextlib.suppress(Undo):
            async with world.db.transaction() as tx:
                await give_role(tx, world, world.cleo, role)
                try:
                    await call.do(tx, world, world.cleo)
                    allowed.add(role)
                except NotAllowed as refusal:
                    refused[role] = refusal.sentence
                raise Undo
    assert allowed == call.may
    assert set(refused.values()) <= {sentence for _, sentence in permissions.PERMISSIONS.values()}


async def test_strangers_get_the_answer_that_a_missing_thing_gets(world: World):
    garden = await world.elsewhere()
    there = replace(
        world,
        workspace_id=garden.workspace_id,
        board_id=garden.board_id,
        lanes=dict.fromkeys(world.lanes, garden.lane_id),
        tasks=dict.fromkeys(world.tasks, garden.task_id),
        notes={"invite_id": 1},
    )
    missing = replace(
        there,
        workspace_id=99_999,
        board_id=99_999,
        lanes=dict.fromkeys(world.lanes, 99_999),
        tasks=dict.fromkeys(world.tasks, 99_999),
    )
    for call in [call for call in CALLS if call.may]:
        answers = [await refusal_of(call, place, world.ana) for place in (there, missing)]
        assert answers[0] == answers[1], call.name
        assert answers[0][0] is NotFound, call.name


async def test_an_archived_board_is_for_looking_only(world: World):
    for call in CALLS:
        if "board" in call.touches <= {"board", "inbox"}:
            await world.do(boards.restore, world.ana, world.board_id)
            actor = await call.prepare(world)
            await world.do(boards.archive, world.ana, world.board_id)
            refusal = await refusal_of(call, world, actor)
            assert refusal == (NotAllowed, "This board is archived. Restore it to change it."), call.name
            if call.verb is tasks.restore:
                await world.do(boards.restore, world.ana, world.board_id)
                await world.do(tasks.restore, world.ana, world.task_id)


async def refusal_of(call: Call, world: World, actor: Actor) -> tuple[type[Refusal], str]:
    with pytest.raises(Refusal) as caught:
        await call.make(world, actor)
    return type(caught.value), caught.value.sentence
