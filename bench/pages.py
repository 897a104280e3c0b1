"""What a page in a real browser can tell: scripts that note moments in it, and what comes to it over the wire."""

from typing import Any

from tests.browser.tab import Tab

TAP = """() => {
    const clock = () => performance.timeOrigin + performance.now();
    window.WebSocket = class extends WebSocket {
        constructor(...given) {
            super(...given);
            this.addEventListener("message", ({ data }) => {
                if (data.includes("revision_rx_state_")) window.arrivedAt = clock();
            });
        }
        send(data) {
            if (String(data).startsWith("42")) window.sentAt = clock();
            super.send(data);
        }
    };
}"""
"""Notes when a command left and when a patch came, before the page itself hears of it."""
SHOWN = """() => {
    const note = () => {
        if (window.drawnAt || document.querySelectorAll("section[data-testid^=lane-] article").length < 3) return;
        window.drawnAt = -1;
        requestAnimationFrame(() => setTimeout(() => { window.drawnAt = performance.now(); }));  // It is painted.
    };
    new MutationObserver(note).observe(document, { childList: true, subtree: true });
}"""
WATCH = """([watched, attribute, wanted]) => {
    const clock = () => performance.timeOrigin + performance.now();
    if (Math.abs(clock() - Date.now()) > 5) throw new Error("This page's clock has drifted from the machine's.");
    window.inputAt = window.changedAt = 0;
    const noteInput = (event) => { window.inputAt = performance.timeOrigin + event.timeStamp; };
    if (!window.watching) for (const kind of ["click", "keydown"]) addEventListener(kind, noteInput, true);
    window.watching?.disconnect();
    const look = () => {
        if (!window.changedAt && document.querySelector(watched).getAttribute(attribute) === wanted)
            window.changedAt = clock();
    };
    const everything = { subtree: true, childList: true, attributes: true, characterData: true };
    window.watching = new MutationObserver(look);
    window.watching.observe(document.querySelector("#content"), everything);
}"""
"""Notes the time of the last input, and when the first element that is `watched` came to have the wanted attribute."""
DRAWN = """() => new Promise((done) => {
    const look = () => window.drawnAt > 0 ? done(window.drawnAt) : setTimeout(look, 20);
    look();
})"""


class Traffic:
    """What comes over the wire to a page: responses as they were sent, headers too, and the socket's frames."""

    def __init__(self) -> None:
        self.responses = self.frames = 0

    async def listen(self, tab: Tab) -> "Traffic":
        session = await tab.context.new_cdp_session(tab.page)
        await session.send("Network.enable")
        session.on("Network.loadingFinished", self._take_response)
        session.on("Network.webSocketFrameReceived", self._take_frame)
        return self

    @property
    def total(self) -> float:
        """In KB of 1,000 bytes."""
        return (self.responses + self.frames) / 1000

    def _take_response(self, event: dict[str, Any]) -> None:
        self.responses += int(event["encodedDataLength"])

    def _take_frame(self, event: dict[str, Any]) -> None:
        size = len(event["response"]["payloadData"].encode())
        self.frames += size + (2 if size < 126 else 4 if size < 65_536 else 10)
