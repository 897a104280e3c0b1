"""The headers that every answer carries: what a browser may do with our pages, and what it may not."""

import json

from reflex.utils.prerequisites import get_web_dir
from starlette.datastructures import MutableHeaders

from app import settings

PLAIN = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def protective() -> dict[str, str]:
    """Those of every answer of this program."""
    headers = PLAIN | {"Content-Security-Policy": _content_security_policy()}
    if settings.get().public_url.startswith("https://"):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def add(headers: MutableHeaders, protective: dict[str, str], path: str) -> None:
    """Put them on an answer; one that has a stricter policy of its own keeps it."""
    for name, value in protective.items():
        headers.setdefault(name, value)
    if path.startswith("/assets/"):  # Their names change with what is in them.
        headers["Cache-Control"] = "public, max-age=31536000, immutable"


def _content_security_policy() -> str:
    """Scripts are our own files and the inline ones that the build wrote (app/build.py); nothing is evaluated."""
    built = get_web_dir() / "build" / "csp.json"
    hashes = json.loads(built.read_text())["script_hashes"] if built.exists() else []
    scripts = " ".join(["'self'", *(f"'{digest}'" for digest in hashes)])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
