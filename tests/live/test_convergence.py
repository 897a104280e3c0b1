"""Whatever happens, every screen ends up the same, and nothing that was acknowledged is lost or doubled.

24 people change six boards, a hundred times a second if the machine can, while things fail, and two of them have a real
browser open beside. The long form: `bin/chaos`.
"""

from tests.chaos.run import Result, converge, kills
from tests.chaos.stage import PLAYERS

AT_LEAST = 20
"""Commands a second without which a run tells nothing; a quiet machine of two cores makes a hundred."""


def assert_all_is_well(result: Result) -> None:
    assert result.people == PLAYERS == 24
    assert result.commands > AT_LEAST * result.seconds, f"Too little was going on: {result.report()}"
    assert result.acknowledged > result.commands / 10, result.report()
    assert {entry.kind for entry in result.texts} == {"task.added", "task.renamed", "task.described"}
    assert result.is_good, result.report()


async def test_every_screen_equals_the_database_after_a_minute_of_faults():
    result = await converge(seed=1, seconds=60, worker_kills=2, browsers=2)()
    assert result.faults["kill_worker"] >= 2
    assert result.faults.total() == 6
    assert_all_is_well(result)


async def test_two_programs_with_a_redis_cluster_between_them_end_up_the_same_too():
    result = await converge(seed=1, seconds=25, worker_kills=1, cluster=True)()
    assert result.faults.total() == 2
    assert_all_is_well(result)


async def test_nothing_acknowledged_is_lost_when_workers_are_killed_and_postgresql_restarts():
    result = await kills(seed=1, workers=6, restarts=2)()
    assert result.faults == {"kill_worker": 6, "restart_postgresql": 2}
    assert_all_is_well(result)
