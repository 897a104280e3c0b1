"""What a tab sends through its socket, and how much of it at once."""

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
        tab.page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda _: self.at.append(time.monotonic()))

    @property
    def busiest(self) -> int:
        """The most frames within one second."""
        return max((bisect_right(self.at, at + 1) - number for number, at in enumerate(self.at)), default=0)
