"""A real SMTP server, in a thread of its own, that keeps what it is sent."""

import asyncio
import contextlib
import email
import re
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.support.server import free_port

PATIENCE = 20.0


class Mailbox:
    """Refuses as many letters as it is told to, with a passing failure, before it takes one.

    `bounces` are addresses that it does not know, `taken` the Message-IDs of all that it ever took.
    """

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.taken: list[str] = []
        self.refuses = 0
        self.bounces: set[str] = set()
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address in self.bounces:
            return f"550 <{address}> is nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuses:
            self.refuses -= 1
            return "451 Try again later"
        message = email.message_from_bytes(envelope.content, _class=EmailMessage, policy=default)
        self.letters.append(message)
        self.taken.append(message["Message-ID"])
        for loop, has_come in self._waiting:
            loop.call_soon_threadsafe(has_come.set)
        return "250 OK"

    async def next(self, to: str) -> EmailMessage:
        """The newest letter to an address, which it takes out, as soon as it has come."""
        has_come = asyncio.Event()
        self._waiting.append(waiting := (asyncio.get_running_loop(), has_come))
        async with asyncio.timeout(PATIENCE):
            while not (found := [letter for letter in self.letters if letter["To"] == to]):
                await has_come.wait()
                has_come.clear()
        self._waiting.remove(waiting)
        self.letters.remove(found[-1])
        return found[-1]

    async def link(self, to: str) -> str:
        """The path that the next letter's link leads to."""
        letter = await self.next(to)
        text, html = (part.get_content() for part in letter.iter_parts())
        found = re.findall(r"https?://[^/\s\"]+(/\S+)", text)
        assert len(found) == 1, text
        assert f'{found[0]}"' in html, "Both parts lead to the same place."
        return found[0]


@contextlib.contextmanager
def receiving(
    user: str = "tandem",
    password: str = "a word for the postman",
    security: str = "none",
    certificate: ssl.SSLContext | None = None,
    port: int = 0,
) -> Iterator[tuple[Mailbox, dict[str, str]]]:
    """A mailbox that asks who is there, and the settings with which the program sends to it."""

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, given: LoginPassword) -> AuthResult:
        is_known = (given.login, given.password) == (user.encode(), password.encode())
        return AuthResult(success=is_known, handled=False)  # It is the server that tells them.

    mailbox = Mailbox()
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=port or free_port(),
        authenticator=authenticate,
        auth_required=True,
        auth_require_tls=security == "starttls",
        tls_context=certificate if security == "starttls" else None,
        require_starttls=security == "starttls",
        ssl_context=certificate if security == "tls" else None,
    )
    controller.start()
    try:
        yield (
            mailbox,
            {
                "SMTP_HOST": "127.0.0.1",
                "SMTP_PORT": str(controller.port),
                "SMTP_SECURITY": security,
                "SMTP_USER": user,
                "SMTP_PASSWORD": password,
                "SMTP_FROM": "Tandem <tandem@example.com>",
            },
        )
    finally:
        controller.stop()


class Post:
    """The mail server, which can be taken away and come back at its address."""

    def __init__(self) -> None:
        self.port = free_port()
        self.begin()

    def begin(self) -> None:
        self._running = contextlib.ExitStack()
        self.mailbox, self.settings = self._running.enter_context(receiving(port=self.port))

    def end(self) -> None:
        self._running.close()
