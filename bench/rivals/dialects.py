"""How a tab speaks with each variant: opening a board, asking for a move, and what it holds in the end.

A frame is only searched for its revision while something is measured; it is taken apart afterwards.
"""

import html
import json
import re
import urllib.request
import uuid
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bench.rivals.database import lanes
from bench.rivals.tab import Tab
from tests.live.client import BOARD, PROTOCOL
from tests.live.connection import NAMESPACE
from tests.live.page import FIELD, ROOT, Page

Store = dict[str, Any]


@dataclass
class Dialect:
    """One tab's: a board of the server at `url`; `cookie` is that of whoever has the tab."""

    url: str
    board: int
    cookie: str = ""
    marker = b'"revision": '
    """What stands before the revision in a frame."""

    def open(self, tab: Tab) -> list[bytes]:
        """Open the board and wait until it is drawn; the frames that draw it."""
        raise NotImplementedError

    def move(self, task: int, lane: int, is_shift: bool) -> str:
        """The frame that puts a task at the end of a lane; `is_shift` when that is its own."""
        raise NotImplementedError

    def fold(self, store: Store, frame: bytes) -> None:
        """Do with a frame what the page would."""
        store.setdefault("tasks", {}).update(_parsed(frame, 0).get("tasks", {}))

    def held(self, store: Store) -> Any:
        """What a person sees, in a form that can be compared."""
        return lanes(
            {int(key[1:]): (task["lane"], task["rank"], task["title"]) for key, task in store["tasks"].items()}
        )

    def revision(self, frame: bytes) -> int:
        """That of a frame; 0 when it has none."""
        at = frame.rfind(self.marker)
        if at < 0:
            return 0
        start = end = at + len(self.marker)
        while 48 <= frame[end] <= 57:
            end += 1
        return int(frame[start:end])


class Floor(Dialect):
    def open(self, tab: Tab) -> list[bytes]:
        tab.upgrade(f"/{self.board}", {})
        return _until(tab, b'"tasks"', tab.whole())

    def move(self, task: int, lane: int, is_shift: bool) -> str:
        return json.dumps({"task": task, "lane": lane})


class Rooms(Dialect):
    marker = b'"revision":'

    def open(self, tab: Tab) -> list[bytes]:
        tab.upgrade("/socket.io/?EIO=4&transport=websocket", {})
        tab.send("40")
        _until(tab, b"40{", tab.whole())
        tab.send(f'42["join",{self.board}]')
        return _until(tab, b'"tasks"')

    def move(self, task: int, lane: int, is_shift: bool) -> str:
        return f"42{json.dumps(['move', {'board': self.board, 'task': task, 'lane': lane}])}"

    def fold(self, store: Store, frame: bytes) -> None:
        if frame.startswith(b"42"):
            store.setdefault("tasks", {}).update(_parsed(frame, 2)[1]["tasks"])


class Reflex(Dialect):
    """What ours and rx.SharedState have in common."""

    marker = b'"revision_rx_state_":'
    path = "/"

    def open(self, tab: Tab) -> list[bytes]:
        headers = {"Origin": self.url, "Sec-WebSocket-Protocol": PROTOCOL}
        if self.cookie:
            headers["Cookie"] = self.cookie
        tab.upgrade(f"{NAMESPACE}/?token={uuid.uuid4()}&EIO=4&transport=websocket", headers)
        frames = _until(tab, b"0{", tab.whole())
        boot = {"name": f"{ROOT}.hydrate_and_load", "router_data": self._place()}
        tab.send(f"40{NAMESPACE},{json.dumps({'event': boot})}")
        return _until(tab, b'is_hydrated_rx_state_":true', frames)

    def call(self, handler: str, **payload: Any) -> str:
        event = {"name": handler, "payload": payload, "router_data": self._place()}
        return f"42{NAMESPACE},{json.dumps(['event', event])}"

    def fold(self, store: Store, frame: bytes) -> None:
        if not frame.startswith(b'42/_event,["event"'):
            return
        for substate, values in (_parsed(frame, 10)[1].get("delta") or {}).items():
            store.setdefault(substate.rpartition("____")[2], {}).update(_named(frame, substate) or values)

    def _place(self) -> dict[str, Any]:
        return {"pathname": "/", "asPath": "/", "query": {}}


class Ours(Reflex):
    def move(self, task: int, lane: int, is_shift: bool) -> str:
        if is_shift:
            return self.call(f"{BOARD}.shift_task", task_id=task, where="bottom")
        return self.call(f"{BOARD}.send_task", task_id=task, lane_id=lane)

    def held(self, store: Store) -> Any:
        page = Page()
        page.store = store
        return page.board

    def _place(self) -> dict[str, Any]:
        path = f"/b/{self.board}"
        return {"pathname": path, "asPath": path, "query": {"board": str(self.board)}}


class SharedState(Reflex):
    state = f"{ROOT}.reflex___istate___shared____shared_state_base_internal.board___board____board"

    def open(self, tab: Tab) -> list[bytes]:
        frames = super().open(tab)
        tab.send(self.call(f"{self.state}.join", board=self.board))
        return frames + _until(tab, b'"revision_rx_state_":1')

    def move(self, task: int, lane: int, is_shift: bool) -> str:
        return self.call(f"{self.state}.move", board=self.board, task=task, lane=lane)

    def held(self, store: Store) -> Any:
        return lanes({task["id"]: (task["lane"], task["rank"], task["title"]) for task in store["board"]["tasks"]})


class NiceGUI(Dialect):
    marker = b"Revision "

    def open(self, tab: Tab) -> list[bytes]:
        page = urllib.request.urlopen(f"{self.url}/b/{self.board}").read().decode()
        found = re.search(r"parseElements\(String\.raw`(.*?)`\)", page, re.DOTALL)
        client = re.search(r"'client_id': '([^']+)'", page)
        assert found and client, "NiceGUI's page is not as it was."
        elements = html.unescape(found[1])
        self._client = client[1]
        [self._listener] = [one["listener_id"] for one in json.loads(elements)["0"]["events"] if one["type"] == "move"]
        query = f"client_id={self._client}&next_message_id=0&implicit_handshake=true&tab_id={uuid.uuid4()}"
        query += f"&document_id={uuid.uuid4()}&EIO=4&transport=websocket"
        tab.upgrade(f"/_nicegui_ws/socket.io/?{query}", {})
        tab.send("40")
        frames = _until(tab, b"40{", tab.whole())
        return [f'42["update",{elements}]'.encode(), *frames]

    def move(self, task: int, lane: int, is_shift: bool) -> str:
        event = {"id": 0, "client_id": self._client, "listener_id": self._listener}
        return f"42{json.dumps(['event', event | {'args': [json.dumps({'task': task, 'lane': lane})]}])}"

    def fold(self, store: Store, frame: bytes) -> None:
        if frame.startswith(b'42["update"'):
            elements = _parsed(frame, 2)[1]
            store.update(elements)
            for gone in [id for id, element in elements.items() if element is None]:
                del store[gone]

    def held(self, store: Store) -> Any:
        """The labels in the order of the page, from its root element."""
        found: dict[str, list[int]] = {}

        def walk(id: str) -> None:
            element = store[id]
            text = element.get("text", "")
            if heading := re.fullmatch(r"Lane (\d)", text):
                found[heading[1]] = []
            elif card := re.match(r"(\d+)\. ", text):
                found[max(found)].append(int(card[1]))
            for child in element.get("children", []):
                walk(str(child))

        walk("0")
        return found


KINDS: dict[str, type[Dialect]] = {
    "ours": Ours,
    "floor": Floor,
    "socketio": Rooms,
    "nicegui": NiceGUI,
    "shared_state": SharedState,
}


def _until(tab: Tab, sign: bytes, frames: list[bytes] | None = None) -> list[bytes]:
    frames = frames or []
    while not any(sign in frame for frame in frames):
        for frame in tab.receive():
            if frame == b"2":
                tab.send("3")
            frames.append(frame)
    return frames


@lru_cache(256)
def _parsed(frame: bytes, skip: int) -> Any:
    """Every viewer got the same bytes; they are taken apart once."""
    return json.loads(frame[skip:])


@lru_cache(1024)
def _named(frame: bytes, substate: str) -> Store:
    values = _parsed(frame, 10)[1]["delta"][substate]
    return {key.removesuffix(FIELD): value for key, value in values.items()}
