"""The gate: who may open a socket or post, with what token, and which frames get through."""

import json
import re
import uuid

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.live.client import ROOT
from tests.security.matrix import registry
from tests.security.sockets import GREETING, HYDRATE, is_let_in, socket
from tests.support.server import Server


def foreign_origins(program: Server) -> list[str | None]:
    host = program.url.removeprefix("http://")
    port = host.rpartition(":")[2]
    return [
        None,
        "",
        "null",
        "http://evil.example",
        f"ws://{host}",
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
        f"{program.url}, {program.url}",
        program.url.replace("127.0.0.1", "127.1"),
        program.url.replace("127.0.0.1", "2130706433"),
        program.url.replace("127.0.0.1", "[::1]"),
    ]


async def test_only_our_own_origin_opens_a_socket(program: Server):
    assert await is_let_in(program), "The premise: our own origin gets in."
    for origin in foreign_origins(program):
        assert not await is_let_in(program, origin=origin), f"The origin {origin!r} was let in."


async def test_only_our_own_origin_posts_whatever_takes_posts(program: Server):
    paths = [name.removeprefix("POST ") for name in registry.routes() if name.startswith("POST ")]
    assert "/auth/sign-in" in paths, "The premise: there is something to post to."
    form = {"email": "nobody@example.com", "password": "not the password"}
    async with httpx.AsyncClient(base_url=program.url) as browser:
        for path in paths:
            url = re.sub(r"\{\w+(:\w+)?\}", "17", path)
            ours = await browser.post(url, data=form, headers={"Origin": program.url})
            assert ours.status_code != 403 or "refused" not in ours.text, "The premise: our own origin gets an answer."
            for origin in foreign_origins(program):
                headers = {} if origin is None else {"Origin": origin}
                answer = await browser.post(url, data=form, headers=headers)
                # A mail program has no page of ours; its link is signed, and this one is not.
                refused = 404 if path.startswith("/mail/") else 403
                assert (answer.status_code, "set-cookie" in answer.headers) == (refused, False), (
                    f"{url} from {origin!r}"
                )


@pytest.mark.parametrize(
    "token",
    [
        "",
        "1",
        "x" * 60_000,
        "65dd4a74-e903-11f1-ad59-02fc00000001",
        "../../etc",
        "d3f5980c-f1d4-4433-9db4-66ca60bdda60_state",
    ],
)
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
    opened = await socket(program)
    await opened.send(GREETING)
    await opened.recv()
    await opened.send(frame)
    with pytest.raises(ConnectionClosed):
        while True:
            await opened.recv()


async def test_a_page_that_reports_an_error_of_its_own_stays_connected(program: Server):
    opened = await socket(program)
    await opened.send(GREETING)
    report = {"name": f"{ROOT}.reflex___state____frontend_event_exception_state.handle_frontend_exception"}
    await opened.send("42/_event," + json.dumps(["event", report | {"payload": {"info": "planted " + "x" * 5000}}]))
    await opened.send('42/_event,["ping"]')
    while "pong" not in str(await opened.recv()):
        pass
    await opened.close()
    line = next(line for line in program.log.splitlines() if "planted" in line)
    assert len(line) < 500
