"""What people type and what lets them in is in no log, no health page and no error, also when everything fails."""

import asyncio
import contextlib
import uuid
from collections.abc import Iterator

import httpx
import pytest

from tests.live.client import BOARD, ROOT, Client, Gone, sign_in, sign_up
from tests.live.faults import query
from tests.security.sockets import event, greeted
from tests.support.server import UNHURRIED, Server, serving
from tests.support.services import PostgreSQL, RedisServer, running
from tests.support.stores import PostgreSQLStore

HOME = f"{ROOT}.app___web___home____home"
INVITE = f"{ROOT}.app___web___invite____invite"
WHAT = (
    "password", "wrong-password", "name", "workspace", "board", "lane", "title", "description", "search", "next",
    "agent", "argument", "frame", "refused", "while-redis-is-away", "while-the-database-is-away", "broken",
)  # fmt: skip
PLANTED = {what: f"planted-{what}-{uuid.uuid4().hex[:12]}" for what in WHAT}

FAILS = """
CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'unforeseen' USING DETAIL = 'Failing row contains ' || NEW.title; END $$;
CREATE TRIGGER fails BEFORE INSERT ON task FOR EACH ROW EXECUTE FUNCTION fails();
"""
"""A row that the database does not take, which it shows in its complaint."""


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    """One of the test's own, which it kills."""
    with running(RedisServer) as server:
        yield server


async def test_nothing_that_is_secret_is_written_down(
    postgresql: PostgreSQL, postgresql_store: PostgreSQLStore, redis: RedisServer
):
    url = postgresql_store.create("migrated")
    with serving(DATABASE_URL=url, REDIS_URL=redis.url, WORKERS="2", **UNHURRIED) as server:
        seen = [await a_day_at_the_door(server)]
        ana, secrets = await a_day_at_work(server)
        seen += [await a_bad_day(server, ana)]
        redis.kill()
        await ana.do("rename_task", task_id=task_of(ana), title=PLANTED["while-redis-is-away"], based_on=0)
        await asyncio.sleep(1)
        name = postgresql_store_name(url)
        postgresql.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        postgresql.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        seen += [await without_a_database(server, ana)]
        postgresql.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        seen += [await a_handler_that_fails(server, ana, url)]
        await ana.close()
        for place, words in {"the log": server.log, "an answer": "\n".join(seen)}.items():
            found = [what for what, planted in (PLANTED | secrets).items() if planted in words]
            assert not found, f"In {place}: {found}"
        assert '"message"' in server.log, "The premise: the log has something to say."
        assert "unforeseen" in server.log, "The premise: it says what has failed."
    postgresql_store.drop(url)


async def a_day_at_the_door(server: Server) -> str:
    """Good and bad sign-ins, and addresses that are wrong; everything that was answered."""
    await sign_up(server.url, PLANTED["name"], "ana@secrets.example", PLANTED["password"])
    form = {"email": "ana@secrets.example", "password": PLANTED["wrong-password"], "next": f"/{PLANTED['next']}"}
    said = []
    async with httpx.AsyncClient(base_url=server.url, headers={"User-Agent": PLANTED["agent"]}) as browser:
        for origin in (server.url, "http://evil.example"):
            for path in ("/auth/sign-in", "/auth/sign-up", "/auth/sign-out"):
                answer = await browser.post(path, data=form | {"name": PLANTED["name"]}, headers={"Origin": origin})
                said += [answer.text]
        for path in ("/health", f"/{PLANTED['search']}.txt", "/_upload"):
            said.append((await browser.get(path, params={"q": PLANTED["search"]})).text)
    return "\n".join(said)


async def a_day_at_work(server: Server) -> tuple[Client, dict[str, str]]:
    """A workspace full of words; what its people hold that lets them in."""
    cookie = await sign_in(server.url, "ana@secrets.example", PLANTED["password"])
    ana = await Client(server.url, cookie).open("/")
    await ana.send(f"{HOME}.create_workspace", workspace_name=PLANTED["workspace"])
    await ana.until(lambda store: store["workspaces"].get("home", {}).get("workspaces"), "the workspace is there")
    workspace = ana.store["workspaces"][f"w{ana.store['workspaces']['home']['workspaces'][0]}"]
    await ana.go(f"/b/{workspace['boards'][0]['id']}")
    await ana.until(lambda store: store.get("header", {}).get("h"), "the board is there")
    header = ana.store["header"]["h"]
    await ana.do("rename_board", board_id=header["id"], name=PLANTED["board"])
    await ana.do("rename_lane", lane_id=header["lanes"][1], name=PLANTED["lane"])
    await ana.do("add_tasks", lane_id=header["lanes"][0], titles=[PLANTED["title"]])
    await ana.until(lambda store: store.get("cards"), "the task is there")
    await ana.do("describe_task", task_id=task_of(ana), description=PLANTED["description"], based_on=0)
    await ana.send(
        f"{INVITE}.create",
        workspace_id=workspace["id"],
        role="viewer",
        days="1",
        uses="1",
        email_domain="",
    )
    await ana.until(lambda store: store.get("invite", {}).get("link"), "the link is there")
    token = ana.store["invite"]["link"].rpartition("/")[2]
    visitor = await Client(server.url, cookie).open(f"/join/{token}")
    await visitor.close()
    return ana, {"cookie": cookie.partition("=")[2], "tab's token": ana.token, "invitation": token}


async def a_bad_day(server: Server, ana: Client) -> str:
    """Arguments that cannot be, texts that do not fit, and frames that no page sends."""
    await ana.do("rename_task", task_id=PLANTED["argument"], title=PLANTED["argument"], based_on=0)
    await ana.do("rename_task", task_id=task_of(ana), title=PLANTED["refused"] * 100, based_on=0)
    await ana.do("complete_task", task_id=900_000_000)
    await ana.until(lambda _: len(ana.toasts) >= 2, "they are refused")
    for frame in (f"42/_event,{PLANTED['frame']}", event(f"{BOARD}.{PLANTED['frame']}"), PLANTED["frame"]):
        opened = await greeted(server, additional_headers={"Cookie": ana.cookie})
        await opened.send(frame)
        await opened.wait_closed()
    return "\n".join(ana.toasts)


async def without_a_database(server: Server, ana: Client) -> str:
    said = []
    with contextlib.suppress(Gone):
        for _ in range(3):
            await ana.do("add_tasks", lane_id=1, titles=[PLANTED["while-the-database-is-away"]])
    async with httpx.AsyncClient(base_url=server.url, headers={"Origin": server.url}, timeout=30) as browser:
        form = {"email": "ana@secrets.example", "password": PLANTED["password"], "name": PLANTED["name"]}
        for path in ("/auth/sign-in", "/auth/sign-up"):
            said.append((await browser.post(path, data=form)).text)
        for path in ("/health", "/settings", "/sign-in"):
            said.append((await browser.get(path, headers={"Cookie": ana.cookie})).text)
    return "\n".join([*said, *ana.toasts])


async def a_handler_that_fails(server: Server, ana: Client, url: str) -> str:
    """What nobody foresaw, with somebody's words in it."""
    await query(url, FAILS)
    lane_id = ana.store["header"]["h"]["lanes"][0]
    for _ in range(20):  # The first tries may still meet connections that were cut.
        before = ana.store["feedback"]["refused"]["number"]
        await ana.do("add_tasks", lane_id=lane_id, titles=[PLANTED["broken"]])
        await ana.until(lambda store, before=before: store["feedback"]["refused"]["number"] != before, "it failed")
        if "unforeseen" in server.log:
            break
    return ana.toasts[-1]


def task_of(ana: Client) -> int:
    return next(card["id"] for card in ana.store["cards"].values())


def postgresql_store_name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]
