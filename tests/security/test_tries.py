"""How often an address may try to get in: over two workers, behind a proxy, and while Redis is away."""

import asyncio
import itertools
import json
import statistics
import time
from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest

from app.domain.invites import REFUSED
from app.web.rate import TOO_FAST, TOO_MANY
from app.web.signing_in import WRONG
from app.web.way_in import WRONG_PASSWORD
from tests.live.client import ROOT, Client, sign_in, sign_up
from tests.live.faults import sized
from tests.security.conftest import PASSWORD
from tests.support.server import Server, serving
from tests.support.services import RedisServer, running
from tests.support.stores import PostgreSQLStore

STRICT = {"DOOR_RATE_LIMIT": "10", "TRUSTED_PROXY_HOPS": "1", "WORKERS": "2", "MESSAGE_RATE_LIMIT": "30"}
addresses = (f"198.51.100.{number}" for number in itertools.count(1))


@pytest.fixture(scope="module")
def own_redis() -> Iterator[RedisServer]:
    with running(RedisServer) as server:
        yield server


@pytest.fixture(scope="module")
def strict(postgresql_store: PostgreSQLStore, own_redis: RedisServer) -> Iterator[Server]:
    """Two workers behind a proxy, with the limits as they come."""
    url = postgresql_store.create("migrated")
    with serving(DATABASE_URL=url, REDIS_URL=own_redis.url, **STRICT) as server:
        yield server
        assert "Traceback" not in server.log, server.log
    postgresql_store.drop(url)


async def post(server: Server, path: str, where: str, cookie: str = "", **form: str) -> str:
    """The sentence that a form from this address came back with; empty when it was taken.

    Each is sent on a connection of its own, so that both workers get some.
    """
    sent = {"Origin": server.url, "X-Forwarded-For": where} | ({"Cookie": cookie} if cookie else {})
    async with httpx.AsyncClient(base_url=server.url, headers=sent, timeout=60) as browser:
        answer = await browser.post(path, data=form)
    assert answer.status_code == 303
    flash = (answer.cookies.get("tandem_flash") or "").strip('"')
    payload = flash.split(".")[1] if flash else ""
    return json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["sentence"] if payload else ""


def proxied(server: Server, where: str) -> Client:
    """A tab that reaches the program from this address, through its proxy."""
    tab = Client(server.url)
    tab.headers["X-Forwarded-For"] = where
    return tab


async def somebody(server: Server) -> str:
    """The address of a new account."""
    email = f"{next(addresses)}@tandem.example"
    assert await post(server, "/auth/sign-up", next(addresses), name="Ana", email=email, password=PASSWORD) == ""
    return email


ROUNDS = sized(6, 20)
"""Of fifty wrong passwords each."""


async def test_wrong_passwords_by_the_hundred_are_refused_and_the_owner_gets_in(strict: Server):
    email, attacker, owner = await somebody(strict), next(addresses), next(addresses)
    answers: Counter[str] = Counter()
    began = time.monotonic()
    for _ in range(ROUNDS):
        tries = (post(strict, "/auth/sign-in", attacker, email=email, password=f"wrong {n} guess") for n in range(50))
        answers.update(await asyncio.gather(*tries))
    assert set(answers) == {WRONG, TOO_MANY}
    assert answers.total() == ROUNDS * 50
    assert answers[WRONG] <= 15 + (time.monotonic() - began) / 6, "Ten at once, and one in six seconds."
    assert await post(strict, "/auth/sign-in", attacker, email=email, password=PASSWORD) == TOO_MANY
    assert await post(strict, "/auth/sign-in", owner, email=email, password=PASSWORD) == ""


async def test_another_account_is_tried_from_the_same_address_only_so_often(strict: Server):
    attacker = next(addresses)
    tries = (
        post(strict, "/auth/sign-in", attacker, email=f"a{n}@tandem.example", password=PASSWORD) for n in range(60)
    )
    answers = Counter(await asyncio.gather(*tries))
    assert 30 <= answers[WRONG] <= 40 and answers[TOO_MANY] >= 20, "Three times as many as for one account."


async def test_whoever_knows_the_password_is_never_counted(strict: Server):
    email, office = await somebody(strict), next(addresses)
    for _ in range(40):
        assert await post(strict, "/auth/sign-in", office, email=email, password=PASSWORD) == ""


@pytest.mark.parametrize(
    "path", ["/auth/password", "/auth/email", "/auth/second-factor/turn-off", "/auth/second-factor/renew-codes"]
)
async def test_at_a_screen_that_was_left_open_a_password_is_guessed_only_so_often(strict: Server, path: str):
    """What takes the password of who is signed in counts with signing in: there is no second set of guesses."""
    email, where = await somebody(strict), next(addresses)
    form = {"email": f"new-{email}", "new_password": "chosen by somebody else", "code": "000000"}
    cookie = await sign_in(strict.url, email, PASSWORD)
    tries = (post(strict, path, where, **form, cookie=cookie, password=f"wrong {n} guess") for n in range(40))
    answers = Counter(await asyncio.gather(*tries))
    assert set(answers) == {WRONG_PASSWORD, TOO_MANY}
    assert 10 <= answers[WRONG_PASSWORD] <= 13
    assert await post(strict, path, where, **form, cookie=cookie, password=PASSWORD) == TOO_MANY
    assert await post(strict, "/auth/sign-in", where, email=email, password=PASSWORD) == TOO_MANY
    assert await post(strict, "/auth/sign-in", next(addresses), email=email, password=PASSWORD) == "", (
        "It is as it was."
    )


async def test_turning_on_a_second_factor_is_no_way_to_guess_either(strict: Server):
    email, where = await somebody(strict), next(addresses)
    headers = {"Origin": strict.url, "X-Forwarded-For": where, "Cookie": await sign_in(strict.url, email, PASSWORD)}
    async with httpx.AsyncClient(base_url=strict.url, headers=headers, timeout=60) as browser:
        begun = await browser.post("/auth/second-factor/begin")
    cookie = f"{headers['Cookie']}; tandem_totp={begun.cookies['tandem_totp']}"
    tries = (
        post(strict, "/auth/second-factor/turn-on", where, cookie=cookie, password=f"wrong {n}", code="000000")
        for n in range(40)
    )
    answers = Counter(await asyncio.gather(*tries))
    assert set(answers) == {WRONG_PASSWORD, TOO_MANY}
    assert 10 <= answers[WRONG_PASSWORD] <= 13


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/auth/sign-up", {"name": "", "email": "x", "password": "x"}),
        ("/auth/forgot", {"email": "nobody@tandem.example"}),
        ("/auth/reset", {"token": "x", "new_password": PASSWORD}),
        ("/auth/confirm", {"token": "x"}),
    ],
)
async def test_the_other_forms_take_ten_tries_a_minute(strict: Server, path: str, form: dict[str, str]):
    where = next(addresses)
    answers = await asyncio.gather(*(post(strict, path, where, **form) for _ in range(40)))
    taken = [answer for answer in answers if answer != TOO_MANY]
    assert 10 <= len(taken) <= 13
    assert await post(strict, path, next(addresses), **form) != TOO_MANY


async def test_who_stands_before_our_proxy_is_not_believed(strict: Server):
    """The proxy adds the address that it sees behind what the browser has sent."""
    seen, form = next(addresses), {"token": "x", "new_password": PASSWORD}
    answers = await asyncio.gather(*(post(strict, "/auth/reset", f"10.0.0.{n}, {seen}", **form) for n in range(30)))
    assert 10 <= len([answer for answer in answers if answer != TOO_MANY]) <= 13


async def test_without_a_proxy_the_header_is_not_believed_at_all():
    with serving(DOOR_RATE_LIMIT="10") as server:
        form = {"token": "x", "new_password": PASSWORD}
        answers = [await post(server, "/auth/reset", next(addresses), **form) for _ in range(30)]
    assert 10 <= len([answer for answer in answers if answer != TOO_MANY]) <= 14


async def test_invitations_cannot_be_guessed(strict: Server):
    where, answers = next(addresses), Counter()
    tabs = [proxied(strict, where) for _ in range(2)]
    for number in range(30):
        tab = tabs[number % 2]
        await tab.open(f"/join/guess-{number}")
        answers[tab.store["join"]["sentence"]] += 1
        await tab.close()
    assert set(answers) == {REFUSED, TOO_MANY}
    assert 10 <= answers[REFUSED] <= 16
    other = await proxied(strict, next(addresses)).open("/join/guess")
    assert other.store["join"]["sentence"] == REFUSED
    await other.close()


async def test_commands_are_counted_over_both_workers(strict: Server):
    email = await somebody(strict)
    cookie = await sign_in(strict.url, email, PASSWORD)
    here = await Client(strict.url, cookie).open("/")
    there = await Client(strict.url, cookie).open("/", not_on=here.worker)
    save, done = f"{ROOT}.app___web___account___state____account.save", 0
    for tab in (here, there):
        for number in range(40):
            name = f"Ana {tab.worker_pid} {number}"
            await tab.send(save, name=name, color="rose")
            await tab.until(
                lambda store, tab=tab, name=name: store["people"]["me"]["name"] == name or TOO_FAST in tab.toasts,
                "it is answered",
            )
            if TOO_FAST in tab.toasts:
                break
            done += 1
    assert 30 <= done <= 45, "One bucket of 30, which fills up by one in two seconds, is for both."
    await here.close()
    await there.close()


async def test_while_redis_is_paused_nobody_waits_and_each_worker_counts_half(strict: Server, own_redis: RedisServer):
    where, form = next(addresses), {"token": "x", "new_password": PASSWORD}
    took = []
    own_redis.pause()
    try:
        answers = []
        for _ in range(30):
            began = time.monotonic()
            answers.append(await post(strict, "/auth/reset", where, **form))
            took.append(time.monotonic() - began)
    finally:
        own_redis.resume()
    assert 5 <= len([answer for answer in answers if answer != TOO_MANY]) <= 14, "Five on each worker, and a few."
    assert statistics.median(took) < 0.3


async def test_known_and_unknown_people_are_answered_in_the_same_time(program: Server):
    """In turn, and judged by the median of the ratios: whatever else the machine does meets both of a pair."""
    email = "slow-and-steady@tandem.example"
    await sign_up(program.url, "Ana", email, PASSWORD)
    took: dict[str, list[float]] = {email: [], "nobody@tandem.example": []}
    headers = {"Origin": program.url}
    async with httpx.AsyncClient(base_url=program.url, headers=headers, timeout=30) as browser:
        for number in range(60):
            for address, times in took.items() if number % 2 else reversed(took.items()):
                began = time.perf_counter()
                await browser.post("/auth/sign-in", data={"email": address, "password": "a wrong password"})
                times.append(time.perf_counter() - began)
    ratios = [known / unknown for known, unknown in zip(*took.values(), strict=True)]
    assert 0.9 < statistics.median(ratios) < 1.1, sorted(ratios)
