"""The gate in front of the socket and of every POST: who may speak to us at all, in what shape, and how fast.

It decides on origin, token, address and frame (origin.py, frames.py); what a person may do is decided later, by
@command and domain/access.py.
"""

import asyncio
import logging
import secrets
import uuid
from collections import Counter
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import log, settings
from app.figures import declared
from app.web import address, complaints, cookies, frames, headers, live, origin
from app.web.bucket import Bucket

logger = logging.getLogger(__name__)

TOKENS = 50_000
"""Tab tokens whose session a worker remembers."""
ADDRESSES = 10_000
"""Addresses whose knocking a worker remembers."""
PATIENCE = 10.0
"""Seconds that a socket may be open before its tab says what it wants."""
PAINTED = 4.0
"""Seconds from one report of a tab that something is on the screen to the next."""
BURST = 3
"""Seconds' worth of events that a tab may send at once."""
LONGEST_SUBPROTOCOL = 40
"""Characters of what a page says that it speaks: its version of Reflex."""
FOREIGN = (
    "This did not come from a page at Tandem's own address, so it was refused. If you run this Tandem: set PUBLIC_URL "
    "to the address that people type, and start it again.\n"
)
NOTHING_HERE = "There is nothing at this address.\n"
REFLEXS_OWN = ("/_", "/ping")
"""Where Reflex answers beside its pages: nobody needs it over HTTP."""
FOR_MAIL_PROGRAMS = "/mail/"
"""Where a link says all that there is to say, and no cookie is looked at."""
SOCKET = "/_event"
REQUEST_ID = "X-Request-ID"
"""By which an answer is found again in the log."""
REFUSED, TRY_LATER = 1008, 1013
"""WebSocket close codes: policy violation; more wish to be let in than can be at once."""
CODES = {"address": TRY_LATER, "crowd": TRY_LATER}
"""What a socket that is not let in is closed with, by the reason: REFUSED for all others."""


class Guard:
    """ASGI middleware, outermost."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._headers = headers.Protective()
        self._sessions_by_token: dict[str, str | None] = {}
        self._open: Counter[str] = Counter()
        """How many sockets each address has open."""
        self._knocks: dict[str, Bucket] = {}
        """How many more each may open now: all of its tabs twice, and once more in a minute."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        id = secrets.token_hex(6)
        log.about(request=id)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(scope=message)
                self._headers.add(answered, scope["path"])
                answered[REQUEST_ID] = id
                logger.debug("%s %s", scope["method"], message["status"])
            await send(message)

        answer = self.app
        if scope["path"].startswith(REFLEXS_OWN):
            answer = PlainTextResponse(NOTHING_HERE, 404)
        elif _changes_something(scope) and not origin.is_same(scope, Headers(scope=scope)):
            answer = PlainTextResponse(FOREIGN, 403)
        await answer(scope, receive, send_with_headers)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        where = address.of(scope)
        if reason := self._why_not(scope, where):
            declared.REFUSED.add(reason)
            await receive()
            await send({"type": "websocket.close", "code": CODES.get(reason, REFUSED)})
            return
        self._open[where] += 1
        log.about(connection=secrets.token_hex(6))
        declared.ACCEPTED.add()
        declared.CONNECTIONS.add(1)
        try:
            scope = self._with_own_token(scope) | {"tandem.address": where}
            await self.app(scope, _Checked(scope, receive, send).receive, send)
        finally:
            declared.CONNECTIONS.add(-1)
            self._open[where] -= 1
            if not self._open[where]:
                del self._open[where]

    def _why_not(self, scope: Scope, where: str) -> str:
        """The reason, one of `declared.NOT_LET_IN`, for a socket that is not let in; empty for one that is."""
        sent = Headers(scope=scope)
        if scope["path"].rstrip("/") != SOCKET:
            return "path"
        if not origin.is_same(scope, sent):
            return "origin"
        if not _is_uuid4(_token(scope)):
            return "token"
        if len(sent.get("sec-websocket-protocol", "")) > LONGEST_SUBPROTOCOL:
            return "protocol"
        most = settings.get().max_connections_per_address
        if len(self._knocks) > ADDRESSES:
            self._knocks.clear()
        if self._open[where] >= most or not self._knocks.setdefault(where, Bucket(2 * most, most / 60)).take():
            complaints.note("An address opens too many sockets, so another one was refused", where)
            return "address"
        return "crowd" if live.current().db.is_overrun else ""  # The browser tries again by itself, later every time.

    def _with_own_token(self, scope: Scope) -> Scope:
        """The scope as it is, or, if another session was first to use this tab token, with a fresh one."""
        token, session_id = _token(scope), cookies.session_id(Headers(scope=scope).get("cookie", ""))
        if self._sessions_by_token.setdefault(token, session_id) != session_id:
            token = str(uuid.uuid4())
        if len(self._sessions_by_token) > TOKENS:
            del self._sessions_by_token[next(iter(self._sessions_by_token))]
        query = f"token={token}&EIO=4&transport=websocket".encode()
        return {**scope, "query_string": query, "tandem.session": session_id}


class _Checked:
    """What comes in over a socket, as long as it is what a page of ours sends."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        a_second = settings.get().socket_event_rate
        self._allowed = Bucket(BURST * a_second, a_second)
        self._painted_at = 0.0
        self._greets_by: float | None = asyncio.get_running_loop().time() + PATIENCE

    async def receive(self) -> Message:
        while True:
            try:
                async with asyncio.timeout_at(self._greets_by):
                    message = await self._receive()
            except TimeoutError:
                return await self._close("silent", "A socket was closed that said nothing")
            if message["type"] == "websocket.disconnect":
                self._scope["tandem.close_code"] = message.get("code")
            if message["type"] != "websocket.receive":
                return message
            text = message.get("text")
            if not self._allowed.take():
                return await self._close("too-fast", "A socket was closed that sent more events than a person can")
            verdict = frames.judge(text)
            if verdict == "painted":
                self._note_painted(str(text))
            if verdict == "close":
                return await self._close("bad-frame", "A socket was closed for a frame that is not one of ours")
            if text and text.startswith(frames.GREETING):
                self._greets_by = None
            if verdict == "pass":
                return message

    def _note_painted(self, text: str) -> None:
        """Of the board that this tab was let in to, and no more often than a page of ours tells."""
        now = asyncio.get_running_loop().time()
        if (board := self._scope.get("tandem.board")) and now >= self._painted_at + PAINTED:
            self._painted_at = now
            live.current().painted(*board, *frames.painted(text))

    async def _close(self, reason: str, sentence: str) -> Message:
        declared.CUT.add(reason)
        complaints.note(sentence, address.of(self._scope))
        await self._send({"type": "websocket.close", "code": REFUSED})
        return {"type": "websocket.disconnect", "code": REFUSED}


def _changes_something(scope: Scope) -> bool:
    """Whether a request is to come from a page of ours. A mail program that ends letters has none, nor any cookie."""
    return scope["method"] not in ("GET", "HEAD", "OPTIONS") and not scope["path"].startswith(FOR_MAIL_PROGRAMS)


def _token(scope: Scope) -> str:
    return parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]


def _is_uuid4(token: str) -> bool:
    """As Reflex's pages make them, half of which have not the variant of RFC 9562 (`uuid.UUID.version` wants it)."""
    try:
        return str(uuid.UUID(token)) == token.lower() and token[14] == "4"
    except ValueError:
        return False
