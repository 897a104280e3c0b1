"""Who has a task open and who writes, on another worker too; and that nothing of it is kept or sent when it is off."""

import time
from typing import Any

from tests.browser.tab import until
from tests.live.client import ROOT, Client
from tests.live.story import Story
from tests.live.test_who_is_here import SLACK, near, sees
from tests.support.services import RedisServer

TALK = f"{ROOT}.app___web___board___talk_state____talk"
ACCOUNT = f"{ROOT}.app___web___account___state____account"
MEMBERS = f"{ROOT}.app___web___members___state____members"


def looking(client: Client) -> dict[str, list[int]]:
    return client.store.get("looking", {}).get("tasks", {})


def writers(client: Client, task_id: int) -> list[int]:
    return client.store.get("writers", {}).get(f"w{task_id}", [])


async def write(client: Client, task_id: int, is_writing: bool = True) -> None:
    await client.send(f"{TALK}.write", task_id=task_id, is_writing=is_writing)


def kept_of(redis_server: RedisServer, person_id: int) -> list[str]:
    """What Redis holds of where somebody is, but for the list of their own tabs and what has run out."""
    with redis_server.client() as redis:
        places = [key for key in redis.scan_iter("tandem:here:*") if b":home:" not in key]
        found = [redis.zrangebyscore(key, time.time(), "+inf") for key in places]
        entries = [str(entry) for entries in found for entry in entries]  # type: ignore[union-attr]  # Here it is a list.
        return [entry for entry in entries if f"|{person_id}|" in entry]


async def nothing_is_kept(redis_server: RedisServer, *people: int) -> None:
    async def kept() -> list[str]:
        return [entry for person_id in people for entry in kept_of(redis_server, person_id)]

    await until(kept, [], 2.0 + SLACK)


async def test_who_has_a_task_open_and_who_writes_is_seen_on_another_worker(story: Story):
    ana, ben = await story.on_two_workers()
    ana_id, ben_id, task_id = story.people["Ana"].id, story.people["Ben"].id, story.tasks[0]
    await ben.go(f"{story.path}?task={task_id}")
    await ana.until(lambda _: looking(ana) == {str(task_id): [ben_id]}, "Ben is seen at the task")
    await write(ana, task_id)  # She has not opened it.
    await ana.go(f"{story.path}?task={task_id}")
    await ben.until(lambda _: looking(ben) == {str(task_id): [ana_id, ben_id]}, "both are, as they came to the board")
    await write(ben, task_id)
    await ana.until(lambda _: writers(ana, task_id) == [ben_id], "Ben is seen writing")
    began = time.monotonic()
    await ana.until(lambda _: writers(ana, task_id) == [], "he is seen to have stopped", 3.0 + SLACK)
    assert time.monotonic() - began > 2.0
    await write(ben, task_id)
    await ana.until(lambda _: writers(ana, task_id) == [ben_id], "Ben is seen writing")
    await write(ben, task_id, is_writing=False)
    await ana.until(lambda _: writers(ana, task_id) == [], "he is done", 2.0)
    await ben.go(f"{story.path}?task={story.tasks[1]}")
    await ana.until(lambda _: looking(ana) == {str(task_id): [ana_id], str(story.tasks[1]): [ben_id]}, "Ben went on")
    await ben.close()
    await ana.until(lambda _: looking(ana) == {str(task_id): [ana_id]}, "Ben is gone", 2.0 + SLACK)


async def test_of_who_does_not_want_to_be_seen_nothing_is_kept_or_sent(story: Story, redis_server: RedisServer):
    ana, ben = await story.on_two_workers()
    cleo = await story.tab("Cleo", on=ben.worker)
    ana_id, ben_id, cleo_id = (story.people[name].id for name in ("Ana", "Ben", "Cleo"))
    task_id = story.tasks[0]
    for tab in (ana, ben, cleo):
        await tab.go(f"{story.path}?task={task_id}")
    await sees(ana, ana_id, ben_id, cleo_id)
    assert kept_of(redis_server, ben_id), "The premise: something is kept."
    await ben.send(f"{ACCOUNT}.show_me", is_shown=False)
    await sees(ana, ana_id, cleo_id)
    await ana.until(lambda _: ben_id not in looking(ana).get(str(task_id), ()), "Ben is not seen at the task")
    await nothing_is_kept(redis_server, ben_id)
    seen = record(ana, cleo)
    await write(ben, task_id)
    await ben.go(story.path)
    await ben.go(f"{story.path}?task={task_id}")
    await write(ben, task_id)
    await write(cleo, task_id)
    await ana.until(lambda _: cleo_id in writers(ana, task_id), "Cleo is seen writing")
    assert kept_of(redis_server, ben_id) == []
    assert seen
    assert not [delta for delta in seen if ben_id in people_of(delta)]
    await ben.send(f"{ACCOUNT}.show_me", is_shown=True)
    await ana.until(lambda _: ben_id in near(ana) and ben_id in looking(ana)[str(task_id)], "Ben is seen again")

    await ana.send(f"{MEMBERS}.show_people", workspace_id=story.workspace_id, is_on=False)
    await sees(cleo)
    await ana.until(lambda _: not near(ana) and not looking(ana), "Nobody is seen")
    await write(cleo, task_id)
    await ben.reload()
    await nothing_is_kept(redis_server, ana_id, ben_id, cleo_id)
    await ana.send(f"{MEMBERS}.show_people", workspace_id=story.workspace_id, is_on=True)
    await sees(ana, ana_id, ben_id, cleo_id)


def people_of(delta: dict[str, Any]) -> set[int]:
    """Those of whom a delta tells where they are."""
    tasks = delta.get("looking", {}).get("tasks", {})
    found = {*delta.get("nearby", {}).get("people", ()), *(id for ids in tasks.values() for id in ids)}
    return found.union(*(ids for key, ids in delta.get("writers", {}).items() if key.startswith("w")))


def record(*clients: Client) -> list[dict[str, Any]]:
    """Every delta that these tabs are sent from now on."""
    seen: list[dict[str, Any]] = []
    for client in clients:
        client.on_delta = lambda delta, _: seen.append(delta)
    return seen
