"""Cards that are read together with the changes that they are drawn again for."""

import pytest

from app.domain import history, lanes, moving, tasks
from app.domain.drawings import cards
from app.domain.drawings.board import BoardDrawing
from tests.domain.kept import Kept
from tests.support.statements import sent
from tests.support.world import World


async def test_a_redraw_after_a_change_to_a_task_asks_once(world: World):
    kept = await Kept(world, BoardDrawing(world.board_id)).open()
    await world.do(tasks.complete, world.ana, world.task_id)
    await world.do(tasks.assign, world.ana, world.task_id, world.ana.id)
    async with world.db.glancing() as tx:
        with sent(world.db) as statements:
            changes = await kept.drawing.missed(tx, kept.revisions, 500)
            assert await kept.drawing.redraw(tx, changes)
    assert len(changes) == 2
    assert len(statements) == 1, "\n".join(text for text, _ in statements)
    assert kept.sight() == (await Kept(world, BoardDrawing(world.board_id)).open()).sight()


async def test_what_was_read_along_is_not_believed_in_another_transaction(world: World):
    kept = await Kept(world, BoardDrawing(world.board_id)).open()
    await world.do(tasks.rename, world.ana, world.task_id, "One", 0)
    async with world.db.glancing() as tx:
        await kept.drawing.missed(tx, kept.revisions, 500)
    await world.do(tasks.complete, world.ana, world.task_id)
    async with world.db.glancing() as tx:
        changes = await history.changes_after(tx, kept.revisions, 500)
        assert await kept.drawing.redraw(tx, changes)
    assert kept.sight() == (await Kept(world, BoardDrawing(world.board_id)).open()).sight()


@pytest.mark.parametrize("changes", [cards.FEW - 1, cards.FEW, cards.FEW + 1, 3 * cards.FEW])
async def test_few_changes_and_many_come_in_order_and_whole(world: World, changes: int):
    kept = await Kept(world, BoardDrawing(world.board_id)).open()
    ids = list(world.tasks.values())
    for number in range(changes):
        await world.do(tasks.reopen if number // len(ids) % 2 else tasks.complete, world.ana, ids[number % len(ids)])
    async with world.db.reading() as tx:
        told = await history.changes_after(tx, kept.revisions, 500)
        found, along = await cards.with_changes(tx, world.board_id, kept.revisions, 500)
        assert len(told) > 3, "The premise: some of the tasks were not done before."
        assert [tuple(change) for change in found] == [tuple(change) for change in told]  # type: ignore[call-overload]
        assert bool(along) == (len(told) < cards.FEW)
    await kept.follow()
    assert kept.sight() == (await Kept(world, BoardDrawing(world.board_id)).open()).sight()


async def test_a_task_that_left_the_board_and_many_at_once_are_drawn_right(world: World):
    kept = await Kept(world, BoardDrawing(world.board_id)).open()
    await world.do(tasks.trash, world.ana, world.task_id)
    await world.do(tasks.add, world.ana, world.lanes["Doing"], [f"New {number}" for number in range(2 * cards.FEW)])
    await world.do(moving.send, world.ana, world.tasks["Order stickers"], world.lanes["Done"])
    await kept.follow()
    assert kept.sight() == (await Kept(world, BoardDrawing(world.board_id)).open()).sight()
    await world.do(lanes.delete, world.ana, world.lanes["Doing"], world.lanes["Done"])
    await world.do(tasks.restore, world.ana, world.task_id)
    await kept.follow()
    assert kept.sight() == (await Kept(world, BoardDrawing(world.board_id)).open()).sight()
