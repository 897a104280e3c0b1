"""Presence: who has the board open now, on whichever worker."""

import asyncio
import os
import signal
from typing import Any

from app import presence
from tests.live.client import Client, Store
from tests.live.story import Story

SLACK = 1.0
"""Seconds more than promised, on a machine that does other things too."""


def near(client: Client) -> set[int]:
    return set(client.store.get("nearby", {}).get("people", ()))


async def sees(client: Client, *people: int, patience: float = 5.0) -> None:
    await client.until(lambda _: near(client) == set(people), f"those here are {people}", patience)


async def test_people_on_different_workers_see_each_other(story: Story):
    ana, ben = await story.on_two_workers()
    both = story.people["Ana"].id, story.people["Ben"].id
    await sees(ana, *both)
    await sees(ben, *both)


async def test_whoever_closes_the_tab_is_gone_within_two_seconds(story: Story):
    ana, ben = await story.on_two_workers()
    await sees(ana, story.people["Ana"].id, story.people["Ben"].id)
    await ben.close()
    await sees(ana, story.people["Ana"].id, patience=2.0 + SLACK)


async def test_whoever_has_a_second_tab_open_stays(story: Story):
    ana, ben = await story.on_two_workers()
    cleo = await story.tab("Cleo")
    again = await story.tab("Ben")
    everyone = [story.people[name].id for name in ("Ana", "Ben", "Cleo")]
    await sees(ana, *everyone)
    seen = record(ana)
    await asyncio.gather(ben.close(), cleo.close())
    await sees(ana, *everyone[:2], patience=2.0 + SLACK)
    assert all(story.people["Ben"].id in people for people in seen)
    assert again.is_connected


async def test_nobody_sees_a_reload_as_leaving(story: Story):
    ana, ben = await story.on_two_workers()
    cleo = await story.tab("Cleo")
    everyone = [story.people[name].id for name in ("Ana", "Ben", "Cleo")]
    await sees(ana, *everyone)
    seen = record(ana)
    # Cleo closes her tab when Ben reloads his: when she is seen to be gone, he would be, too.
    await asyncio.gather(cleo.close(), ben.reload())
    await sees(ana, *everyone[:2], patience=2.0 + SLACK)
    assert all(story.people["Ben"].id in people for people in seen)
    assert ben.connections == 2


async def test_people_of_a_killed_worker_and_of_a_lost_network_are_gone_in_time(story: Story):
    ana, ben = await story.on_two_workers()
    cleo = await story.tab("Cleo", on=ana.worker)
    ana_id, ben_id, cleo_id = (story.people[name].id for name in ("Ana", "Ben", "Cleo"))
    await sees(ana, ana_id, ben_id, cleo_id)
    await cleo.drop()
    os.kill(ben.worker_pid, signal.SIGKILL)
    await ben.ended()
    assert near(ana) == {ana_id, ben_id, cleo_id}, "Most are back by then: nobody is shown leaving at once."
    await sees(ana, ana_id, ben_id, patience=presence.AFTER_LOSING + 1.0 + SLACK)
    await sees(ana, ana_id, patience=presence.LIFE + 1.0 + SLACK)
    assert ana.connections == 1


def record(client: Client) -> list[Any]:
    """Every list of people that the tab is sent from now on."""
    seen: list[Any] = []

    def note(delta: Store, _: int) -> None:
        if "nearby" in delta:
            seen.append(delta["nearby"]["people"])

    client.on_delta = note
    return seen
