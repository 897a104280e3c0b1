"""E-mail: a letter is a few paragraphs and perhaps a link, sent as text and as simple HTML that say the same."""

import asyncio
import logging
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from html import escape
from string import Template

import aiosmtplib

from app.settings import Settings

logger = logging.getLogger(__name__)

RETRIES = (2.0, 15.0, 60.0)
"""Seconds before each further attempt to hand a letter over."""
PATIENCE = 20.0
"""Seconds that the server may take for each step."""


@dataclass(frozen=True)
class Letter:
    """`action` is what the link is called. Only `text` and `html` make it one."""

    to: str
    subject: str
    greeting: str
    paragraphs: tuple[str, ...]
    action: str = ""
    link: str = ""
    closing: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        link = (f"{self.action}:\n{self.link}",) if self.link else ()
        return "\n\n".join((self.greeting, *self.paragraphs, *link, *self.closing)) + "\n"

    @property
    def html(self) -> str:
        link = _LINK.substitute(href=escape(self.link), action=escape(self.action)) if self.link else ""
        body = [_PARAGRAPH.substitute(words=escape(words)) for words in (self.greeting, *self.paragraphs)]
        small = [_SMALL.substitute(words=escape(words)) for words in self.closing]
        return _PAGE.substitute(title=escape(self.subject), body="\n".join((*body, link, *small)))


class Post:
    """Hands letters to the server of the settings, in the background; without one there `is_closed`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._under_way: set[asyncio.Task[None]] = set()

    @property
    def is_closed(self) -> bool:
        return not self._settings.smtp_host

    def send(self, letter: Letter) -> None:
        """Soon, and again if it does not work at once; nobody waits for it."""
        task = asyncio.ensure_future(self._deliver(letter))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def settle(self, patience: float) -> None:
        """Wait for letters that are under way, when this process is to end."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=patience)

    async def _deliver(self, letter: Letter) -> None:
        """The log is told what went wrong and never to whom, or with what, it was going."""
        message = self._envelope(letter)
        for pause in (*RETRIES, None):
            try:
                await self._hand_over(message)
                return
            except (aiosmtplib.SMTPException, OSError) as error:
                reason = f"{type(error).__name__} {getattr(error, 'code', '') or ''}".strip()
                logger.warning("A letter was not taken (%s)%s", reason, "" if pause else "; it is given up")
                if pause is None or _is_final(error):
                    return
            await asyncio.sleep(pause)

    async def _hand_over(self, message: EmailMessage) -> None:
        chosen = self._settings
        await aiosmtplib.send(
            message,
            hostname=chosen.smtp_host,
            port=chosen.smtp_port,
            username=chosen.smtp_user or None,
            password=chosen.smtp_password or None,
            use_tls=chosen.smtp_security == "tls",
            start_tls=chosen.smtp_security == "starttls",
            timeout=PATIENCE,
        )

    def _envelope(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._settings.smtp_from
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=self._settings.smtp_from.rpartition("@")[2].rstrip(">"))
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        return message


def _is_final(error: Exception) -> bool:
    """Whether trying again leads nowhere: an address or a password that the server does not take."""
    return isinstance(error, aiosmtplib.SMTPResponseException | aiosmtplib.SMTPRecipientsRefused) and not (
        400 <= getattr(error, "code", 500) < 500
    )


_PAGE = Template("""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>$title</title></head>
<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 2rem auto; padding: 0 1rem">
$body
</body>
</html>
""")
_PARAGRAPH = Template("<p>$words</p>")
_SMALL = Template('<p style="font-size: 14px; opacity: 0.75">$words</p>')
_LINK = Template(
    '<p><a href="$href" style="display: inline-block; padding: 0.6rem 1.1rem; border-radius: 0.4rem; '
    'background: #4f46e5; color: #ffffff; text-decoration: none; font-weight: 600">$action</a></p>'
)
