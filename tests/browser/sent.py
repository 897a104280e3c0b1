"""What a tab sends through its socket, and how much of it at once."""

import re
import time
from bisect import bisect_right

from playwright.async_api import WebSocket

from tests.browser.tab import Tab

A_SECOND = 20
"""Frames that the gate takes for ever; it takes a burst of three times as many."""


class Sent:
    """Begins with the next page that the tab loads."""

    def __init__(self, tab: Tab) -> None:
        self.at: list[float] = []
        self.names: list[str] = []
        tab.page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", self._note)

    def _note(self, frame: str | bytes) -> None:
        self.at.append(time.monotonic())
        name = re.match(r'42/[^"]*\["(\w+)"', str(frame))
        self.names.append(name[1] if name else "")

    async def has_told(self, name: str) -> bool:
        """Whether it has sent an event of this name."""
        return name in self.names

    @property
    def busiest(self) -> int:
        """The most frames within one second."""
        return max((bisect_right(self.at, at + 1) - number for number, at in enumerate(self.at)), default=0)
