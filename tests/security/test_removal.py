"""Somebody is removed or given a lesser role, or all is deleted, while they send 20 commands a second and watch.

The order of the `change` table is the proof: an admin's change waits until what is going on at the boards has ended, so
whatever was accepted after it has a higher number. Ben's own socket tells when the last push came.
"""

import asyncio
import itertools
import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.domain import invites
from tests.live.client import ROOT, Client, Store
from tests.live.faults import query, sized
from tests.live.story import Story
from tests.support.server import UNHURRIED, Server
from tests.support.services import RedisServer, running
from tests.support.stores import PostgreSQLStore
from tests.support.two_workers import two_workers

MEMBERS = f"{ROOT}.app___web___members___state____members"
PACE = 0.05
"""Seconds between two commands of the one who is removed, and between two changes that they watch."""
WITH_REDIS, WITHOUT_REDIS = 1.0, 5.0
"""Seconds after the commit in which the last push may come, and the tab must know."""
AFTERWARDS = 0.5
"""Seconds for which everybody goes on once the tab knows."""
PUSHES = ("header", "lanes", "cards", "detail", "nearby", "freshness")
GONE = "This task is gone, or it is not shared with you."
LOWERED = "Your role here lets you look at tasks, not change them."
KINDS = {"remove": "member.removed", "lower": "member.role_changed", "delete": "workspace.deleted"}
DOORS = {"remove": "Ana removed you from Tandem team.", "delete": "Ana deleted Tandem team."}


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    """One that these tests may stop."""
    with running(RedisServer) as server:
        yield server


@pytest.fixture(scope="module")
def server(postgresql_store: PostgreSQLStore, redis: RedisServer) -> Iterator[Server]:
    with two_workers(postgresql_store, redis, **UNHURRIED) as server:
        yield server


class Ben:
    """A tab of Ben's that sends a due date every PACE seconds, and remembers when it was told what."""

    def __init__(self, tab: Client, task_id: int) -> None:
        self.tab, self.task_id = tab, task_id
        self.pushed_at = 0.0
        tab.on_delta = self._note

    def _note(self, delta: Store, size: int) -> None:
        if any(store in delta for store in PUSHES):
            self.pushed_at = time.time()

    async def work(self) -> None:
        for number in itertools.count():
            day = (datetime(1990, 1, 1) + timedelta(number)).date().isoformat()
            await self.tab.do("set_due", task_id=self.task_id, due_on=day)
            await asyncio.sleep(PACE)

    @property
    def role(self) -> str:
        return next(person["role"] for person in self.tab.board.values() if person and person.get("name") == "Ben")

    @property
    def door(self) -> str:
        return self.tab.store.get("door", {}).get("sentence", "")


class Trial:
    """One board, and on it one removal or lowering after the other."""

    def __init__(self, story: Story, ana: Client) -> None:
        self.story, self.ana, self.ben_id = story, ana, story.people["Ben"].id
        self.dice = random.Random(17)

    async def once(self, ben: Client, does: str, patience: float) -> None:
        ben_at_work = Ben(ben, self.story.tasks[0])
        busy = [asyncio.create_task(work) for work in (ben_at_work.work(), self._be_watched())]
        await asyncio.sleep(0.3 + self.dice.random() * 0.3)
        payload: dict[str, Any] = {"workspace_id": self.story.workspace_id, "person_id": self.ben_id}
        if does == "remove":
            await self.ana.send(f"{MEMBERS}.remove", **payload)
            await ben.until(lambda _: ben_at_work.door, "Ben is at the door", patience + 5)
        elif does == "delete":
            await self.ana.send(f"{MEMBERS}.delete", workspace_id=self.story.workspace_id, typed_name="Tandem team")
            await ben.until(lambda _: ben_at_work.door, "Ben is at the door", patience + 5)
        else:
            await self.ana.send(f"{MEMBERS}.change_role", **payload, role="viewer")
            await ben.until(lambda _: ben_at_work.role == "viewer", "Ben sees his role", patience + 5)
        known_at = time.time()
        await asyncio.sleep(AFTERWARDS)
        for task in busy:
            task.cancel()
        await self._judge(ben_at_work, does, known_at, patience)

    async def _be_watched(self) -> None:
        for number in itertools.count():
            await self.ana.do("set_priority", task_id=self.story.tasks[1], priority=str(number % 4))
            await asyncio.sleep(PACE)

    async def _judge(self, ben: Ben, does: str, known_at: float, patience: float) -> None:
        url = self.story.server.database_url
        cause, committed = (
            await query(
                url,
                "SELECT id, extract(epoch FROM at)::float FROM change "
                "WHERE topic = %(topic)s AND kind = %(kind)s ORDER BY id DESC LIMIT 1",
                topic=f"workspace:{self.story.workspace_id}",
                kind=KINDS[does],
            )
        )[0]
        accepted = await query(
            url,
            "SELECT id > %(cause)s, count(*) FROM change WHERE topic = %(topic)s AND actor_id = %(ben)s GROUP BY 1",
            cause=cause,
            topic=f"board:{self.story.board_id}",
            ben=self.ben_id,
        )
        assert dict(accepted).get(False, 0) > 0, "Ben's commands were accepted before."
        assert dict(accepted).get(True, 0) == 0, "A command was accepted after the commit."
        assert known_at - committed < patience, f"Ben's tab knew after {known_at - committed:.2f} s."
        assert ben.tab.toasts[-1:] == [LOWERED if does == "lower" else GONE]
        if does != "lower":
            assert ben.door == DOORS[does]
            assert ben.pushed_at - committed < patience, "The last push came too late."
        else:
            assert ben.pushed_at > committed, "A viewer still watches."

    async def take_back(self) -> None:
        """Ben is a member again, as if nothing had been."""
        ana, ben = self.story.people["Ana"], self.story.people["Ben"]
        statement = "DELETE FROM member WHERE workspace_id = %(workspace)s AND person_id = %(ben)s"
        await query(self.story.server.database_url, statement, workspace=self.story.workspace_id, ben=self.ben_id)
        async with self.story.db.transaction() as tx:
            token = await invites.create(tx, ana, self.story.workspace_id, "member", timedelta(days=1), 1)
            await invites.accept(tx, ben, token)


async def try_again_and_again(story: Story, rounds: int, patience: float) -> None:
    ana = await story.tab("Ana")
    trial, page = Trial(story, ana), await story.tab("Ana", f"/w/{story.workspace_id}/members")
    other = {"remove": ana.worker, "lower": ""}
    for number in range(rounds):
        does = ("remove", "lower")[number % 2]
        ben = await story.tab("Ben", **({"not_on": other[does]} if other[does] else {}))
        revisions = ben.revisions
        await trial.once(ben, does, patience)
        receipt = await told(page, does)
        assert (receipt["actor"], receipt["person"], len(receipt["tabs"]), receipt["missing"]) == ("Ana", "Ben", 1, 0)
        assert receipt["is_complete"] == (patience == WITH_REDIS), "Without Redis nobody can see all tabs."
        if does == "remove":
            assert receipt["tabs"][0]["revision"] == revisions[-1], "The last revision that Ben's tab was sent."
        await ben.close()
        await trial.take_back()
        await page.close()
        await page.reconnect()
    assert not page.toasts


async def test_not_one_command_is_accepted_after_the_workspace_is_deleted(story: Story):
    for _ in range(sized(3, 200)):
        ana, ben = await story.tab("Ana"), await story.tab("Ben")
        await Trial(story, ana).once(ben, "delete", WITH_REDIS)
        assert ana.toasts[-1] == GONE, "Nor one of who deleted it."
        for tab in (ana, ben):
            await tab.close()
        revive = "UPDATE workspace SET deleted_at = NULL WHERE id = %(workspace)s"
        await query(story.server.database_url, revive, workspace=story.workspace_id)


async def told(page: Client, does: str) -> dict[str, Any]:
    """The newest receipt on the admin's page, once it shows what became of a tab."""

    def newest(store: Store) -> dict[str, Any]:
        receipts = store.get("receipts", {})
        ids = receipts.get("receipts", {}).get("receipts", ())
        return receipts[f"r{ids[0]}"] if ids else {}

    is_for_this = {"remove": "", "lower": "viewer"}[does]
    await page.until(
        lambda store: newest(store).get("tabs") and newest(store)["role"] == is_for_this, "there is a receipt"
    )
    return newest(page.store)


async def test_not_one_command_is_accepted_after_the_commit_and_pushes_stop_within_a_second(story: Story):
    await try_again_and_again(story, sized(10, 200), WITH_REDIS)


async def test_the_same_within_five_seconds_while_redis_is_down(story: Story, redis: RedisServer):
    await asyncio.to_thread(redis.stop)
    try:
        await try_again_and_again(story, sized(6, 200), WITHOUT_REDIS)
    finally:
        await asyncio.to_thread(redis.start)
