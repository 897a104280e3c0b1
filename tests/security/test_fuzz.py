"""Everything of the wrong shape that can be thought of, and much that cannot, at a program of two workers.

No worker may end, nothing may stay in memory, the log must stay readable, and whoever works beside it must not notice.
"""

import asyncio
import contextlib
import json
import re
import socket as sockets
import time
import uuid
from collections.abc import Iterator
from statistics import quantiles
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import connect

from tests.live import story as stories
from tests.live.client import PROTOCOL, ROOT, Client, sign_up
from tests.live.faults import seconds_to_arrive, sized, wait_until
from tests.live.test_tabs_that_do_not_read import memory
from tests.security import corpus
from tests.security.matrix import registry
from tests.security.sockets import GREETING, event, greeted
from tests.support.server import Server
from tests.support.services import RedisServer
from tests.support.stores import PostgreSQLStore
from tests.support.two_workers import two_workers

FRAMES = sized(500, 5000)
AT_ONCE = 5
"""Frames in one connection, some of which end it."""
FLOOD = sized(1000, 10_000)
IDLE = sized(10, 60)
"""Seconds of rest, after which memory is what it was."""
KEPT = 8 * 2**20
"""Bytes by which two workers may have grown: allocators give back in pages, not in objects."""
LONGEST_LINE = 600
OURS = re.compile(
    r"A socket was closed |An address opens |A page reports |Wrong arguments |Attempting to send "
    r"|Invalid HTTP request|Unsupported upgrade"
)
"""How the records begin that all of this may cause."""
ROOM = {"MAX_CONNECTIONS_PER_ADDRESS": "100000", "MAX_CONNECTIONS_PER_USER": "1000", "MESSAGE_RATE_LIMIT": "1000000"}
TOKENS = [str(uuid.uuid4()) for _ in range(8)]
"""Few, in the short form, so that what is kept for a tab that may come back is not what is measured."""


@pytest.fixture(scope="module")
def fuzzed(postgresql_store: PostgreSQLStore, redis_server: RedisServer) -> Iterator[Server]:
    with two_workers(postgresql_store, redis_server, may_fail=True, **ROOM) as server:
        yield server


@pytest.fixture(scope="module")
def cookie(fuzzed: Server) -> str:
    return asyncio.run(sign_up(fuzzed.url, "Mallory", "mallory@fuzz.example", "any shape will do"))


@pytest.fixture(autouse=True)
def nothing_breaks(fuzzed: Server) -> Iterator[None]:
    pids, begins = fuzzed.workers, len(fuzzed.log)
    yield
    assert fuzzed.workers == pids, "A worker has ended."
    said = fuzzed.log[begins:].splitlines()
    wrong = [line[:300] for line in said if len(line) > LONGEST_LINE or not OURS.match(json.loads(line)["message"])]
    assert not wrong, "\n".join(["Lines that are too long, or nobody's:", *dict.fromkeys(wrong)][:60])


def dial(server: Server, cookie: str, token: str) -> connect:
    address = f"{server.url.replace('http', 'ws', 1)}/_event/?token={token}&EIO=4&transport=websocket"
    headers = {"Cookie": cookie} if cookie else {}
    options = {"origin": server.url, "subprotocols": [PROTOCOL], "proxy": None, "compression": None, "close_timeout": 1}
    return connect(address, additional_headers=headers, max_size=None, **options)  # type: ignore[arg-type]  # Each of its own type.


def send_all(server: Server, cookie: str, frames: list[str | bytes], raw: bytes = b"") -> None:
    """Greet, or not, then send each of them until the other side has had enough."""
    token = str(uuid.uuid4()) if FRAMES > 500 else TOKENS[len(frames) % len(TOKENS)]
    with contextlib.suppress(WebSocketException, OSError), dial(server, cookie, token) as opened:
        if not frames or frames[0] != "":
            opened.send(GREETING)
        for frame in frames:
            opened.send(frame)
        if raw:
            opened.socket.sendall(raw)
            opened.recv(timeout=0.5)


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(codec=None), max_size=50),
    st.sampled_from(["__proto__", "tx", "actor", "task_id", "pathname", "query", "x" * 3000]),
)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
)
NAMES = st.sampled_from(registry.commands()) | st.text(max_size=40) | JSON
EVENTS = st.fixed_dictionaries({"name": NAMES, "payload": JSON}, optional={"router_data": JSON, "token": JSON})
PREFIXES = st.sampled_from(
    ["42/_event,", "40/_event,", "42", "41/_event,", "451-/_event,", "43/_event,1", "4", "0", ""]
)
ANY_FRAME = st.one_of(
    st.sampled_from(corpus.FRAMES),
    st.binary(max_size=300),
    st.text(max_size=300),
    st.builds(lambda prefix, body: prefix + json.dumps(body), PREFIXES, JSON),
    st.builds(lambda event: "42/_event," + json.dumps(["event", event]), EVENTS),
    st.builds(lambda event: "40/_event," + json.dumps({"event": event}), EVENTS),
)


def test_frames_of_every_wrong_shape_end_no_worker(fuzzed: Server, cookie: str):
    for frame in corpus.FRAMES:
        send_all(fuzzed, cookie, [frame])
    for raw in corpus.RAW:
        send_all(fuzzed, cookie, [], raw)

    @settings(
        max_examples=FRAMES // AT_ONCE, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.lists(ANY_FRAME, min_size=AT_ONCE, max_size=AT_ONCE))
    def send_some(frames: list[str | bytes]) -> None:
        send_all(fuzzed, cookie, frames)

    send_some()


def answer_to(server: Server, request: bytes) -> bytes:
    """The beginning of what comes back, if anything does."""
    with sockets.create_connection((urlsplit(server.url).hostname, server.port), timeout=5) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(request)
            connection.shutdown(sockets.SHUT_WR)
        with contextlib.suppress(OSError):
            return connection.recv(65536)
    return b""


def test_requests_of_every_wrong_shape_are_answered_or_closed(fuzzed: Server):
    answered = 0
    for request in corpus.REQUESTS:
        answer = answer_to(fuzzed, request)
        head = answer.partition(b"\r\n\r\n")[0]
        assert not answer or answer.startswith(b"HTTP/1.1 "), (request[:100], answer[:100])
        assert not answer.startswith(b"HTTP/1.1 5"), (request[:100], answer[:100])
        assert b"\r\nX-INJECTED" not in head, request[:100]
        assert b"tandem=INJECTED" not in head or b"\r\nset-cookie" not in head.lower(), request[:100]
        answered += bool(answer)
    assert answered > len(corpus.REQUESTS) / 2


def test_cookies_of_every_wrong_shape_sign_nobody_in(fuzzed: Server):
    for cookie in corpus.COOKIES:
        request = f"GET /settings HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode("latin-1")
        answer = answer_to(fuzzed, request)
        assert answer.startswith((b"HTTP/1.1 303", b"HTTP/1.1 400")), (cookie[:100], answer[:100])
    for cookie in corpus.COOKIES:
        if cookie.isascii() and len(cookie) < 5000:
            send_all(fuzzed, cookie, ['42/_event,["ping"]'])


async def flood(server: Server, cookie: str, events: int) -> int:
    """Send so many events as fast as they go, in one connection after the other; how many got out."""
    sent, close = 0, event(f"{ROOT}.app___web___dialogs____dialogs.close")
    headers = {"Cookie": cookie}
    while sent < events:
        with contextlib.suppress(ConnectionClosed, OSError, TimeoutError):
            opened = await greeted(server, additional_headers=headers, token=TOKENS[sent % len(TOKENS)])
            for _ in range(min(events - sent, 200)):
                await opened.send(close)
                sent += 1
        with contextlib.suppress(WebSocketException, OSError):
            await opened.close()
    return sent


async def neighbour_waits(author: Client, task_id: int, times: int) -> list[float]:
    waits = []
    for _ in range(times):
        waits.append(await seconds_to_arrive(author, task_id))
        await asyncio.sleep(0.06)  # As fast as a person can, or the gate would take it for a flood.
    return waits


async def test_floods_from_one_and_from_fifty_sockets_disturb_nobody_else(fuzzed: Server, cookie: str):
    story = await stories.begin(fuzzed)
    ana = await story.tab("Ana")
    base = await neighbour_waits(ana, story.tasks[0], sized(20, 200))
    for flooders in (1, 50):
        each = FLOOD // flooders
        flooding = asyncio.gather(*(flood(fuzzed, cookie, each) for _ in range(flooders)))
        waits = await neighbour_waits(ana, story.tasks[0], sized(20, 200))
        assert sum(await flooding) >= FLOOD - flooders
        if sized(False, True):
            p99, of_base = quantiles(waits, n=100)[98], quantiles(base, n=100)[98]
            assert p99 <= 2 * of_base, f"{flooders} sockets: {p99 * 1000:.1f} ms, without them {of_base * 1000:.1f} ms"
        assert max(waits) < 5
    assert ana.connections == 1, "The neighbour was never disconnected."
    await story.all_equal(ana)
    await story.end()


async def test_nothing_of_it_stays_in_memory(fuzzed: Server, cookie: str):
    """What a first round leaves behind is how a process settles; what a second one adds would be a leak."""
    held = []
    for _ in range(2):
        for frames in zip(corpus.FRAMES, reversed(corpus.FRAMES), strict=True):
            await asyncio.to_thread(send_all, fuzzed, cookie, list(frames))
        await flood(fuzzed, cookie, FLOOD)
        if not held:
            await asyncio.sleep(IDLE)
            held.append(memory(fuzzed.workers))
    started = time.monotonic()
    await wait_until(lambda: memory(fuzzed.workers) < held[0] + KEPT, "memory is back", IDLE + 1)
    assert time.monotonic() - started < IDLE + 1
