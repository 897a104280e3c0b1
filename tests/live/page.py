"""What a tab shows: the keyed store, merged as Reflex's reducer does, and the revisions that it went through."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

ROOT = "reflex___state____state"
FIELD = "_rx_state_"
"""What Reflex puts behind the name of a declared var."""

Store = dict[str, dict[str, Any]]
"""By substate, by key: `store["cards"]["t17"]["title"]`, `store["nearby"]["people"]`."""


def as_loaded() -> Store:
    """What a page begins with, of what a worker sends only where it differs (app/web/store.py, Kept)."""
    answered = {"number": 0, "command": "", "arguments": {}}
    return {
        "feedback": {"toasts": [], "refused": answered, "receipt": answered, "unsaved": {}},
        "dialogs": {"name": "", "subject": 0},
    }


class Page:
    def __init__(self) -> None:
        self.path = "/"
        self.store = as_loaded()
        self.revisions: list[int] = []
        """All that the board on show was ever at, in the order in which they came."""
        self.events: list[dict[str, Any]] = []
        self.went_back: list[tuple[int, int]] = []
        """From which revision to which, which should never be."""

    @property
    def router_data(self) -> dict[str, Any]:
        """Where the tab is, as React Router tells it: parts of the route count as parts of the query."""
        address = urlsplit(self.path)
        query = dict(parse_qsl(address.query))
        if address.path.startswith("/b/"):
            query["board"] = address.path.removeprefix("/b/")
        return {"pathname": address.path, "asPath": self.path, "query": query}

    @property
    def worker(self) -> str:
        """The worker process that serves this tab: its process id and something of its own."""
        return self.store.get("session", {}).get("worker", "")

    @property
    def worker_pid(self) -> int:
        return int(self.worker.partition("-")[0])

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

    def _merge(self, update: dict[str, Any]) -> Store:
        """Take in an update, and return its delta in short names."""
        delta = {short(substate): _plain(values) for substate, values in (update.get("delta") or {}).items()}
        for substate, values in delta.items():
            self.store.setdefault(substate, {}).update(values)
        self.events += update.get("events") or []
        if (revision := delta.get("freshness", {}).get("revision")) is not None:
            if self.revisions and revision < self.revisions[-1]:
                self.went_back.append((self.revisions[-1], revision))
            self.revisions.append(revision)
        return delta


def short(substate: str) -> str:
    """`reflex___state____state.app___web___store____cards` is `cards`."""
    return substate.rpartition("____")[2]


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {key.removesuffix(FIELD): value for key, value in values.items()}


ROOT_NAME = short(ROOT)
