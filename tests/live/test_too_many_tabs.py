"""A person has as many tabs as MAX_CONNECTIONS_PER_USER; the newest stay, whichever workers they are on."""

from collections.abc import Iterator

import pytest

from tests.live.client import ROOT, Client, sign_up
from tests.support.server import Server
from tests.support.services import RedisServer
from tests.support.stores import PostgreSQLStore
from tests.support.two_workers import two_workers


@pytest.fixture
def strict_server(postgresql_store: PostgreSQLStore, redis_server: RedisServer) -> Iterator[Server]:
    with two_workers(postgresql_store, redis_server, begins="migrated", MAX_CONNECTIONS_PER_USER="2") as server:
        yield server


async def test_the_oldest_tab_rests_on_whichever_worker_it_is_and_can_be_taken_up_again(strict_server: Server):
    cookie = await sign_up(strict_server.url, "Ana", "ana@example.com", "one tab too many")
    first = await Client(strict_server.url, cookie).open("/")
    second = await Client(strict_server.url, cookie).open("/", not_on=first.worker)
    assert not first.store["door"]["sentence"], "The premise: two tabs are allowed."
    third = await Client(strict_server.url, cookie).open("/", not_on=first.worker)
    await first.until(lambda store: "resting" in store["door"]["sentence"], "the first tab is told to rest")
    assert not second.store["door"]["sentence"]
    await first.reload()
    await second.until(lambda store: "resting" in store["door"]["sentence"], "now the second is the oldest")
    assert not first.store["door"]["sentence"]
    assert not third.store["door"]["sentence"]
    for client in (first, second, third):
        await client.close()


async def test_a_tab_that_rests_is_sent_nothing_until_it_goes_on_and_then_the_oldest_rests(strict_server: Server):
    cookie = await sign_up(strict_server.url, "Cleo", "cleo@example.com", "one tab too many")
    first = await Client(strict_server.url, cookie).open("/")
    second = await Client(strict_server.url, cookie).open("/", not_on=first.worker)
    third = await Client(strict_server.url, cookie).open("/")
    await first.until(lambda store: store["door"]["is_resting"], "the first tab rests")
    await third.send(f"{ROOT}.app___web___account___state____account.save", name="Cleo C.", color="teal")
    await second.until(lambda store: store["people"]["me"]["name"] == "Cleo C.", "the second is sent it")
    assert first.store["people"]["me"]["name"] == "Cleo"
    connections = first.connections
    await first.go("/")  # What its button sends.
    await first.until(lambda store: not store["door"]["is_resting"], "it goes on")
    await first.until(lambda store: store["people"]["me"]["name"] == "Cleo C.", "it is caught up")
    await second.until(lambda store: store["door"]["is_resting"], "now the second is the oldest")
    assert first.connections == connections and not third.store["door"]["is_resting"]
    for client in (first, second, third):
        await client.close()


async def test_a_reload_makes_no_other_tab_rest(strict_server: Server):
    cookie = await sign_up(strict_server.url, "Ben", "ben@example.com", "one tab too many")
    first = await Client(strict_server.url, cookie).open("/")
    second = await Client(strict_server.url, cookie).open("/")
    for _ in range(5):
        await second.reload()
    await first.send("reflex___state____state.app___web___dialogs____dialogs.open", name="new-workspace", subject=0)
    await first.until(lambda store: store["dialogs"]["name"] == "new-workspace", "the first tab is still served")
    assert not first.store["door"]["sentence"]
    for client in (first, second):
        await client.close()
