"""An OpenID Connect provider on this machine: a small real one, over HTTP, that can be told to misbehave.

It shows a page on which one signs in with a click, as whoever it is told to `know`. It keeps to the rules (PKCE, codes
that are good once, the client's secret, registered addresses) unless a test changes how it `answers`.
"""

import asyncio
import base64
import hashlib
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.support import id_tokens
from tests.support.id_tokens import CLIENT_SECRET, Tokens, unpadded

CLIENT_ID = "tandem"
ANA = {"sub": "ana-at-work", "email": "ana@corp.example", "email_verified": True, "name": "Ana from work"}


@dataclass
class Ways:
    """How it misbehaves; as it is made, it does not."""

    metadata: dict[str, Any] = field(default_factory=dict)
    """Instead of what is in its discovery document."""
    claims: dict[str, Any] = field(default_factory=dict)
    """Instead of what is in ID tokens; None leaves one out."""
    token: Tokens | None = None
    userinfo: dict[str, Any] | None = None
    keys: list[dict[str, Any]] | None = None
    error: str = ""
    """With what it sends the browser back instead of a code."""
    token_answer: Response | None = None
    codes_are_good_again: bool = False
    clock_ahead: float = 0.0
    is_asleep: str = ""
    """The path on which it does not answer."""
    says_nothing_without_a_page: bool = False


class Provider:
    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"}, private=True)
        self.others: dict[str, Key] = {
            "PS256": RSAKey.generate_key(2048, {"kid": "PS256", "use": "sig", "alg": "PS256"}, private=True),
            "ES256": ECKey.generate_key("P-256", {"kid": "ES256", "use": "sig", "alg": "ES256"}, private=True),
            "EdDSA": OKPKey.generate_key("Ed25519", {"kid": "EdDSA", "use": "sig", "alg": "EdDSA"}, private=True),
        }
        """Its keys for other signatures, by algorithm."""
        self.reset()

    def reset(self) -> None:
        self.knows: dict[str, Any] = dict(ANA)
        self.ways = Ways()
        self.secret = CLIENT_SECRET
        self.redirect_uris: set[str] = set()
        """Those that are registered; none stands for any."""
        self.asked: list[dict[str, str]] = []
        """The queries with which browsers came."""
        self.codes: dict[str, dict[str, Any]] = {}

    def settings(self, prefix: str = "OIDC") -> dict[str, str]:
        parts = {"ISSUER": self.issuer, "CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": CLIENT_SECRET, "NAME": "Corp"}
        return {f"{prefix}_{name}": value for name, value in parts.items()}

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._awake(self.discovery)),
                Route("/authorize", self._awake(self.authorize)),
                Route("/consent", self._awake(self.consent), methods=["POST"]),
                Route("/token", self._awake(self.token), methods=["POST"]),
                Route("/keys", self._awake(self.keys)),
                Route("/userinfo", self._awake(self.userinfo)),
                Route("/favicon.ico", lambda request: Response(status_code=204)),
            ]
        )

    def discovery(self, request: Request) -> Response:
        document = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256", *self.others, "HS256", "none"],
            "code_challenge_methods_supported": ["S256"],
        }
        return JSONResponse(_less_none(document | self.ways.metadata))

    def keys(self, request: Request) -> Response:
        keys = [key.as_dict(private=False) for key in (self.key, *self.others.values())]
        return JSONResponse({"keys": keys if self.ways.keys is None else self.ways.keys})

    def authorize(self, request: Request) -> Response:
        query = dict(request.query_params)
        if query.get("client_id") != CLIENT_ID:
            return HTMLResponse("<h1>Unknown client</h1>", 400)
        if self.redirect_uris and query.get("redirect_uri") not in self.redirect_uris:
            return HTMLResponse("<h1>Error: the redirect_uri does not match</h1>", 400)
        self.asked.append(query)
        if query.get("prompt") == "none":
            if self.ways.says_nothing_without_a_page:
                return RedirectResponse(f"{self.issuer}/login", 302)
            return self._send_back(query, error="login_required")
        if self.ways.error:
            return self._send_back(query, error=self.ways.error, error_description="Said by the provider")
        page = '<form method="post" action="/consent?{}"><button>Sign in as {}</button></form>'
        return HTMLResponse(page.format(urlencode(query).replace("&", "&amp;"), self.knows["sub"]))

    def consent(self, request: Request) -> Response:
        query = dict(request.query_params)
        self.asked.append(query)
        return self._send_back(query, code=self.code_for(query))

    def code_for(self, query: dict[str, str]) -> str:
        code = secrets.token_urlsafe(24)
        self.codes[code] = query | {"knows": dict(self.knows)}
        return code

    async def token(self, request: Request) -> Response:
        form = dict(await request.form())
        if self.ways.token_answer is not None:
            return self.ways.token_answer
        if not self._is_the_client(request):
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self.codes.get(str(form.get("code")))
        if not self.ways.codes_are_good_again:
            self.codes.pop(str(form.get("code")), None)
        if asked is None or asked["redirect_uri"] != form.get("redirect_uri") or not _is_proven(asked, form):
            return JSONResponse({"error": "invalid_grant"}, 400)
        answer = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 300}
        self.knows = asked["knows"]
        return JSONResponse(_less_none(answer | {"id_token": self._id_token(asked)}))

    def userinfo(self, request: Request) -> Response:
        return JSONResponse(self.ways.userinfo or self.knows)

    def _id_token(self, asked: dict[str, Any]) -> Any:
        now = int(time.time() + self.ways.clock_ahead)
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked.get("nonce"),
            **asked["knows"],
        }
        return (self.ways.token or id_tokens.signed)(self.key, _less_none(claims | self.ways.claims))

    def _is_the_client(self, request: Request) -> bool:
        kind, _, value = request.headers.get("authorization", "").partition(" ")
        return kind == "Basic" and base64.b64decode(value).decode() == f"{CLIENT_ID}:{self.secret}"

    def _send_back(self, query: dict[str, str], **answer: str) -> Response:
        return RedirectResponse(f"{query['redirect_uri']}?{urlencode(answer | {'state': query['state']})}", 302)

    def _awake(self, answer: Callable[[Request], Any]) -> Callable[[Request], Any]:
        async def respond(request: Request) -> Response:
            if self.ways.is_asleep and self.ways.is_asleep in request.url.path:
                await asyncio.sleep(30)
            made = answer(request)
            response = await made if asyncio.iscoroutine(made) else made
            response.headers["Date"] = formatdate(time.time() + self.ways.clock_ahead, usegmt=True)
            return response

        return respond


@contextmanager
def providing() -> Iterator[Provider]:
    """A provider in a thread of this process, on a free port."""
    listener = socket.create_server(("127.0.0.1", 0))
    provider = Provider(listener.getsockname()[1])
    config = uvicorn.Config(provider.app(), log_level="error", lifespan="off", date_header=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.should_exit = server.force_exit = True
        thread.join(10)
        listener.close()


def _is_proven(asked: dict[str, Any], form: dict[str, Any]) -> bool:
    """PKCE: whoever redeems the code is who asked for it."""
    digest = hashlib.sha256(str(form.get("code_verifier", "")).encode()).digest()
    return asked.get("code_challenge_method") == "S256" and asked.get("code_challenge") == unpadded(digest)


def _less_none(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
