"""A tab without a browser: speaks Reflex's protocol over one WebSocket and keeps what the browser would hold.

A frame is an Engine.IO digit (0 open, 2 ping, 3 pong, 4 message), then for messages a Socket.IO digit (0 connect,
1 disconnect, 2 event), the namespace, a comma and JSON. The browser's side of it is Reflex's utils/state.js;
test_wire_contract.py holds what both rely on.
"""

import asyncio
import json
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

PROTOCOL = "0.10.1"
"""The version of Reflex that the pages were built with, which the browser offers as its subprotocol."""
NAMESPACE = "/_event"
ROOT = "reflex___state____state"
BOARD = f"{ROOT}.app___web___board___state____board_page"
"""The state whose handlers change a board."""
FIELD = "_rx_state_"
"""What Reflex puts behind the name of a declared var."""
PATIENCE = 10.0
"""Seconds that a client waits for what should have happened long ago."""

STARTING = 60.0
"""Seconds that a worker may take to start, on a machine that is busy with other things."""

Store = dict[str, dict[str, Any]]
"""By substate, by key: `store["cards"]["t17"]["title"]`, `store["nearby"]["people"]`."""


class Gone(AssertionError):
    """The connection ended while something was awaited on it."""


async def sign_up(url: str, name: str, email: str, password: str) -> str:
    """The Cookie header of somebody who is new."""
    return await _post(url, "/auth/sign-up", name=name, email=email, password=password)


async def sign_in(url: str, email: str, password: str) -> str:
    """The Cookie header of somebody who has an account."""
    return await _post(url, "/auth/sign-in", email=email, password=password)


async def _post(url: str, path: str, **form: str) -> str:
    async with httpx.AsyncClient(base_url=url, headers={"Origin": url}, timeout=30) as browser:
        answer = await browser.post(path, data=form)
    assert answer.status_code == 303, f"{path} answered {answer.status_code}: {answer.text[:200]}"
    assert answer.headers["location"] == "/", f"{path} sent {form['email']} back to {answer.headers['location']}"
    return "; ".join(f"{name}={value}" for name, value in answer.cookies.items())


class Client:
    """One tab at `url`, of the person whose Cookie header it carries.

    `store` outlives a connection, as a page does; `reload` empties it. `on_delta` is called with every delta, after it
    was merged, and the bytes of its frame.
    """

    def __init__(self, url: str, cookie: str = "") -> None:
        self.url, self.cookie = url, cookie
        self.token = str(uuid.uuid4())
        self.path = "/"
        self.store: Store = {}
        self.revisions: list[int] = []
        self.received = 0
        self.connections = 0
        """Since the page was opened."""
        self.on_delta: Callable[[Store, int], None] = lambda delta, size: None
        self.events: list[dict[str, Any]] = []
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._fault: AssertionError | None = None

    @property
    def worker(self) -> str:
        """The worker process that serves this tab: its process id and something of its own."""
        return self.store.get("session", {}).get("worker", "")

    @property
    def worker_pid(self) -> int:
        return int(self.worker.partition("-")[0])

    @property
    def is_connected(self) -> bool:
        return self._reader is not None and not self._reader.done()

    @property
    def board(self) -> dict[str, Any]:
        """What the board page draws from the store: header, its lanes, their tasks, the members; by key."""
        header = self.store.get("header", {}).get("h")
        if header is None:
            return {}
        shown = {"h": header}
        for id in header["members"]:
            shown[f"p{id}"] = self.store["people"].get(f"p{id}")
        for id in header["lanes"]:
            lane = shown[f"l{id}"] = self.store["lanes"].get(f"l{id}")
            for task_id in lane["tasks"] if lane else ():
                shown[f"t{task_id}"] = self.store["cards"].get(f"t{task_id}")
        return shown

    @property
    def toasts(self) -> list[str]:
        return [toast["text"] for toast in self.store.get("feedback", {}).get("toasts", [])]

    async def open(self, path: str, *, on: str = "", not_on: str = "") -> "Client":
        """Open a page and wait until it is drawn; `on` and `not_on` name a worker that must or must not serve it.

        Whichever worker is free takes a connection, so this knocks until the right one opens.
        """
        self.path = path
        deadline = asyncio.get_running_loop().time() + STARTING
        while asyncio.get_running_loop().time() < deadline:
            self.connections = 0
            await self.reconnect()
            if (not on or self.worker == on) and (not not_on or self.worker != not_on):
                return self
            await self.close()
            self.token = str(uuid.uuid4())
            await asyncio.sleep(0.02)  # Nothing tells when a worker is up, and knocking takes its time from it.
        raise AssertionError(f"Worker {on or f'other than {not_on}'} never took the connection.")

    async def go(self, path: str) -> None:
        """Follow a link within the page that is open."""
        self.path, self.revisions = path, []
        await self.send(f"{ROOT}.reflex___state____on_load_internal_state.on_load_internal")

    async def reload(self) -> None:
        """What F5 does: the tab keeps its token and loses everything else."""
        await self.close()
        self.store = {}
        await self.reconnect()

    async def reconnect(self) -> None:
        """Connect, again or not, and wait until the page is drawn."""
        await self.connect()
        await self.until(lambda store: store[ROOT_NAME].get("is_hydrated"), "the page is drawn")

    async def connect(self) -> None:
        """Connect, with the event in hand that starts the page, and read from then on."""
        assert not self.is_connected, "This tab is connected already."
        self.store.setdefault(ROOT_NAME, {})["is_hydrated"] = False
        event = {"name": f"{ROOT}.hydrate_and_load", "router_data": self._router_data()}
        try:
            self._socket = await self._dial()
            opened = str(await self._socket.recv())
            assert opened.startswith("0{"), f"Engine.IO did not open: {opened[:100]}"
            await self._socket.send(f"40{NAMESPACE},{json.dumps({'event': event})}")
        except (OSError, WebSocketException) as error:
            raise Gone(f"No connection: {error}") from None
        self.connections += 1
        self._reader = asyncio.create_task(self._read(self._socket))

    async def _dial(self) -> ClientConnection:
        address = f"{self.url.replace('http', 'ws', 1)}{NAMESPACE}/?token={self.token}&EIO=4&transport=websocket"
        return await connect(
            address,
            origin=self.url,  # type: ignore[arg-type]
            additional_headers={"Cookie": self.cookie} if self.cookie else {},
            subprotocols=[PROTOCOL],  # type: ignore[list-item]
            compression=None,
            ping_interval=None,
            max_size=None,
            open_timeout=PATIENCE,
            close_timeout=1,
            proxy=None,
        )

    async def send(self, handler: str, **payload: Any) -> None:
        """Send an event by the full name of its handler."""
        assert self._socket is not None, "This tab is not connected."
        event = {"name": handler, "payload": payload, "router_data": self._router_data()}
        try:
            await self._socket.send(f"42{NAMESPACE},{json.dumps(['event', event])}")
        except ConnectionClosed as closed:
            raise Gone(f"The connection had ended ({closed}) before {handler} was sent.") from None

    async def do(self, command: str, **payload: Any) -> None:
        """Send a command of the board page: `do("complete_task", task_id=17)`."""
        await self.send(f"{BOARD}.{command}", **payload)

    async def until(self, is_so: Callable[[Store], Any], words: str = "it is so", patience: float = PATIENCE) -> None:
        """Wait until the store is as wanted, looking whenever something arrives."""
        try:
            async with asyncio.timeout(patience):
                while True:
                    self._raise_fault()
                    if is_so(self.store):
                        return
                    if not self.is_connected:
                        raise Gone(f"The connection ended ({self._how_it_ended()}) before {words}.")
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"Waited {patience:.0f} s until {words}, in vain. Toasts: {self.toasts}") from None

    async def ended(self, patience: float = PATIENCE) -> None:
        """Wait until the other side, or the network, has ended the connection."""
        assert self._reader is not None
        await asyncio.wait([self._reader], timeout=patience)
        assert not self.is_connected, f"The connection still stands after {patience:.0f} s."

    async def close(self) -> None:
        """Leave as a closed tab does: say so, then close."""
        if self._socket is not None:
            with suppress(ConnectionClosed):
                await self._socket.send(f"41{NAMESPACE},")
            await self._socket.close()
        await self._end_reading()
        self._raise_fault()

    async def drop(self) -> None:
        """Lose the connection without a word, as when a laptop is shut."""
        if self._socket is not None:
            self._socket.transport.abort()
        await self._end_reading()

    async def _end_reading(self) -> None:
        if self._reader is not None:
            await asyncio.wait([self._reader])
        self._socket = self._reader = None

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for frame in socket:
                text = frame if isinstance(frame, str) else frame.decode()
                size = len(text) if text.isascii() else len(text.encode())
                self.received += size
                if text == "2":
                    await socket.send("3")
                elif text.startswith(f"42{NAMESPACE},"):
                    self._take(json.loads(text[len(NAMESPACE) + 3 :]), size)
                elif not text.startswith(f"40{NAMESPACE},"):
                    self._fault = self._fault or AssertionError(f"An unexpected frame: {text[:200]}")
                self._news.set()
        except WebSocketException:
            pass
        finally:
            self._news.set()

    def _take(self, message: list[Any], size: int) -> None:
        name, content = message[0], message[1]
        if name == "new_token":
            self.token = content
        if name != "event":
            return
        delta = {_short(substate): _plain(values) for substate, values in (content.get("delta") or {}).items()}
        for substate, values in delta.items():
            self.store.setdefault(substate, {}).update(values)
        self.events += content.get("events") or []
        if (revision := delta.get("freshness", {}).get("revision")) is not None:
            if self.revisions and revision < self.revisions[-1]:
                self._fault = AssertionError(f"The board went back from {self.revisions[-1]} to {revision}.")
            self.revisions.append(revision)
        self.on_delta(delta, size)

    def _router_data(self) -> dict[str, Any]:
        """Where the tab is, as React Router tells it: parts of the route count as parts of the query."""
        address = urlsplit(self.path)
        query = dict(parse_qsl(address.query))
        if address.path.startswith("/b/"):
            query["board"] = address.path.removeprefix("/b/")
        return {"pathname": address.path, "asPath": self.path, "query": query}

    def _raise_fault(self) -> None:
        if self._fault is not None:
            raise self._fault

    def _how_it_ended(self) -> str:
        return f"{self._socket.close_code} {self._socket.close_reason or ''}" if self._socket else "never begun"


def _short(substate: str) -> str:
    """`reflex___state____state.app___web___store____cards` is `cards`."""
    return substate.rpartition("____")[2]


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {key.removesuffix(FIELD): value for key, value in values.items()}


ROOT_NAME = _short(ROOT)
