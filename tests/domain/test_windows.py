"""A lane shows its first tasks, as many as somebody wants, and counts all."""

from app.domain import tasks
from app.domain.drawings.board import WIDEST, WINDOW, BoardDrawing
from app.domain.snapshots import LaneView, TaskCard
from tests.domain.kept import Kept
from tests.support.world import World


async def test_a_lane_shows_a_window_and_counts_all(world: World):
    lane_id = world.lanes["Doing"]
    held = len(await world.titles("Doing"))
    ids = await world.do(tasks.add, world.ana, lane_id, [f"Task {number}" for number in range(60)])
    kept = await Kept(world, BoardDrawing(world.board_id)).open()
    board = kept.drawing
    assert isinstance(board, BoardDrawing)

    view = board.entities()[f"l{lane_id}"]
    assert isinstance(view, LaneView)
    assert (view.count, len(view.tasks)) == (held + 60, WINDOW)
    assert view.tasks[held:] == tuple(ids[: WINDOW - held])
    assert f"t{ids[WINDOW - held]}" not in board.entities()

    await world.do(tasks.trash, world.ana, ids[0])
    await kept.follow()
    view = board.entities()[f"l{lane_id}"]
    assert isinstance(view, LaneView)
    assert (view.count, len(view.tasks)) == (held + 59, WINDOW)
    assert view.tasks[-1] == ids[WINDOW - held]
    assert f"t{ids[WINDOW - held]}" in board.entities()

    board.widen({lane_id: 2 * WINDOW})
    view = board.entities()[f"l{lane_id}"]
    assert isinstance(view, LaneView)
    assert len(view.tasks) == view.count == held + 59
    assert set(ids[1:]) <= {entity.id for entity in board.entities().values() if isinstance(entity, TaskCard)}


async def test_a_lane_is_as_wide_as_somebody_wants_it_within_bounds(world: World):
    lane_id, later = world.lanes["Doing"], world.lanes["Done"]
    for _ in range(3):
        await world.do(tasks.add, world.ana, lane_id, [f"Task {number}" for number in range(180)])
    kept = await Kept(world, BoardDrawing(world.board_id)).open()
    board = kept.drawing
    assert isinstance(board, BoardDrawing)

    def shown() -> int:
        view = board.entities()[f"l{lane_id}"]
        assert isinstance(view, LaneView)
        assert view.count > WIDEST
        return len(view.tasks)

    board.widen({lane_id: 55, 99_999: 100})
    await world.do(tasks.add, world.ana, lane_id, ["At the end, out of sight"])
    await kept.follow()
    assert shown() == 55
    assert "l99999" not in board.entities()
    board.widen({lane_id: 10, later: 70})
    assert shown() == WINDOW
    board.widen({lane_id: 10_000})
    assert shown() == WIDEST
    board.widen({})
    assert shown() == WINDOW
