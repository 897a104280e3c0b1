"""A tab without a browser: speaks Reflex's protocol over one WebSocket and keeps what the browser would hold.

The browser's side of it is Reflex's utils/state.js; test_browser_contract.py holds what both rely on. The frames are
in connection.py.
"""

import asyncio
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import WebSocketException

from tests.live.connection import NAMESPACE, PATIENCE, PROTOCOL, Connection, Gone, dial, greet
from tests.live.forms import sign_in, sign_up
from tests.live.page import FIELD, ROOT, ROOT_NAME, Page, Store, as_loaded

__all__ = [
    "BOARD",
    "FIELD",
    "NAMESPACE",
    "PATIENCE",
    "PROTOCOL",
    "ROOT",
    "Client",
    "Gone",
    "Store",
    "sign_in",
    "sign_up",
]

BOARD = f"{ROOT}.app___web___board___state____board_page"
"""The state whose handlers change a board."""
STARTING = 60.0
"""Seconds that a worker may take to start, on a machine that is busy with other things."""
BACK_OFF, MOST_FAILURES = 0.2, 10
"""Reflex's page tries again after so many seconds for each failure in a row, of which it counts so many at most."""


class Client(Page):
    """One tab at `url`, of the person whose Cookie header it carries.

    `store` outlives a connection, as a page does; `reload` empties it. `on_delta` is called with every delta, after it
    was merged, and the bytes of its frame.
    """

    def __init__(self, url: str, cookie: str = "") -> None:
        super().__init__()
        self.url, self.cookie = url, cookie
        self.token = str(uuid.uuid4())
        self.headers: dict[str, str] = {}
        """What a proxy adds to its handshake."""
        self.received = 0
        self.connections = 0
        """Since the page was opened."""
        self.on_delta: Callable[[Store, int], None] = lambda delta, size: None
        self._connection: Connection | None = None
        self._coming_back: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._answers: set[asyncio.Task[None]] = set()

    @property
    def is_connected(self) -> bool:
        return self._connection is not None and self._connection.stands

    @property
    def _socket(self) -> ClientConnection | None:
        """That of the connection which stands, or which stood last."""
        return self._connection.websocket if self._connection else None

    @property
    def is_drawn(self) -> bool:
        return self.is_connected and bool(self.store.get(ROOT_NAME, {}).get("is_hydrated"))

    @property
    def is_dismissed(self) -> bool:
        """The server said goodbye, so that a browser would stay away until it is loaded again."""
        return self._connection is not None and self._connection.is_dismissed

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
        if urlsplit(path).path != urlsplit(self.path).path:
            self.revisions = []
        self.path = path
        await self.send(f"{ROOT}.reflex___state____on_load_internal_state.on_load_internal")

    async def reload(self) -> None:
        """What F5 does: the tab keeps its token and loses everything else."""
        await self.close()
        self.store = as_loaded()
        await self.reconnect()

    async def reconnect(self) -> None:
        """Connect, again or not, and wait until the page is drawn."""
        await self.connect()
        await self.until(lambda store: store[ROOT_NAME].get("is_hydrated"), "the page is drawn")

    async def connect(self) -> None:
        """Connect, with the event in hand that starts the page, and read from then on; Gone when that fails."""
        assert not self.is_connected, "This tab is connected already."
        self.store.setdefault(ROOT_NAME, {})["is_hydrated"] = False
        event = {"name": f"{ROOT}.hydrate_and_load", "router_data": self.router_data}
        try:
            websocket = await self._dial()
        except (OSError, WebSocketException) as error:
            raise Gone(f"No connection: {error}") from None
        self._connection = await greet(websocket, event, self._take, self._stir)
        self.connections += 1

    async def _dial(self) -> ClientConnection:
        return await dial(self.url, self.token, self.cookie, self.headers)

    def come_back(self) -> None:
        """From now on connect again whenever the connection is lost, as Reflex's page does, until `close` or `drop`."""
        assert self._coming_back is None, "This tab comes back already."
        self._coming_back = asyncio.create_task(self._come_back())

    async def _come_back(self) -> None:
        failures = 0
        while not self.is_dismissed:
            if self._connection is not None:
                await self._connection.ended()
                failures = 0 if self._connection.is_open else failures + 1
            await asyncio.sleep(BACK_OFF * min(failures, MOST_FAILURES))
            try:
                await self.connect()
            except Gone:
                self._connection, failures = None, failures + 1

    async def send(self, handler: str, /, **payload: Any) -> None:
        """Send an event by the full name of its handler; Gone when the connection has ended."""
        if self._connection is None:
            raise Gone(f"This tab is not connected, so that {handler} was not sent.")
        await self._connection.emit({"name": handler, "payload": payload, "router_data": self.router_data})

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
                    if not self.is_connected and self._coming_back is None:
                        raise Gone(f"The connection ended ({self._how_it_ended()}) before {words}.")
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"Waited {patience:.0f} s until {words}, in vain. Toasts: {self.toasts}") from None

    async def ended(self, patience: float = PATIENCE) -> None:
        """Wait until the other side, or the network, has ended the connection."""
        assert self._connection is not None
        await asyncio.wait([asyncio.ensure_future(self._connection.ended())], timeout=patience)
        assert not self.is_connected, f"The connection still stands after {patience:.0f} s."

    def stop_reading(self) -> None:
        """Take nothing from the network any more, as a tab that hangs, until `read_on` or the end."""
        assert self._connection is not None
        self._connection.stop_reading()

    def read_on(self) -> None:
        if self._connection is not None:
            self._connection.read_on()

    async def close(self) -> None:
        """Leave as a closed tab does: say so, then close."""
        self._stay_away()
        if self._connection is not None:
            await self._connection.close()
        self._raise_fault()
        self._connection = None

    async def drop(self) -> None:
        """Lose the connection without a word, as when a laptop is shut."""
        self._stay_away()
        if self._connection is not None:
            await self._connection.drop()
        self._connection = None

    def _stay_away(self) -> None:
        if self._coming_back is not None:
            self._coming_back.cancel()
            self._coming_back = None

    def _stir(self, size: int) -> None:
        self.received += size
        self._news.set()

    def _take(self, message: list[Any], size: int) -> None:
        name, content = message[0], message[1]
        if name == "new_token":
            self.token = content
        if name != "event":
            return
        self.on_delta(self._merge(content), size)
        for event in content.get("events") or []:
            if not event["name"].startswith("_"):  # The others, such as `_redirect`, are for the browser itself.
                self._answer(event)

    def _answer(self, event: dict[str, Any]) -> None:
        """Send an event that the server asked for, as the page does, unless the connection ends first."""

        async def answer() -> None:
            with suppress(Gone):
                await self.send(event["name"], **event.get("payload", {}))

        task = asyncio.ensure_future(answer())
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    def _raise_fault(self) -> None:
        assert not self.went_back, f"The board went back, from a revision to another: {self.went_back}."
        if self._connection is not None and self._connection.fault is not None:
            raise self._connection.fault

    def _how_it_ended(self) -> str:
        return self._connection.how_it_ended() if self._connection else "never begun"
