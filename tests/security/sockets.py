"""A bare WebSocket at the gate, which may send what no page of ours would."""

import json
import uuid
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidMessage, InvalidStatus

from tests.live.client import PROTOCOL, ROOT
from tests.support.server import Server

HYDRATE: dict[str, Any] = {
    "name": f"{ROOT}.hydrate_and_load",
    "router_data": {"pathname": "/sign-in", "asPath": "/sign-in", "query": {}},
}
GREETING = "40/_event," + json.dumps({"event": HYDRATE})


async def socket(program: Server, **options: Any) -> ClientConnection:
    """Open, and not yet greeted; `token`, `path` and `url` are what they are in the address."""
    token, path = options.pop("token", str(uuid.uuid4())), options.pop("path", "/_event/")
    url = options.pop("url", program.url)
    address = f"{url.replace('http', 'ws', 1)}{path}?token={token}&EIO=4&transport=websocket"
    given: dict[str, Any] = {"origin": program.url, "subprotocols": [PROTOCOL], "proxy": None, "compression": None}
    return await connect(address, **given | {"max_size": None, "ping_interval": None, "close_timeout": 1} | options)


async def greeted(program: Server, **options: Any) -> ClientConnection:
    """Open, and answered as a tab is."""
    opened = await socket(program, **options)
    await opened.send(GREETING)
    while not str(await opened.recv()).startswith("40/_event,"):
        pass
    return opened


async def is_let_in(program: Server, **options: Any) -> bool:
    try:
        opened = await socket(program, **options)
    except (InvalidStatus, InvalidMessage, ConnectionClosed, EOFError):
        return False
    await opened.close()
    return True


async def is_alive(opened: ClientConnection) -> bool:
    """Whether it still answers."""
    try:
        await opened.send('42/_event,["ping"]')
        while "pong" not in str(await opened.recv()):
            pass
    except ConnectionClosed:
        return False
    return True


def event(name: str, at: str = "/sign-in", **payload: Any) -> str:
    """The frame of an event, by the full name of its handler, as from a page at this path."""
    place = {"pathname": at, "asPath": at, "query": {}}
    return f"42/_event,{json.dumps(['event', {'name': name, 'payload': payload, 'router_data': place}])}"
