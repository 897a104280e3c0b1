"""Somebody with a browser that keeps cookies and runs no script: what an attacker needs, and what a form needs."""

import base64
import json
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx


class Visitor:
    """`last` is the newest answer. Redirects are followed only when a test says so."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.browser = httpx.AsyncClient(base_url=url, headers={"Origin": url}, timeout=30)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: Any, traceback: TracebackType | None) -> None:
        await self.browser.aclose()

    async def get(self, path: str) -> httpx.Response:
        self.last = await self.browser.get(path)
        return self.last

    async def post(self, path: str, **form: str) -> httpx.Response:
        self.last = await self.browser.post(path, data=form)
        return self.last

    async def sign_up(self, name: str, email: str, password: str) -> None:
        await self.post("/auth/sign-up", name=name, email=email, password=password)
        assert await self.is_signed_in(), self.sentence

    async def sign_in(self, email: str, password: str) -> None:
        await self.post("/auth/sign-in", email=email, password=password)

    async def sign_out(self) -> None:
        await self.post("/auth/sign-out")

    async def is_signed_in(self) -> bool:
        """Whether the program lets this browser see a page; it is asked, not the cookie."""
        answer = await self.browser.get("/settings")
        assert answer.status_code in (200, 303), answer.text
        return answer.status_code == 200

    @property
    def went_to(self) -> str:
        """The path, with its query, to which the last answer led."""
        return self.last.headers.get("location", "")

    @property
    def sentence(self) -> str:
        """What the page that the last answer leads to will say."""
        return str(self.told.get("sentence", ""))

    @property
    def told(self) -> dict[str, Any]:
        return payload(self.browser.cookies.get("tandem_flash") or "")

    async def begin(self, next_path: str = "/") -> str:
        """Start signing in elsewhere; the provider's address."""
        self.last = await self.browser.get("/auth/oidc/1", params={"next": next_path})
        assert self.last.status_code == 302, f"{self.last.status_code} {self.sentence}"
        return self.went_to

    async def consent(self, there: str) -> str:
        """Click at the provider, and come as far as its answer: the address back here."""
        async with httpx.AsyncClient(timeout=30) as browser:
            answer = await browser.post(there.replace("/authorize?", "/consent?"))
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    async def come_back(self, address: str) -> httpx.Response:
        assert address.startswith(self.url), f"The provider sent the browser to {address}"
        return await self.get(address)

    async def sign_in_elsewhere(self, next_path: str = "/") -> httpx.Response:
        return await self.come_back(await self.consent(await self.begin(next_path)))

    async def leave(self, path: str) -> str:
        """Post a form that sends the browser on to the provider by a page; the provider's address."""
        await self.post(path)
        assert self.last.status_code == 200, f"{self.last.status_code} {self.went_to} {self.sentence}"
        return self.last.headers["refresh"].removeprefix("0;url=")


def payload(token: str) -> dict[str, Any]:
    """The claims of a signed cookie, without a look at the signature."""
    part = token.split(".")[1] if token.count(".") == 2 else "e30"
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def host_of(address: str) -> str:
    return urlsplit(address).netloc
