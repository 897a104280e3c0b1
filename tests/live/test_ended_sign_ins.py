"""A sign-in that is ended ends in its open tabs too, on whichever worker they are, also while Redis is away."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from app.web.room import ENDED
from tests.live.client import ROOT, Client, sign_in, sign_up
from tests.live.faults import query
from tests.live.story import Story, titles
from tests.support.server import Server
from tests.support.services import RedisServer

ACCOUNT = f"{ROOT}.app___web___account___state____account"
PASSWORD = "nobody signs me out"
QUICK, WITHOUT_REDIS = 1.0, 5.0
"""Seconds that it may take."""
RUN_OUT = 4.0
"""The same where nothing rings: the safety query is made every two seconds."""


class Person:
    """Somebody new, with a board of their own, who signs in on as many devices as a test needs."""

    count = 0

    def __init__(self, server: Server, email: str, cookie: str) -> None:
        self.server, self.email, self.first = server, email, cookie
        self.tabs: list[Client] = []

    @classmethod
    async def sign_up(cls, server: Server) -> "Person":
        cls.count += 1
        email = f"finn{cls.count}.{server.port}@tandem.example"
        return cls(server, email, await sign_up(server.url, "Finn", email, PASSWORD))

    async def device(self) -> str:
        """The Cookie header of one more sign-in."""
        return await sign_in(self.server.url, self.email, PASSWORD)

    async def tab(self, cookie: str, path: str = "/settings", **where: str) -> Client:
        tab = await Client(self.server.url, cookie).open(path, **where)
        self.tabs.append(tab)
        return tab


@pytest.fixture
async def finn(server: Server) -> AsyncIterator[Person]:
    person = await Person.sign_up(server)
    yield person
    for tab in person.tabs:
        await tab.close()


def devices(tab: Client) -> list[str]:
    return tab.store.get("devices", {}).get("devices", {}).get("devices", [])


def sign_in_of(tab: Client) -> str:
    return tab.store["session"]["sign_in"]


def door(tab: Client) -> str:
    return tab.store.get("door", {}).get("sentence", "")


async def post(person: Person, cookie: str, path: str, **form: str) -> httpx.Response:
    headers = {"Origin": person.server.url, "Cookie": cookie}
    async with httpx.AsyncClient(base_url=person.server.url, headers=headers, timeout=30) as browser:
        return await browser.post(path, data=form)


async def is_shut_out(tab: Client, since: float, patience: float) -> None:
    """It is at the door within the time, and what it asks for is refused, and changes nothing."""
    await tab.until(lambda _: door(tab) == ENDED, "the tab is at the door", patience)
    assert time.monotonic() - since < patience
    before = len(tab.toasts)
    await tab.send(f"{ACCOUNT}.save", name="Taken over", color="rose")
    await tab.until(lambda _: len(tab.toasts) > before, "the command is answered")
    assert tab.toasts[-1].startswith("You are signed out.")
    assert tab.store["people"]["me"]["name"] == "Finn"


async def test_every_device_is_listed_as_it_comes_and_goes_and_nobody_elses(finn: Person):
    here = await finn.tab(finn.first)
    there = await finn.tab(await finn.device(), not_on=here.worker)
    await here.until(lambda _: len(devices(here)) == 2, "both are listed")
    assert set(devices(here)) == {sign_in_of(here), sign_in_of(there)}
    shown = here.store["devices"][f"s{sign_in_of(there)}"]
    assert shown["address"] == "127.0.0.1" and shown["device"].startswith("python-httpx")
    stranger = await Person.sign_up(finn.server)
    other = await stranger.tab(stranger.first)
    assert devices(other) == [sign_in_of(other)]
    await other.send(f"{ACCOUNT}.end_session", session=sign_in_of(here))
    await other.until(lambda _: other.toasts, "it is answered")
    assert other.toasts == ["This sign-in has ended already."]
    assert not door(here) and not door(there)
    await other.close()
    await post(finn, there.cookie, "/auth/sign-out")
    await here.until(lambda _: devices(here) == [sign_in_of(here)], "one is left")


async def test_when_a_device_was_last_seen_is_live(finn: Person):
    here = await finn.tab(finn.first)
    there = await finn.tab(await finn.device(), "/", not_on=here.worker)
    key = f"s{sign_in_of(there)}"
    long_ago = "UPDATE session SET last_seen_at = last_seen_at - interval '1 hour' WHERE id = %(id)s RETURNING id"
    assert await query(finn.server.database_url, long_ago, id=sign_in_of(there))
    for name in ("Finn B.", "Finn"):  # The first makes both workers forget what they know of Finn.
        await there.send(f"{ACCOUNT}.save", name=name, color="teal")
        await here.until(lambda store, name=name: store["people"]["me"]["name"] == name, "it is saved")
    seen = here.store["devices"][key]["last_seen_at"]
    await here.until(lambda store: age(store["devices"][key]["last_seen_at"]) < 60, f"it was seen since {seen}")


def age(iso: str) -> float:
    return (datetime.now(UTC) - datetime.fromisoformat(iso)).total_seconds()


async def test_one_that_is_ended_shows_the_door_on_the_other_worker_at_once(finn: Person):
    here = await finn.tab(finn.first)
    there = await finn.tab(await finn.device(), "/", not_on=here.worker)
    joining = [await finn.tab(there.cookie, "/join/no-invitation") for _ in range(3)]
    await there.send(f"{ACCOUNT}.save", name="Finn", color="teal")
    began = time.monotonic()
    await here.send(f"{ACCOUNT}.end_session", session=sign_in_of(there))
    await is_shut_out(there, began, QUICK)
    for tab in joining:
        await tab.send(f"{ACCOUNT}.save", name="Taken over", color="rose")
        await tab.until(lambda _, tab=tab: tab.toasts, "it is answered")
        assert tab.toasts[-1].startswith("You are signed out.")
    assert not door(here) and devices(here) == [sign_in_of(here)]
    await there.reload()
    assert there.events[-1]["payload"]["path"] == "/sign-in"


async def test_a_board_that_is_open_stops_at_the_door(story: Story):
    """Ben's sign-in on one device ends while Ana adds tasks: he sees none of them, and on his other device all."""
    server, (email, password) = story.server, ("ben@tandem.example", "ben launches tandem")
    ana = await story.tab("Ana")
    lost, kept = [Client(server.url, await sign_in(server.url, email, password)) for _ in range(2)]
    story.tabs += [lost, kept]
    await lost.open(story.path, not_on=ana.worker)
    await kept.open(story.path)
    await kept.send(f"{ACCOUNT}.end_session", session=sign_in_of(lost))
    await lost.until(lambda _: door(lost) == ENDED, "the tab is at the door", QUICK)
    await ana.do("add_tasks", lane_id=story.lanes["To do"], titles=["Not for a lost laptop"])
    await kept.until(lambda _: "Not for a lost laptop" in titles(kept), "it is added")
    assert "Not for a lost laptop" not in titles(lost)
    await lost.do("complete_task", task_id=story.tasks[0])
    await lost.until(lambda _: lost.toasts, "the command is answered")
    assert lost.toasts[-1].startswith("You are signed out.")
    await story.all_equal(ana, kept)


async def test_all_others_are_ended_and_this_one_goes_on(finn: Person):
    here = await finn.tab(finn.first)
    others = [
        await finn.tab(await finn.device(), "/", **where) for where in ({"on": here.worker}, {"not_on": here.worker})
    ]
    began = time.monotonic()
    await here.send(f"{ACCOUNT}.end_others")
    for other in others:
        await is_shut_out(other, began, QUICK + 1.0)
    assert here.toasts == ["Signed out on 2 other devices."]
    await here.send(f"{ACCOUNT}.save", name="Finn the second", color="teal")
    await here.until(lambda store: store["people"]["me"]["name"] == "Finn the second", "it goes on")


@pytest.mark.parametrize("way", ["password", "everywhere"])
async def test_a_new_password_and_signing_out_everywhere_do_so_too(finn: Person, way: str):
    here = await finn.tab(finn.first)
    there = await finn.tab(await finn.device(), "/", not_on=here.worker)
    began = time.monotonic()
    if way == "password":
        await post(finn, here.cookie, "/auth/password", password=PASSWORD, new_password="a new and longer one")
    else:
        await post(finn, here.cookie, "/auth/sign-out-everywhere")
    await is_shut_out(there, began, QUICK)
    if way == "everywhere":
        await is_shut_out(here, began, QUICK + 1.0)
    else:
        assert not door(here) and devices(here) == [sign_in_of(here)]


async def test_without_redis_it_takes_five_seconds_at_most(finn: Person, redis_server: RedisServer):
    here = await finn.tab(finn.first)
    there = await finn.tab(await finn.device(), "/", not_on=here.worker)
    await asyncio.to_thread(redis_server.stop)
    try:
        await here.until(lambda store: store["freshness"]["is_slow"], "it is known that Redis is away")
        await there.send(f"{ACCOUNT}.save", name="Finn", color="teal")
        began = time.monotonic()
        await here.send(f"{ACCOUNT}.end_session", session=sign_in_of(there))
        await is_shut_out(there, began, WITHOUT_REDIS)
        await here.until(lambda _: devices(here) == [sign_in_of(here)], "one is left")
    finally:
        await asyncio.to_thread(redis_server.start)
    await here.until(lambda store: not store["freshness"]["is_slow"], "Redis is back")


async def test_a_page_is_not_opened_with_a_sign_in_that_another_worker_ended(finn: Person):
    """No tab of the device is open, so that no worker hears of its end; each asks the database all the same."""
    cookie = await finn.device()
    for _ in range(6):  # Both workers have looked it up.
        async with httpx.AsyncClient(base_url=finn.server.url, headers={"Cookie": cookie}) as browser:
            assert (await browser.get("/")).status_code == 200
    await post(finn, cookie, "/auth/sign-out")
    for _ in range(6):
        async with httpx.AsyncClient(base_url=finn.server.url, headers={"Cookie": cookie}) as browser:
            assert (await browser.get("/")).status_code == 303


async def test_one_that_runs_out_shows_the_door_and_its_tab_is_sent_nothing_more(finn: Person):
    """Nothing rings when a sign-in has become too old; the tab was open before, and sends nothing meanwhile."""
    kept, cookie = await finn.device(), await finn.device()
    newest = "(SELECT id FROM session ORDER BY created_at DESC LIMIT 1)"
    soon = f"UPDATE session SET expires_at = now() + interval '6 seconds' WHERE id = {newest} RETURNING id, expires_at"
    [(id, ends)] = await query(finn.server.database_url, soon)
    going = await finn.tab(cookie, "/")
    assert sign_in_of(going) == id
    there = await finn.tab(kept, not_on=going.worker)
    assert not door(going) and sign_in_of(going) in devices(there)
    await going.until(lambda _: door(going) == ENDED, "the tab is at the door", 6 + WITHOUT_REDIS)
    late = (datetime.now(UTC) - ends).total_seconds()
    assert 0 <= late < RUN_OUT
    await there.until(lambda _: sign_in_of(going) not in devices(there), "it is listed no more", RUN_OUT)
    await there.send(f"{ACCOUNT}.save", name="Finn the late", color="teal")
    await there.until(lambda store: store["people"]["me"]["name"] == "Finn the late", "he goes on elsewhere")
    await is_shut_out(going, time.monotonic(), QUICK)
    assert not door(there)
    await going.reload()
    assert going.events[-1]["payload"]["path"] == "/sign-in"
