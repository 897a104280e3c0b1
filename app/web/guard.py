"""The gate in front of the socket and of every POST: who may speak to us at all, and in what shape.

It decides on origin, token and frame; what a person may do is decided later, by @command and domain/access.py.
"""

import ipaddress
import json
import logging
import uuid
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from reflex.utils.prerequisites import get_web_dir
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import settings
from app.web import command, cookies, live

logger = logging.getLogger(__name__)

LONGEST_FRAME = 128 * 1024
"""Bytes of one frame from a browser: a text of 20,000 characters can have 80,000 bytes."""
TOKENS = 50_000
"""Tab tokens whose session a worker remembers."""
HEARTBEATS = ("2", "3", "1", "41", "41/_event,")
"""Engine.IO's ping, pong and close, Socket.IO's goodbye."""
Verdict = Literal["pass", "drop", "close"]
FOREIGN = (
    "This did not come from a page at Tandem's own address, so it was refused. If you run this Tandem: set PUBLIC_URL "
    "to the address that people type, and start it again.\n"
)
REFUSED = 1008
"""WebSocket close code: policy violation."""
TRY_LATER = 1013
"""WebSocket close code: more wish to be let in than can be at once."""


class Guard:
    """ASGI middleware, outermost."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._policy = _content_security_policy()
        self._sessions_by_token: dict[str, str | None] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if scope["method"] not in ("GET", "HEAD", "OPTIONS") and not is_same_origin(scope, headers):
            await PlainTextResponse(FOREIGN, 403)(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = MutableHeaders(scope=message)
                added["X-Content-Type-Options"] = "nosniff"
                added["Referrer-Policy"] = "same-origin"
                added["Cross-Origin-Opener-Policy"] = "same-origin"
                added["Content-Security-Policy"] = self._policy
                if scope["path"].startswith("/assets/"):  # Their names change with what is in them.
                    added["Cache-Control"] = "public, max-age=31536000, immutable"
                if settings.get().public_url.startswith("https://"):
                    added["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        await self.app(scope, receive, send_with_headers)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if not is_same_origin(scope, headers) or not _is_uuid4(token):
            await receive()
            await send({"type": "websocket.close", "code": REFUSED})
            return
        if live.current().db.is_overrun:  # The browser tries again by itself, later every time.
            await receive()
            await send({"type": "websocket.close", "code": TRY_LATER})
            return
        scope = self._with_own_token(scope, token, cookies.session_id(headers.get("cookie", "")))

        async def receive_checked() -> Message:
            while True:
                message = await receive()
                if message["type"] == "websocket.disconnect":
                    scope["tandem.close_code"] = message.get("code")
                    return message
                if message["type"] != "websocket.receive":
                    return message
                verdict = judge(message.get("text"))
                if verdict == "pass":
                    return message
                if verdict == "close":
                    logger.warning("A socket was closed for a frame that is not one of ours")
                    await send({"type": "websocket.close", "code": REFUSED})
                    return {"type": "websocket.disconnect", "code": REFUSED}

        await self.app(scope, receive_checked, send)

    def _with_own_token(self, scope: Scope, token: str, session_id: str | None) -> Scope:
        """The scope as it is, or, if another session was first to use this tab token, with a fresh one."""
        if self._sessions_by_token.setdefault(token, session_id) != session_id:
            fresh = f"token={uuid.uuid4()}&EIO=4&transport=websocket"
            return {**scope, "query_string": fresh.encode()}
        if len(self._sessions_by_token) > TOKENS:
            del self._sessions_by_token[next(iter(self._sessions_by_token))]
        return scope


def is_same_origin(scope: Scope, headers: Headers) -> bool:
    """Whether the Origin header is PUBLIC_URL, exactly.

    Without a PUBLIC_URL it must be the Host that was asked for, and that must be localhost or an address: a name could
    be one that an attacker points at us.
    """
    origin = headers.get("origin", "")
    if public_url := settings.get().public_url:
        return origin == public_url
    scheme = "https" if scope["scheme"] in ("https", "wss") else "http"
    host = headers.get("host", "")
    return bool(host) and origin == f"{scheme}://{host}" and _is_local_or_address(host)


def judge(text: str | None) -> Verdict:
    """What to do with a frame: "pass" if it is a heartbeat, a connect, or an event that has a handler.

    A page that tells of an error of its own is noted in the log, and no more; anything else closes the connection.
    """
    if text is None or len(text) > LONGEST_FRAME or len(text.encode("utf-8", "surrogatepass")) > LONGEST_FRAME:
        return "close"
    if text in HEARTBEATS:
        return "pass"
    packet, _, body = text.partition(",")
    try:
        content = json.loads(body) if body else None
    except (ValueError, RecursionError):
        return "close"
    if packet == "40/_event":
        boot = content.get("event") if isinstance(content, dict) else None
        return "pass" if boot is None or command.is_reachable(boot) else "close"
    if packet != "42/_event" or not isinstance(content, list) or not 1 <= len(content) <= 2:
        return "close"
    if content[0] == "event" and len(content) == 2:
        if command.is_reachable(content[1]):
            return "pass"
        return "drop" if _is_report(content[1]) else "close"
    return "pass" if content[0] in ("ping", "client_error") else "close"


def _is_report(event: object) -> bool:
    """Whether a page tells of an error of its own; the beginning of what it says goes to the log."""
    if not isinstance(event, dict) or not str(event.get("name", "")).endswith(".handle_frontend_exception"):
        return False
    payload = event.get("payload")
    words = str(payload.get("info", "")) if isinstance(payload, dict) else ""
    logger.warning("A page reports an error: %r", words[:300])
    return True


def _is_uuid4(token: str) -> bool:
    """As Reflex's pages make them, half of which have not the variant of RFC 9562 (`uuid.UUID.version` wants it)."""
    try:
        return str(uuid.UUID(token)) == token.lower() and token[14] == "4"
    except ValueError:
        return False


def _is_local_or_address(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
    return True


def _content_security_policy() -> str:
    """Scripts are our own files and the inline ones that the build wrote (app/build.py); nothing is evaluated."""
    built = get_web_dir() / "build" / "csp.json"
    hashes = json.loads(built.read_text())["script_hashes"] if built.exists() else []
    scripts = " ".join(["'self'", *(f"'{digest}'" for digest in hashes)])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
