"""The gate: who may open a socket or post, with what token, and which frames get through."""

import json
import uuid

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidMessage, InvalidStatus

from tests.live.client import PROTOCOL, ROOT
from tests.security.conftest import Crowd
from tests.support.server import Server

HYDRATE = {"name": f"{ROOT}.hydrate_and_load", "router_data": {"pathname": "/", "asPath": "/", "query": {}}}


def foreign_origins(program: Server) -> list[str | None]:
    host = program.url.removeprefix("http://")
    port = host.rpartition(":")[2]
    return [
        None,
        "",
        "null",
        "http://evil.example",
        f"https://{host}",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        f"http://localhost:{port}",
        f"http://evil.example#{host}",
        f"http://{host}.evil.example",
        f"http://evil@{host}",
        f"{program.url}/",
        f"{program.url} http://evil.example",
        program.url.upper(),
    ]


async def socket(program: Server, **options) -> ClientConnection:
    token = options.pop("token", str(uuid.uuid4()))
    address = f"{program.url.replace('http', 'ws', 1)}/_event/?token={token}&EIO=4&transport=websocket"
    options = {"origin": program.url, "subprotocols": [PROTOCOL], "proxy": None, "compression": None} | options
    return await connect(address, **options)


async def is_let_in(program: Server, **options) -> bool:
    try:
        opened = await socket(program, **options)
    except (InvalidStatus, InvalidMessage, ConnectionClosed, EOFError):
        return False
    await opened.close()
    return True


async def test_only_our_own_origin_opens_a_socket(program: Server):
    assert await is_let_in(program), "The premise: our own origin gets in."
    for origin in foreign_origins(program):
        assert not await is_let_in(program, origin=origin), f"The origin {origin!r} was let in."


async def test_only_our_own_origin_posts(program: Server):
    form = {"email": "nobody@example.com", "password": "not the password"}
    async with httpx.AsyncClient(base_url=program.url) as browser:
        ours = await browser.post("/auth/sign-in", data=form, headers={"Origin": program.url})
        assert ours.status_code == 303, "The premise: our own origin gets an answer."
        for origin in foreign_origins(program):
            headers = {} if origin is None else {"Origin": origin}
            assert (await browser.post("/auth/sign-in", data=form, headers=headers)).status_code == 403, origin


@pytest.mark.parametrize("token", ["", "1", "x" * 60_000, str(uuid.uuid1()), "../../etc", str(uuid.uuid4()) + "_state"])
async def test_a_tab_token_is_a_random_uuid_or_nothing(program: Server, token: str):
    if token and len(token) == 36:
        assert uuid.UUID(token).version == 1, "The premise: a UUID, but not a random one."
    assert not await is_let_in(program, token=token)


@pytest.mark.parametrize(
    "frame",
    [
        b"4\x00\x01",
        "42/_event," + json.dumps(["event", {"name": "x" * 140_000}]),
        "42/_event," + "[" * 30_000,
        "42/_event,{}",
        "42/_event," + json.dumps(["event", {"name": f"{ROOT}.setvar", "payload": {}}]),
        "42/_event," + json.dumps(["event", {"name": HYDRATE["name"], "payload": []}]),
        "42/_event," + json.dumps(["event", HYDRATE, HYDRATE]),
        "42/_event," + json.dumps(["event", HYDRATE | {"name": ["x"]}]),
        "42/_event," + json.dumps(["event", HYDRATE | {"payload": None}]),
        "42/_event," + json.dumps(["event", HYDRATE | {"router_data": None}]),
        "42/_event," + json.dumps(["event", HYDRATE | {"router_data": {"pathname": 7}}]),
        "42/_event," + json.dumps(["event", HYDRATE | {"router_data": {"pathname": "/", "query": {"a": {}}}}]),
        "42/_event," + json.dumps(["disconnect", {}]),
        "42/another," + json.dumps(["event", HYDRATE]),
        "40/another,",
        '451-/_event,["event",{"_placeholder":true,"num":0}]',
        "5",
        "",
    ],
)
async def test_a_frame_that_no_page_of_ours_sends_ends_the_connection(program: Server, frame: str | bytes):
    opened = await socket(program, max_size=None)
    await opened.send("40/_event," + json.dumps({"event": HYDRATE}))
    await opened.recv()
    await opened.send(frame)
    with pytest.raises(ConnectionClosed):
        while True:
            await opened.recv()


async def test_a_page_that_reports_an_error_of_its_own_stays_connected(program: Server):
    opened = await socket(program)
    await opened.send("40/_event," + json.dumps({"event": HYDRATE}))
    report = {"name": f"{ROOT}.reflex___state____frontend_event_exception_state.handle_frontend_exception"}
    await opened.send("42/_event," + json.dumps(["event", report | {"payload": {"info": "planted " + "x" * 5000}}]))
    await opened.send('42/_event,["ping"]')
    while "pong" not in str(await opened.recv()):
        pass
    await opened.close()
    line = next(line for line in program.log.splitlines() if "planted" in line)
    assert len(line) < 500


async def test_the_tab_token_of_somebody_else_shows_nothing_of_theirs(people: Crowd):
    ana, mallory = await people.tab(), await people.tab()
    await ana.open("/")
    mallory.token = ana.token
    await mallory.open("/")
    assert ana.store["session"]["me"]["email"], "The premise: Ana's state is there to be had."
    assert mallory.store["session"]["me"]["email"] != ana.store["session"]["me"]["email"]
    anonymous = await people.tab(cookie="")
    anonymous.token = ana.token
    await anonymous.connect()
    await anonymous.until(lambda store: anonymous.events, "the anonymous tab is sent to sign in")
    assert ana.store["session"]["me"]["email"] not in json.dumps(anonymous.store)


async def test_answers_carry_the_headers_that_protect_them(program: Server):
    async with httpx.AsyncClient(base_url=program.url) as browser:
        headers = (await browser.get("/sign-in")).headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in scripts
    assert headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in headers


async def test_nothing_takes_files_and_reflex_s_own_endpoints_are_few(program: Server):
    async with httpx.AsyncClient(base_url=program.url, headers={"Origin": program.url}) as browser:
        assert (await browser.post("/_upload", content=b"x")).status_code in (404, 405)
        assert (await browser.get("/_all_routes")).status_code in (303, 404)
