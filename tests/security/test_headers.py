"""What every answer tells the browser, under http and under https: for pages, files, refusals and errors alike."""

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.support.server import Server, serving

PATHS = ["/sign-in", "/", "/health", "/favicon.svg", "/_upload", "/nothing.here", "/auth/sign-in"]
FORM = {"name": "Ana", "email": "ana@headers.example", "password": "a header is not a lock"}


@pytest.fixture(scope="module")
def encrypted() -> Iterator[Server]:
    """A program whose people come over https, by way of a proxy."""
    with serving(PUBLIC_URL="https://tasks.example.com") as server:
        yield server


async def answers(server: Server, origin: str) -> list[httpx.Response]:
    async with httpx.AsyncClient(base_url=server.url) as browser:
        first = await browser.get("/sign-in")
        unchanged = await browser.get("/sign-in", headers={"If-None-Match": first.headers["etag"]})
        assert unchanged.status_code == 304
        refused = await browser.post("/auth/sign-in", data=FORM, headers={"Origin": "http://evil.example"})
        signed_up = await browser.post("/auth/sign-up", data=FORM, headers={"Origin": origin})
        return [first, unchanged, *[await browser.get(path) for path in PATHS], refused, signed_up]


async def test_every_answer_protects_itself(program: Server):
    for answer in await answers(program, program.url):
        policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
        assert policy["default-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
        assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert "unsafe" not in policy["script-src"]
        scripts = policy["script-src"].split()
        may_be_page = answer.headers.get("content-type", "text/html").startswith("text/html")
        assert scripts[0] == "'self'" and all(part.startswith("'sha256-") for part in scripts[1:])
        assert may_be_page == (len(scripts) > 1), "The hashes are for pages, also for one that has not changed."
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "strict-transport-security" not in answer.headers, "Over http it would mean nothing."
        assert "access-control-allow-origin" not in answer.headers
        assert "server" not in answer.headers


async def test_the_parts_of_a_page_protect_themselves_in_few_words(program: Server):
    async with httpx.AsyncClient(base_url=program.url) as browser:
        parts = re.findall(r'"(/assets/[^"]+\.(?:js|css))"', (await browser.get("/sign-in")).text)
        for part in parts:
            answer = await browser.get(part)
            assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert len(b"".join(b"%s: %s\r\n" % line for line in answer.headers.raw)) < 700
    assert len(parts) > 5


async def test_over_https_browsers_are_told_to_stay_there(encrypted: Server):
    for answer in await answers(encrypted, "https://tasks.example.com"):
        assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("fixture", ["program", "encrypted"])
async def test_cookies_are_for_us_alone(request: pytest.FixtureRequest, fixture: str):
    server: Server = request.getfixturevalue(fixture)
    is_secure = fixture == "encrypted"
    origin = "https://tasks.example.com" if is_secure else server.url
    async with httpx.AsyncClient(base_url=server.url, headers={"Origin": origin}) as browser:
        form = FORM | {"email": "ben@headers.example"}
        signed_up = await browser.post("/auth/sign-up", data=form)
        wrong = await browser.post("/auth/sign-in", data=form | {"password": "not her password"})
    set_by = [cookie for answer in (signed_up, wrong) for cookie in answer.headers.get_list("set-cookie")]
    assert any("tandem=" in cookie for cookie in set_by), "The premise: she is signed in."
    for cookie in set_by:
        name, _, flags = cookie.partition("=")
        parts = {part.strip().lower() for part in flags.split(";")[1:]}
        assert {"httponly", "samesite=lax", "path=/"} <= parts, cookie
        assert not any(part.startswith("domain") for part in parts), cookie
        assert ("secure" in parts) == is_secure, cookie
        assert name.startswith("__Host-") == (is_secure and name.endswith("tandem")) or name == "tandem_flash"


async def test_a_page_of_another_site_is_told_nothing_by_cors(program: Server, encrypted: Server):
    for server in (program, encrypted):
        async with httpx.AsyncClient(base_url=server.url) as browser:
            for path in ("/health", "/sign-in", "/auth/sign-in", "/_event/"):
                asking = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
                for answer in (await browser.options(path, headers=asking), await browser.get(path, headers=asking)):
                    assert answer.headers.get("access-control-allow-origin") is None, f"{path} of {server.url}"
