"""What answers at all: the pages and routes of the matrix, the files of the build, and nothing of Reflex's own."""

import httpx
import pytest

from tests.security.sockets import is_let_in
from tests.support.server import Server

NOT_HERE = [
    "/_upload",
    "/_upload/",
    "/_upload/secret_key",
    "/_health",
    "/ping",
    "/ping/",
    "/_all_routes",
    "/_auth-codespace",
    "/auth-codespace",
    "/_event",
    "/_event/",
    "/_event/?EIO=4&transport=polling",
    "/_event/socket.io.js",
    "/_event/admin",
    "/_next/data",
    "/__spa-fallback.html",
    "/_worker",
    "/metrics.js.map",
    "/docs.json",
    "/.env",
    "/.git/config",
    "/.web/env.json",
    "/env.json",
    "/../data/secret_key",
    "/%2e%2e/%2e%2e/data/secret_key",
    "/assets/..%2f..%2fcsp.json",
    "/assets/%2e%2e/%2e%2e/csp.json",
    "/..%5c..%5cdata%5ctandem.db",
    "//etc/passwd.txt",
]


@pytest.mark.parametrize("path", NOT_HERE)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_nothing_answers_that_is_not_needed(program: Server, path: str, method: str):
    async with httpx.AsyncClient(base_url=program.url, headers={"Origin": program.url}) as browser:
        request = browser.build_request(method, "/", content=b"4probe" if method == "POST" else None)
        request.url = httpx.URL(program.url, raw_path=path.encode())
        answer = await browser.send(request)
    assert answer.status_code in (303, 404, 405), answer.text[:200]
    if answer.status_code == 303:
        assert answer.headers["location"].startswith("/sign-in"), "As for any address where a page could be."
    assert "csp" not in answer.text or "<html" in answer.text
    assert "sid" not in answer.headers.get("content-type", "")


@pytest.mark.parametrize(
    "path", ["/", "/_event/../", "/_evnt/", "/ws", "/_event/admin", "/health", "/auth/sign-in", "/b/1"]
)
async def test_no_socket_opens_anywhere_else(program: Server, path: str):
    assert await is_let_in(program), "The premise: at its own place it opens."
    assert not await is_let_in(program, path=path)
