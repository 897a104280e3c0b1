"""A peer that vanished without closing is noticed by its silence; one whose network only stumbled never left."""

import asyncio
import time

from app import presence, settings
from tests.live.client import Client, Store
from tests.live.faults import come_back
from tests.live.proxy import Proxy
from tests.live.story import Story

GONE_WITHIN = 30.0
"""Seconds until somebody who vanished is seen by nobody any more."""
SLACK = 1.0
"""Seconds more than promised, on a machine that does other things too."""
FLAP = 3.0
"""Seconds for which a network stumbles."""


def here(store: Store) -> set[int]:
    return set(store.get("nearby", {}).get("people", ()))


def everyone_shown(tab: Client) -> list[set[int]]:
    """Every list of people that the tab is sent from now on."""
    shown: list[set[int]] = []
    tab.on_delta = lambda delta, _: shown.append(here(delta)) if "nearby" in delta else None
    return shown


async def test_somebody_who_vanished_is_gone_within_thirty_seconds(story: Story):
    async with Proxy(story.server.url) as network:
        ana = await story.tab("Ana")
        await story.tab("Ben", via=network.url)
        ana_id, ben_id = story.people["Ana"].id, story.people["Ben"].id
        await ana.until(lambda store: here(store) == {ana_id, ben_id}, "both are here")
        network.silence()  # Right after a sign of life, which is when it takes longest to notice.
        vanished = time.monotonic()
        heartbeat = settings.get().heartbeat_interval + settings.get().heartbeat_timeout
        await ana.until(lambda store: here(store) == {ana_id}, "Ben is gone", GONE_WITHIN + SLACK)
        assert network.is_silent, "The premise: nobody told the server."
        assert time.monotonic() - vanished > heartbeat, "It was the silence that was noticed."
        assert ana.connections == 1


async def test_nobody_sees_a_network_that_stumbles_as_leaving(story: Story):
    async with Proxy(story.server.url) as network, Proxy(story.server.url) as other:
        ana, ben = await story.tab("Ana"), await story.tab("Ben", via=network.url)
        await story.tab("Cleo", via=other.url)
        everyone = {story.people[name].id for name in ("Ana", "Ben", "Cleo")}
        await ana.until(lambda store: here(store) == everyone, "all are here")
        shown = everyone_shown(ana)
        for one in (network, other):
            one.refuse()
            one.cut()
        await ben.ended()
        await asyncio.sleep(FLAP)
        network.refuse(False)
        await come_back(ben)
        lingers = presence.AFTER_LOSING + 1.0 + SLACK
        await ana.until(
            lambda store: here(store) == everyone - {story.people["Cleo"].id}, "Cleo, who stays away, is gone", lingers
        )
        assert all(story.people["Ben"].id in people for people in shown)
        assert ben.connections == 2
        await story.all_equal(ana, ben)


async def test_nobody_sees_a_network_that_is_silent_for_a_moment_as_leaving(story: Story):
    async with Proxy(story.server.url) as network:
        ana, ben = await story.tab("Ana"), await story.tab("Ben", via=network.url)
        both = {story.people["Ana"].id, story.people["Ben"].id}
        await ana.until(lambda store: here(store) == both, "both are here")
        shown = everyone_shown(ana)
        network.silence()
        await ana.do("complete_task", task_id=story.tasks[0])
        await asyncio.sleep(FLAP)
        assert not ben.store["cards"][f"t{story.tasks[0]}"]["is_done"], "Nothing came through."
        network.silence(False)
        await story.all_equal(ana, ben)
        assert all(people == both for people in shown)
        assert ben.connections == 1
