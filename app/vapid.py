"""The key with which this Tandem proves to push services who it is (VAPID, RFC 8292): made once, kept in DATA_DIR.

Browsers subscribe to this key: with another one all of them have to be turned on anew.
"""

import base64
import time
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from app import keys, settings

FILE = "vapid_key.pem"
LIFE = 3600
"""Seconds for which what is signed is good."""


@cache
def key(folder: Path) -> Vapid02:
    """That of this folder, which the first call makes."""
    return Vapid02.from_pem(keys.kept(folder / FILE, _made).read_bytes())


def _made() -> bytes:
    made = Vapid02()
    made.generate_keys()
    return made.private_pem()


def public_key() -> str:
    """As a browser wants it."""
    public = key(settings.get().data_dir).public_key
    assert public is not None
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def headers(endpoint: str) -> dict[str, str]:
    """Those that a push service at this address believes."""
    service = urlsplit(endpoint)
    claims = {"aud": f"{service.scheme}://{service.netloc}", "exp": int(time.time()) + LIFE, "sub": _whom_to_ask()}
    return key(settings.get().data_dir).sign(claims)


def _whom_to_ask() -> str:
    """Whom a push service may turn to about us."""
    chosen = settings.get()
    if chosen.public_url.startswith("https://") and "." in (host := urlsplit(chosen.public_url).hostname or ""):
        return f"https://{host}"
    return f"mailto:{chosen.smtp_from.rpartition('<')[2].rstrip('>') or 'tandem@localhost'}"
