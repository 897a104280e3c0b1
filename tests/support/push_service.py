"""A push service, and a browser that reads what it was sent: a real HTTP server on this machine."""

import base64
import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02


def _text(bytes: bytes) -> str:
    return base64.urlsafe_b64encode(bytes).decode().rstrip("=")


@dataclass
class Browser:
    """What a browser keeps to itself, and what it tells."""

    endpoint: str
    _key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    _auth: bytes = b"sixteen bytes ok"

    @property
    def p256dh(self) -> str:
        return _text(self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    @property
    def auth(self) -> str:
        return _text(self._auth)

    def read(self, sealed: bytes) -> dict[str, str]:
        return json.loads(http_ece.decrypt(sealed, private_key=self._key, auth_secret=self._auth))


@dataclass
class PushService:
    """`answers` are the statuses of browsers that are not simply there, `taken` the bodies by path."""

    host: str
    answers: dict[str, int] = field(default_factory=dict)
    taken: list[tuple[str, bytes]] = field(default_factory=list)

    def browser(self, name: str) -> Browser:
        return Browser(f"http://{self.host}/{name}")


@contextlib.contextmanager
def pushing() -> Iterator[PushService]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = service.answers.get(self.path.strip("/"), 201)
            believed = Vapid02.verify(self.headers["Authorization"]) and self.headers["TTL"].isdecimal()
            if not believed or self.headers["Content-Encoding"] != "aes128gcm":
                status = 403
            if status == 201:
                service.taken.append((self.path.strip("/"), body))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service = PushService(f"127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
