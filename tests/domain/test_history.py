"""What a topic missed is found as quickly in a Tandem that has much behind it."""

import pytest
from sqlalchemy import text

from app.domain import history, tasks
from app.domain.drawings import cards
from tests.support.world import World

ELSEWHERE = """
INSERT INTO change (topic, revision, kind, entity, entity_id, details, at)
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 20000)
SELECT CONCAT('board:', 900 + n % 10), n, 'task.renamed', 'task', 1, '{}', CURRENT_TIMESTAMP FROM number
"""
MANY_TASKS = """
INSERT INTO task (board_id, lane_id, rank, title, title_version, description, description_version, priority, created_by,
                  created_at, files, comments, author)
SELECT 1, 1, CONCAT('zz', n), 'One of many', 0, '', 0, 0, 1, CURRENT_TIMESTAMP, 0, 0, ''
FROM generate_series(1, 10000) n
"""
MANY_SMALL_BOARDS = (
    "INSERT INTO board (workspace_id, name, revision, created_at, is_private) "
    "SELECT 1, CONCAT('Small ', n), 1, CURRENT_TIMESTAMP, false FROM generate_series(1, 2000) n",
    "INSERT INTO lane (board_id, name, rank) SELECT id, 'Small', 'a' FROM board WHERE name LIKE 'Small %'",
    MANY_TASKS.replace("SELECT 1, 1,", "SELECT lane.board_id, lane.id,").replace(
        "generate_series(1, 10000) n", "lane, generate_series(1, 12) n WHERE lane.name = 'Small'"
    ),
)
READ = "SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables WHERE relname IN ('change', 'task')"
"""Rows of the tables that this transaction has looked at (PostgreSQL)."""


async def test_what_was_missed_is_given_in_order_and_no_more_than_asked_for(world: World):
    seen = await world.revisions()
    for _ in range(3):
        await world.do(tasks.complete, world.ana, world.task_id)
        await world.do(tasks.reopen, world.ana, world.task_id)
    await world.give_role(world.cleo, "member")
    async with world.db.reading() as tx:
        missed = await history.changes_after(tx, {"board:1": seen["board:1"], "workspace:1": seen["workspace:1"]}, 100)
        first = await history.changes_after(tx, {"board:1": seen["board:1"], "workspace:1": seen["workspace:1"]}, 4)
    assert [change.kind for change in missed] == ["task.completed", "task.reopened"] * 3 + ["member.role_changed"]
    assert missed[:4] == first
    assert [change.revision for change in missed[:6]] == [seen["board:1"] + step for step in range(1, 7)]


async def test_however_much_has_happened_elsewhere_only_what_was_missed_is_looked_at(world: World):
    if world.db.is_sqlite:
        pytest.skip("SQLite keeps no count of what it looks at.")
    async with world.db.unrecorded() as session:
        await session.execute(text(ELSEWHERE))
        for statement in (MANY_TASKS, *MANY_SMALL_BOARDS):
            await session.execute(text(statement))
        await session.execute(text("ANALYZE change, task"))  # As PostgreSQL does by itself.
    seen = (await world.revisions())["board:1"] - 2
    async with world.db.reading() as tx:
        await tx.session.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))  # What PostgreSQL comes to.
        for _ in range(20):  # psycopg prepares what it has seen five times.
            assert len(await history.changes_after(tx, {"board:1": seen}, 500)) == 2
            assert len((await cards.with_changes(tx, 1, {"board:1": seen}, 500))[0]) == 2
        assert (await tx.session.execute(text(READ))).scalar_one() < 400
