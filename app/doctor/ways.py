"""Ways to others and to us: Redis, the mail server, our port, and PUBLIC_URL through whatever stands in front."""

import asyncio
import http.client
import json
import socket
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin

from app import mail, reasons
from app.doctor.finding import Noted, Unwell
from app.settings import Settings

LONGEST = 64 * 1024
"""Bytes that are read of an answer."""


async def redis(here: Settings) -> str:
    from redis.asyncio import Redis
    from redis.exceptions import RedisError

    if not here.redis_url:
        return "None is set: one worker needs none."
    url = here.redis_url.replace("+cluster", "", 1)
    client = Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3)
    try:
        started = time.monotonic()
        version = (await client.info("server"))["redis_version"]
        return f"Redis {version} answers in {(time.monotonic() - started) * 1000:.1f} ms."
    except RedisError as error:
        raise Unwell(
            f"It does not answer ({reasons.of(error)}): start it, or correct REDIS_URL. Until then changes take "
            "up to two seconds to reach other workers."
        ) from None
    finally:
        await client.aclose()


async def mail_server(here: Settings) -> str:
    if not here.smtp_host:
        return "None is sent, as SMTP_HOST is not set: admins make reset links."
    try:
        await mail.Counter(here).try_out()
    except mail.NotTaken as reason:
        raise Unwell(f"{reason} SMTP_HOST is {here.smtp_host}.") from None
    return f"The server at {here.smtp_host} lets us in."


async def program(here: Settings) -> str:
    """It answers on its port here, and says of each part whether it is well: its workers and its scheduler, too."""
    answer = await asyncio.to_thread(_get, f"http://127.0.0.1:{here.port}/health")
    if answer is None:
        if await asyncio.to_thread(_is_taken, here.port):
            raise Unwell(
                f"Something has port {here.port}, and gives no answer: if that is Tandem, its log says what it is "
                "waiting for; if it is another program, stop that or set another PORT."
            )
        raise Noted(f"Tandem is not running here, on port {here.port}.")
    if answer.status != 200:
        parts = "; ".join(f"{name}: {words}" for name, words in answer.parts.items()) or f"status {answer.status}"
        raise Unwell(f"It answers on port {here.port}, and says that not all is well ({parts.rstrip('.')}).")
    return f"It answers on port {here.port}, and says that all is well."


async def address(here: Settings) -> str:
    """People's way: through PUBLIC_URL and whatever stands in front, to a page and to a WebSocket."""
    if not here.public_url:
        raise Noted("PUBLIC_URL is not set: only localhost and bare IP addresses work.")
    if await asyncio.to_thread(_get, f"http://127.0.0.1:{here.port}/health") is None:
        raise Noted(f"{here.public_url} is looked at while Tandem is running.")
    answer = await asyncio.to_thread(_get, f"{here.public_url}/health")
    if answer is None or answer.status not in (200, 503):  # A part that is not well is no matter of the way to it.
        said = "does not answer" if answer is None else f"answers {answer.status}"
        raise Unwell(
            f"{here.public_url} {said}, from here: look at DNS, the proxy and its certificate (docs/deploy.md)."
        )
    way = here.public_url.replace("http", "ws", 1) + f"/_event/?token={uuid.uuid4()}&EIO=4&transport=websocket"
    try:
        async with connect(way, origin=Origin(here.public_url), open_timeout=5, proxy=None):
            return f"{here.public_url} answers, and lets WebSockets through."
    except (WebSocketException, OSError, TimeoutError) as error:
        raise Unwell(
            f"{here.public_url} answers, but no WebSocket gets through ({reasons.of(error)}): the proxy in front "
            "must pass on Upgrade and Connection, and Host as it is (docs/deploy.md)."
        ) from None


@dataclass(frozen=True)
class Answer:
    """`parts` are those that are not well, with what is said of them."""

    status: int
    parts: dict[str, str]


def _get(url: str) -> Answer | None:
    """None when nothing comes back."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as answer:
            return Answer(answer.status, {})
    except urllib.error.HTTPError as error:
        return Answer(error.code, _parts(error.read(LONGEST)))
    except (OSError, http.client.HTTPException):
        return None


def _is_taken(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 2).close()
    except OSError:
        return False
    return True


def _parts(body: bytes) -> dict[str, str]:
    try:
        return {str(name): str(words) for name, words in json.loads(body)["parts"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
