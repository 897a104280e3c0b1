"""The verdict on a run finds what it looks for: whatever is wrong in the database, in a log or on a screen is told."""

import json
from random import Random
from typing import Any

from sqlalchemy import update
from sqlmodel import col

from app.domain import tasks
from app.domain.models import Board, Task
from tests.chaos.ledger import Ledger
from tests.chaos.player import Player
from tests.chaos.verdict import SETTLING, Verdict, judge
from tests.chaos.witness import Witness, kept, misled
from tests.live import nemesis
from tests.live.client import Client
from tests.support.world import World


async def added(world: World, ledger: Ledger) -> str:
    """A text that was added, and seen by its author."""
    text = ledger.write("task.added", 0)
    await world.do(tasks.add, world.ana, world.lanes["To do"], [text])
    ledger.seen(text, 0)
    return text


async def verdict_on(world: World, ledger: Ledger, log: str = "", *players: Player) -> Verdict:
    return await judge(world.db, players, [], ledger, log)


class Painter(Witness):
    """One whose page shows what it is told to."""

    def __init__(self, world: World, shown: Any) -> None:
        player = Player(0, "Ana", world.ana.id, world.board_id, Client("http://nowhere"), Ledger(), Random(1))
        super().__init__(player, tab=None)  # type: ignore[arg-type]  # It looks at none.
        self._shown = shown

    async def painted(self) -> Any:
        return self._shown


async def test_all_is_well_when_all_is_well(world: World):
    ledger = Ledger()
    await added(world, ledger)
    verdict = await verdict_on(world, ledger, "Redis is away")
    assert len(ledger.acknowledged) == 1
    assert not verdict.complaints


async def test_a_text_that_was_acknowledged_and_is_not_there_is_lost(world: World):
    ledger = Ledger()
    text = ledger.write("task.added", 0)
    ledger.seen(text, 1)
    assert not ledger.acknowledged, "Another's tab acknowledges nothing."
    ledger.seen(text, 0)
    assert [text in complaint for complaint in (await verdict_on(world, ledger)).lost] == [True]


async def test_a_text_that_is_there_twice_is_doubled(world: World):
    ledger = Ledger()
    text = await added(world, ledger)
    await world.do(tasks.add, world.ana, world.lanes["Done"], [text])
    verdict = await verdict_on(world, ledger)
    assert len(verdict.doubled) == 2, "As a change and as a task."
    assert not verdict.lost


async def test_a_browser_that_paints_another_order_is_told(world: World):
    right: dict[str, Any] = dict(await kept(world.db, world.board_id))
    assert list(right) == ["To do", "Doing", "Done"]
    first = right["To do"]
    assert len(first) > 1
    assert await misled(world.db, [Painter(world, right)], deadline=0) == []
    for wrong in (
        {},
        dict(reversed(right.items())),
        right | {"To do": first[::-1]},
        right | {"To do": first[:-1]},
        right | {"To do": [*first, ["A ghost", False]]},
        right | {"To do": [[first[0][0], not first[0][1]], *first[1:]]},
    ):
        assert len(await misled(world.db, [Painter(world, wrong)], deadline=0)) == 1, wrong


async def test_a_text_that_was_refused_and_is_there_is_counted(world: World):
    ledger = Ledger()
    ledger.refused(await added(world, ledger))
    verdict = await verdict_on(world, ledger)
    assert verdict.unsure == 1
    assert not verdict.complaints


async def test_a_revision_without_a_change_and_a_task_on_the_wrong_board_are_told(world: World):
    elsewhere = await world.elsewhere()
    async with world.db.unrecorded() as session:
        await session.execute(update(Board).where(col(Board.id) == world.board_id).values(revision=Board.revision + 1))
        await session.execute(update(Task).where(col(Task.id) == world.task_id).values(lane_id=elsewhere.lane_id))
    gap, stray = (await verdict_on(world, Ledger())).disordered
    assert f"board:{world.board_id}" in gap
    assert f"task {world.task_id} " in stray


async def test_a_traceback_in_the_log_and_an_apology_are_told(world: World):
    ledger = Ledger()
    ledger.told["Something went wrong on our side. Nothing was changed; please try again."] += 1
    log = (
        "Traceback (most recent call last):\n  File x\nKeyError: 1\n\n"
        "During handling of the above exception, another exception occurred:\n\n"
        "Traceback (most recent call last):\n  File y\nValueError: 2\nRedis is back\n"
    )
    folded = json.dumps({"level": "error", "message": "It stumbled", "trace": log.strip()})
    for written in (log, f"{folded}\n{folded}\n"):
        traceback, apology = (await verdict_on(world, ledger, written)).stumbled
        assert traceback == f"{1 + (written != log)} tracebacks in the log: ValueError: 2"
        assert "Something went wrong" in apology


async def test_a_screen_that_shows_something_else_and_one_that_went_back_are_told(world: World, monkeypatch):
    monkeypatch.setattr("tests.chaos.verdict.SETTLING", 0.0)
    assert SETTLING == 10.0
    client = Client("http://nowhere")
    client.went_back.append((8, 7))
    player = Player(3, "Ben", world.ben.id, world.board_id, client, Ledger(), Random(1))
    verdict = await verdict_on(world, Ledger(), "", player)
    assert "Ben at /b/1" in verdict.unequal[0]
    assert "(8, 7)" in verdict.went_back[0]


def test_the_same_seed_plans_the_same_faults_and_every_kind_has_its_turn():
    plans: Any = [nemesis.plan(Random(seed), 120, worker_kills=2) for seed in (1, 1, 2)]
    assert plans[0] == plans[1] != plans[2]
    names = [name for _, name in plans[0]]
    assert len(names) == 12
    assert names.count("kill_worker") >= 2
    whole = nemesis.plan(Random(3), nemesis.EVERY * len(nemesis.FAULTS))
    assert {name for _, name in whole} == set(nemesis.FAULTS)
    assert all(hasattr(nemesis.Nemesis, f"_{name}") for name in nemesis.FAULTS)
