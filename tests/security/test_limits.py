"""How fast, how much, how many: each limit of the gate is met, said in the log once or twice, and costs nobody else."""

import asyncio
import contextlib
import time
from collections.abc import Iterator

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from tests.live.client import ROOT
from tests.security.sockets import event, greeted, is_alive, is_let_in, socket
from tests.support.log import troubles
from tests.support.server import Server, serving

PING = '42/_event,["ping"]'
CLOSE = event(f"{ROOT}.app___web___dialogs____dialogs.close")
BURST, A_SECOND = 60, 20
HEAD, SILENCE = 10, 15
"""Seconds that the gate waits for the head of a request, and for somebody to say something."""


@pytest.fixture(scope="module")
def strict() -> Iterator[Server]:
    """As it comes out of the box, but for so few tabs an address that a test can have them."""
    with serving(MAX_CONNECTIONS_PER_ADDRESS="5") as server:
        yield server


async def sent_until_closed(opened: ClientConnection, frame: str, most: int) -> int:
    """How many of these frames went out before the other side had closed."""
    listening = asyncio.create_task(opened.wait_closed())
    for number in range(most):
        try:
            await opened.send(frame)
        except ConnectionClosed:
            return number
        if number > BURST:
            await asyncio.sleep(0.001)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(listening, 2)
    return most


async def drained(opened: ClientConnection) -> None:
    """Take whatever comes, until the end."""
    with contextlib.suppress(ConnectionClosed):
        while True:
            await opened.recv()


@pytest.mark.parametrize("frame", [PING, CLOSE, "2", '42/_event,["client_error",{"kind":"x"}]'])
async def test_more_than_a_burst_of_frames_of_any_kind_closes_the_socket(program: Server, frame: str):
    opened = await greeted(program)
    reading = asyncio.create_task(drained(opened))
    sent = await sent_until_closed(opened, frame, 500)
    await reading
    assert opened.close_code == 1008
    assert sent >= BURST - 1, "The premise: it was the number of them."
    assert "sent more events than a person can" in program.log


async def test_twenty_a_second_after_a_burst_of_sixty_are_served(program: Server):
    opened = await greeted(program)
    for _ in range(BURST - 2):
        await opened.send(PING)
    for _ in range(A_SECOND * 2):
        await asyncio.sleep(1.1 / A_SECOND)
        await opened.send(PING)
    assert await is_alive(opened)
    await opened.close()


async def test_an_address_has_so_many_sockets_and_again_as_soon_as_one_closes(strict: Server):
    opened = [await socket(strict) for _ in range(5)]
    assert not await is_let_in(strict)
    assert not await is_let_in(strict, additional_headers={"X-Forwarded-For": "203.0.113.9"}), "Anybody can write that."
    await opened.pop().close()
    for _ in range(100):
        if await is_let_in(strict):
            break
        await asyncio.sleep(0.05)
    else:
        raise AssertionError("There is room again, and nobody is let in.")
    for one in opened:
        await one.close()
    assert "opens too many sockets" in strict.log


async def test_an_address_that_opens_one_socket_after_the_other_is_told_to_wait(strict: Server):
    for _ in range(20):
        if not await is_let_in(strict):
            break
    else:
        raise AssertionError("Twenty sockets, one after the other, of an address that may have five.")


async def test_a_page_that_reports_errors_without_end_fills_no_log(program: Server):
    report = f"{ROOT}.reflex___state____frontend_event_exception_state.handle_frontend_exception"
    before = len(program.log)
    for _ in range(5):
        opened = await greeted(program)
        for number in range(50):
            await opened.send(event(report, info=f"reported {number}\n\rand on\u2028and on " + "x" * 3000))
        assert await is_alive(opened), "A page may fail often without being cut off."
        await opened.close()
    lines = troubles(program.log[before:])
    assert 0 < len(lines) <= 40
    assert [line for line in lines if len(line) >= 600 or "reported" not in line] == []


async def test_whoever_says_little_is_not_waited_for(program: Server):
    """Nothing, half a request line or head, a head that drips, half a body, a WebSocket that is never greeted."""
    host, _, port = program.url.removeprefix("http://").partition(":")
    head = f"POST /auth/sign-in HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {program.url}\r\n".encode()
    body = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 50\r\n\r\nemail=a"

    async def seconds_held(first: bytes, drip: bytes = b"") -> float:
        started = time.monotonic()
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(first)
        while time.monotonic() - started < 4 * SILENCE:
            with contextlib.suppress(TimeoutError, ConnectionError):
                if await asyncio.wait_for(reader.read(100), 1) == b"":
                    break
            with contextlib.suppress(ConnectionError):
                writer.write(drip)
        writer.close()
        return time.monotonic() - started

    async def seconds_ungreeted(heartbeat: str) -> float:
        started = time.monotonic()
        opened = await socket(program)
        with contextlib.suppress(ConnectionClosed):
            while True:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(opened.recv(), 1)
                if heartbeat:
                    await opened.send(heartbeat)
        return time.monotonic() - started

    async def stays_connected(opened: ClientConnection) -> bool:
        """A tab that nothing happens in, for longer than anybody who says little is waited for."""
        started = time.monotonic()
        while time.monotonic() - started < SILENCE + 2:
            with contextlib.suppress(TimeoutError):
                if await asyncio.wait_for(opened.recv(), 1) == "2":
                    await opened.send("3")
        return await is_alive(opened)

    log = len(program.log)
    quiet = asyncio.create_task(stays_connected(await greeted(program)))
    heads = [seconds_held(b""), seconds_held(b"GE"), seconds_held(head), seconds_held(head, b"X-Drip: 1\r\n")]
    heads += [seconds_held(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\nGET /he", b"a")]
    sockets = [seconds_ungreeted(""), seconds_ungreeted("3")]
    bodies = [seconds_held(head + body), seconds_held(head.replace(b"Origin", b"X-Origin") + body)]
    *held, by_body, refused = await asyncio.gather(*heads, *sockets, *bodies)
    assert all(HEAD - 1 < seconds < HEAD * 2 for seconds in held), held
    assert all(SILENCE - 1 < seconds < SILENCE * 2 for seconds in (by_body, refused))
    assert "Traceback" not in program.log[log:]
    assert await quiet, "Whoever has greeted may be quiet."
