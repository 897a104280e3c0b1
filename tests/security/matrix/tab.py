"""A tab that asks for things, and everything that it got for an answer."""

import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.live.client import PATIENCE, ROOT, Client
from tests.security.matrix.place import Place

OPEN_DIALOG = f"{ROOT}.app___web___dialogs____dialogs.open"
OF_THE_TAB = ("session", "state", "dialogs", "on_load_internal_state")
"""Substates that say nothing of any place."""
STORES = (
    "header",
    "lanes",
    "cards",
    "people",
    "detail",
    "comments",
    "workspaces",
    "invites",
    "nearby",
    "looking",
    "writers",
    "devices",
    "accounts",
)
SIGN_IN = "/sign-in"
DEEPEST = 4
"""An event may lead to one, and that to one more: each of these is answered behind what the last one led to."""
_numbers = count(1)


@dataclass
class Answer:
    """`refusal` is the sentence that a command was refused with, `goes_to` where the tab was sent, `door` what it was
    shown out with, `received` every word of it."""

    refusal: str = ""
    goes_to: str = ""
    door: str = ""
    deltas: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def received(self) -> str:
        return json.dumps([self.deltas, self.events])

    @property
    def shown(self) -> set[str]:
        """The entities that it shows."""
        return {
            key for delta in self.deltas for store in STORES for key, value in delta.get(store, {}).items() if value
        }

    def shape(self, place: Place) -> str:
        """What tells one answer from another, less what tells one place from another."""
        stores = [{name: values for name, values in delta.items() if name in STORES} for delta in self.deltas]
        events = [{"name": event["name"], "payload": event["payload"]} for event in self.events]
        told = [self.refusal, self.goes_to, self.door, [delta for delta in stores if delta], events]
        return place.hide(json.dumps(told, sort_keys=True))


class Tab:
    """Of somebody whose Cookie header it has; it looks at no place unless it asks for one."""

    def __init__(self, url: str, cookie: str) -> None:
        self._client = Client(url, cookie)
        self._client.on_delta = lambda delta, size: self._deltas.append(delta)
        self._deltas: list[dict[str, Any]] = []

    async def open(self) -> "Tab":
        self._client.path = SIGN_IN
        await self._client.connect()
        await self._fence()
        return self

    async def close(self) -> None:
        await self._client.close()

    async def ask(self, handler: str, path: str, /, **payload: Any) -> Answer:
        """Send an event as from a page at `path`, and wait until all that follows from it is here."""
        before, self._deltas = self._refusal, []
        self._client.events.clear()
        self._client.path = path
        await self._client.send(handler, **payload)
        for _ in range(DEEPEST):
            await self._fence()
        answer = Answer(deltas=self._deltas, events=list(self._client.events))
        if self._refusal != before:
            answer.refusal = self._client.toasts[-1]
        for event in answer.events:
            answer.goes_to = event["payload"].get("path", "") if event["name"] == "_redirect" else answer.goes_to
        answer.door = self._client.store.get("door", {}).get("sentence", "")
        return answer

    @property
    def _refusal(self) -> int:
        return self._client.store.get("feedback", {}).get("refused", {}).get("number", 0)

    async def _fence(self) -> None:
        """Wait for the answer to something harmless, which comes behind the answers to all before it."""
        name = f"fence {next(_numbers)}"
        await self._client.send(OPEN_DIALOG, name=name, subject=0)
        is_there = lambda _: any(delta.get("dialogs", {}).get("name") == name for delta in self._deltas)  # noqa: E731
        await self._client.until(is_there, f"the {name} is there", PATIENCE)
