"""What a topic's rooms have in common is read once."""

from datetime import timedelta

from app.domain import tasks, workspaces
from app.domain.models import now
from app.domain.pruning import prune_changes
from app.domain.streams import topic
from app.web.feed import GAP, Feed, is_broken
from tests.support.statements import sent
from tests.support.world import World


async def read(
    world: World, feed: Feed, seen: dict[str, int], *, anew: bool = False
) -> tuple[list[tuple[str, int]], int]:
    """Topic and revision of each change that somebody who has seen so much is told of, and the statements it took."""
    with sent(world.db) as statements:
        async with world.db.glancing() as tx:
            changes = await feed.after(tx, seen, anew=anew)
    return [(change.topic, change.revision) for change in changes], sum("change" in words for words, _ in statements)


async def priorities(world: World, count: int) -> tuple[str, int]:
    """Change a task so often; the board's topic and its revision before."""
    board = topic("board", world.board_id)
    before = (await world.revisions())[board]
    for number in range(count):
        await world.do(tasks.set_priority, world.ana, world.task_id, 1 + number % 4)
    return board, before


async def test_of_two_who_are_behind_the_first_reads_for_both(world: World):
    board, before = await priorities(world, 3)
    feed = Feed()
    feed.hear(board, before + 3)
    missed = [(board, before + number) for number in (1, 2, 3)]
    assert await read(world, feed, {board: before}) == (missed, 1)
    assert await read(world, feed, {board: before}) == (missed, 0)
    assert await read(world, feed, {board: before + 1}) == (missed[1:], 0)


async def test_who_has_heard_of_nothing_asks_nothing_unless_in_doubt(world: World):
    board, before = await priorities(world, 1)
    feed = Feed()
    assert await read(world, feed, {board: before}) == ([], 0)
    assert await read(world, feed, {board: before}, anew=True) == ([(board, before + 1)], 1)
    assert await read(world, feed, {board: before + 1}) == ([], 0)
    assert await read(world, feed, {board: before}) == ([(board, before + 1)], 0), "What was read was heard of."


async def test_what_is_newer_than_what_was_read_is_read_in_addition(world: World):
    board, before = await priorities(world, 2)
    feed = Feed()
    feed.hear(board, before + 1)
    assert (await read(world, feed, {board: before}))[1] == 1
    await priorities(world, 1)
    feed.hear(board, before + 3)
    missed = [(board, before + number) for number in (1, 2, 3)]
    assert await read(world, feed, {board: before}) == (missed, 1)
    assert await read(world, feed, {board: before}) == (missed, 0)


async def test_a_gap_before_what_was_read_is_not_passed_over(world: World):
    board, before = await priorities(world, 4)
    feed = Feed()
    assert await read(world, feed, {board: before + 3}, anew=True) == ([(board, before + 4)], 1)
    missed = [(board, before + number) for number in (1, 2, 3, 4)]
    assert await read(world, feed, {board: before}) == (missed, 1)
    assert await read(world, feed, {board: before + 3}) == (missed[3:], 0)


async def test_what_somebody_depends_on_besides_is_read_along(world: World):
    board, before = await priorities(world, 1)
    workspace = topic("workspace", world.workspace_id)
    seen = {board: before, workspace: (await world.revisions())[workspace]}
    await world.do(workspaces.rename, world.ana, world.workspace_id, "Another name")
    feed = Feed()
    feed.hear(board, before + 1)  # The doorbell of the workspace is late, or lost.
    assert await read(world, feed, seen) == ([(board, before + 1), (workspace, seen[workspace] + 1)], 1)


async def test_more_than_can_be_followed_is_told_and_not_kept(world: World):
    board, before = await priorities(world, GAP + 1)
    feed = Feed()
    feed.hear(board, before + GAP + 1)
    for _ in range(2):
        changes, statements = await read(world, feed, {board: before})
        assert len(changes) > GAP
        assert statements == 1


async def test_what_nobody_depends_on_any_more_is_forgotten(world: World):
    board, before = await priorities(world, 1)
    feed = Feed()
    feed.hear(board, before + 1)
    assert (await read(world, feed, {board: before}))[1] == 1
    feed.keep([topic("board", world.board_id + 1)])
    assert await read(world, feed, {board: before}) == ([], 0)


async def test_who_comes_back_across_the_edge_of_what_was_forgotten_sees_the_break(world: World):
    board, before = await priorities(world, 4)
    feed, anew = Feed(), Feed()
    async with world.db.unrecorded() as session:
        await prune_changes(session, now() + timedelta(days=1), 0)
    async with world.db.glancing() as tx:
        assert is_broken({board: before}, changes := await feed.after(tx, {board: before}, anew=True))
        assert [change.revision for change in changes] == [before + 4]
        assert not is_broken({board: before + 3}, await anew.after(tx, {board: before + 3}, anew=True))
    assert not is_broken({board: before}, [])
