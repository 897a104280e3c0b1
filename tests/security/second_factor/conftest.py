"""Ana, who has a second factor, and what is on her phone and on her paper."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from pyotp.hotp import HOTP

from tests.security.visitor import Visitor
from tests.support.server import Server

PASSWORD = "a door with a lock"
STEP, LEFT = 30, 3
"""Seconds that a code is shown, and that must be left of them: else it counts as an older one when it arrives."""
WRONG = "This code is not right. Codes change every 30 seconds, and each can be used once."
numbers: list[int] = []


@dataclass
class Ana:
    """Somebody with the second factor on, and what is on her phone and on her paper."""

    visitor: Visitor
    email: str
    secret: str
    recovery_codes: list[str] = field(default_factory=list)

    def code(self, steps: int = 0) -> str:
        """What her phone shows, or did or will so many steps from now."""
        return HOTP(self.secret).at(int(time.time() // STEP) + steps)

    async def show_password(self, visitor: Visitor | None = None, next_path: str = "") -> Visitor:
        visitor = visitor or self.visitor
        await visitor.post("/auth/sign-in", email=self.email, password=PASSWORD, next=next_path)
        assert visitor.went_to == "/sign-in/code", visitor.sentence
        return visitor

    async def show_code(self, code: str, visitor: Visitor | None = None) -> Visitor:
        visitor = visitor or self.visitor
        await visitor.post("/auth/sign-in/code", code=code)
        return visitor


async def set_up(visitor: Visitor) -> str:
    """As far as the secret."""
    await visitor.post("/auth/second-factor/begin")
    assert visitor.went_to == "/settings/second-factor", visitor.sentence
    return (await visitor.get("/auth/second-factor/secret")).text.replace(" ", "")


@pytest.fixture
async def visitor(program: Server) -> AsyncIterator[Visitor]:
    async with Visitor(program.url) as visitor:
        yield visitor


@pytest.fixture
async def newcomer(visitor: Visitor) -> Ana:
    """Signed in, without a second factor."""
    numbers.append(len(numbers))
    email = f"factor{numbers[-1]}@example.com"
    await visitor.sign_up("Ana", email, PASSWORD)
    return Ana(visitor, email, "")


@pytest.fixture
async def ana(newcomer: Ana) -> Ana:
    """Signed out, with the second factor on; the code that turned it on was that of a step ago."""
    ana, visitor = newcomer, newcomer.visitor
    ana.secret = await set_up(visitor)
    if (left := STEP - time.time() % STEP) < LEFT:
        await asyncio.sleep(left)
    await visitor.post("/auth/second-factor/turn-on", code=ana.code(-1), password=PASSWORD)
    assert visitor.went_to == "/settings/second-factor", visitor.sentence
    assert not visitor.sentence
    ana.recovery_codes = (await visitor.get("/auth/second-factor/recovery-codes")).text.splitlines()
    await visitor.sign_out()
    return ana
