"""Whoever was away is right again in a moment, however long it was and however much happened.

Time does not pass here. What eight hours leave behind is made at once: the changes are written by SQL, with times that
lie that far back, and so is the start of the sign-in. Nobody rings for them. What a room goes through meanwhile is one
of three things: a worker still keeps it (it does so for room.KEEP_EMPTY seconds after its last tab), another tab on
that worker kept it in use, or the tab comes back on a worker that has no such room, as all have after eight hours.
"""

import base64
import json
import time

import pytest

from tests.live.client import Client, sign_in
from tests.live.faults import query
from tests.live.page import ROOT_NAME
from tests.live.story import PASSWORDS, Story

TASKS = 1_000
FIVE_SECONDS, FIVE_MINUTES, EIGHT_HOURS = 5, 300, 8 * 3600
RIGHT_WITHIN = {1: 1.0, 1_000: 2.0, 50_000: 3.0}
"""Seconds from coming back to the right board, by how many changes were missed."""

MISS = """
    WITH counted AS (UPDATE board SET revision = revision + %(count)s WHERE id = %(board)s RETURNING revision),
    missed AS (
        SELECT number, revision - %(count)s + number AS revision, number %% 5 AS priority,
               (%(tasks)s::int[])[1 + number %% cardinality(%(tasks)s::int[])] AS task_id
        FROM counted, generate_series(1, %(count)s) AS number
    ),
    newest AS (SELECT DISTINCT ON (task_id) task_id, priority FROM missed ORDER BY task_id, number DESC),
    changed AS (UPDATE task SET priority = newest.priority FROM newest WHERE task.id = newest.task_id)
    INSERT INTO change (topic, revision, kind, actor_id, entity, entity_id, details, at)
    SELECT 'board:' || %(board)s, revision, 'task.prioritised', %(actor)s, 'task', task_id,
           json_build_object('to', priority), now() - make_interval(secs => %(ago)s * (1 - number / %(count)s::float))
    FROM missed ORDER BY number
"""


@pytest.mark.parametrize("room", ["kept", "in use", "not there"])
@pytest.mark.parametrize("missed, ago", [(1, FIVE_SECONDS), (1_000, FIVE_MINUTES), (50_000, EIGHT_HOURS)])
async def test_whoever_was_away_is_right_in_a_moment(story: Story, missed: int, ago: int, room: str):
    tasks = story.tasks + await story.fill("To do", TASKS - len(story.tasks))
    ben = await story.tab("Ben")
    left = ben.worker
    if room == "in use":
        await story.tab("Ana", on=left)
    await ben.drop()
    before, revision = ben.board, ben.store["freshness"]["revision"]

    values = {"board": story.board_id, "count": missed, "tasks": tasks, "ago": ago, "actor": story.people["Ana"].id}
    await query(story.server.database_url, MISS, **values)
    expected = await story.drawing()
    assert ben.board == before != expected
    assert await story.revisions() == list(range(1, revision + missed + 1))
    assert await _age_of_the_first_missed(story, revision) == pytest.approx(ago, abs=10 + ago / missed)

    took = await _seconds_until_right(ben, expected, left, on_it=room != "not there")
    assert ben.store["freshness"]["revision"] == revision + missed
    assert took < RIGHT_WITHIN[missed]
    await story.all_equal(*story.tabs)


async def test_eight_hours_end_no_sign_in(story: Story):
    cookie = await sign_in(story.server.url, *PASSWORDS["Ben"])
    claims = json.loads(base64.urlsafe_b64decode(cookie.partition("=")[2].split(".")[1] + "=="))
    assert claims["exp"] - claims["iat"] > EIGHT_HOURS
    older = (
        "UPDATE session SET created_at = created_at - make_interval(secs => %(ago)s), "
        "expires_at = expires_at - make_interval(secs => %(ago)s) WHERE id = %(id)s"
    )
    await query(story.server.database_url, older, ago=EIGHT_HOURS, id=claims["sid"])
    ben = Client(story.server.url, cookie)
    story.tabs.append(ben)
    await ben.open(story.path)
    await story.all_equal(ben)

    other = await sign_in(story.server.url, *PASSWORDS["Ben"])
    claims = json.loads(base64.urlsafe_b64decode(other.partition("=")[2].split(".")[1] + "=="))
    await query(story.server.database_url, older, ago=claims["exp"] - claims["iat"], id=claims["sid"])
    late = Client(story.server.url, other)
    story.tabs.append(late)
    await late.open(story.path)
    assert not late.board, "The premise: it is the row that says how long a sign-in lasts."


async def _seconds_until_right(tab: Client, expected: dict, worker: str, on_it: bool) -> float:
    """Come back on that worker, or on another; whichever is free answers, so this may knock several times."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        started = time.monotonic()
        await tab.reconnect()
        await tab.until(lambda store: store[ROOT_NAME]["is_hydrated"] and tab.board == expected, "it is right")
        took = time.monotonic() - started
        if (tab.worker == worker) == on_it:
            return took
        await tab.close()
    raise AssertionError("The wanted worker never answered.")


async def _age_of_the_first_missed(story: Story, revision: int) -> float:
    statement = (
        "SELECT extract(epoch FROM now() - at)::float FROM change WHERE topic = %(topic)s AND revision = %(revision)s"
    )
    values = {"topic": f"board:{story.board_id}", "revision": revision + 1}
    return (await query(story.server.database_url, statement, **values))[0][0]
