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
OF_PARTS = "default-src 'none'; frame-ancestors 'none'"
"""The policy of scripts and styles: it is that of the page which takes them that counts."""


class Protective:
    """The headers of every answer of this program."""

    def __init__(self) -> None:
        self._common = dict(PLAIN)
        if settings.get().public_url.startswith("https://"):
            self._common["Strict-Transport-Security"] = "max-age=31536000"
        self._of_pages, self._of_others = _content_security_policy(_inline_scripts()), _content_security_policy([])

    def add(self, headers: MutableHeaders, path: str) -> None:
        """Put them on an answer; one that has a stricter policy of its own keeps it."""
        for name, value in self._common.items():
            headers.setdefault(name, value)
        if path.startswith("/assets/"):  # Their names change with what is in them, and a page has forty of them.
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
            headers["Content-Security-Policy"] = OF_PARTS
        # An answer without a type may be that a page has not changed, and what it says here counts for the page.
        may_be_page = headers.get("Content-Type", "text/html").startswith("text/html")
        headers.setdefault("Content-Security-Policy", self._of_pages if may_be_page else self._of_others)


def _inline_scripts() -> list[str]:
    """The hashes of those that the build wrote into pages (app/build.py)."""
    built = get_web_dir() / "build" / "csp.json"
    return json.loads(built.read_text())["script_hashes"] if built.exists() else []


def _content_security_policy(hashes: list[str]) -> str:
    """Scripts are our own files and the inline ones of these hashes, which are 50 bytes each; nothing is evaluated."""
    scripts = " ".join(["'self'", *(f"'{digest}'" for digest in hashes)])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
