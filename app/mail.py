"""E-mail: letters go to an SMTP server.

Handing one over has two halves, so that what is remembered of it is as true as can be: all but the last line goes to
the server, then `let_go` may write down that it is going, and only with that line the server can take it.
"""

import re
from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import formatdate, parseaddr

import aiosmtplib

from app.letter import Letter
from app.settings import Settings

PATIENCE = 20.0
"""Seconds that the server may take for each step."""
PATIENCE_AT_LAST = 120.0
"""Seconds that it may take to say that it has the letter: asking again too soon makes two of one."""


PATIENCE_TO_GREET = 1.2
"""Seconds to see whether it is there at all."""


class NotTaken(Exception):
    """The server did not take a letter: why, in words for admins. `is_final`: it never will."""

    def __init__(self, why: str, *, is_final: bool = False) -> None:
        super().__init__(why)
        self.why, self.is_final = why, is_final


class Counter:
    """A connection to the server of the settings, made when first needed and used for several letters."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: aiosmtplib.SMTP | None = None

    async def hand_over(self, letter: Letter, key: str, let_go: Callable[[], Awaitable[bool]]) -> bool:
        """Hand it over; False, and nothing was sent, if `let_go` says at the last moment that it is not to go.

        `key` makes its Message-ID. NotTaken if the server does not take it, or was gone before it said that it had.
        """
        message = envelope(letter, self._settings, key)
        try:
            client = await self._connected()
            is_plain = letter.to.isascii() or not client.supports_extension("smtputf8")
            options = [] if is_plain else ["SMTPUTF8"]
            await client.mail(parseaddr(self._settings.smtp_from)[1], options=options)
            await client.rcpt(letter.to, encoding="utf-8")
            return await self._say(client, message.as_bytes(policy=SMTP if is_plain else SMTPUTF8), let_go)
        except UnicodeEncodeError:
            await self._start_over()
            raise NotTaken("The mail server takes no address with letters beyond a to z.", is_final=True) from None
        except aiosmtplib.SMTPRecipientRefused as error:
            await self._start_over()
            is_final = error.code >= 500
            raise NotTaken(f"The mail server does not take this address ({error.code}).", is_final=is_final) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            self.close()
            raise _not_taken(error) from None
        except BaseException:
            self.close()
            raise

    async def try_out(self) -> None:
        """Connect, sign in and hang up: NotTaken if the server does not want to."""
        try:
            await self._connected()
        except (aiosmtplib.SMTPException, OSError) as error:
            raise _not_taken(error) from None
        finally:
            self.close()

    def close(self) -> None:
        """Hang up; what was not handed over to the last line is forgotten by the server."""
        if self._client is not None:
            self._client.close()
            self._client = None

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is None or not self._client.is_connected:
            chosen = self._settings
            self._client = aiosmtplib.SMTP(
                hostname=chosen.smtp_host,
                port=chosen.smtp_port,
                username=chosen.smtp_user or None,
                password=chosen.smtp_password or None,
                use_tls=chosen.smtp_security == "tls",
                start_tls=chosen.smtp_security == "starttls",
                timeout=PATIENCE,
            )
            await self._client.connect()
        return self._client

    async def _say(self, client: aiosmtplib.SMTP, message: bytes, let_go: Callable[[], Awaitable[bool]]) -> bool:
        begun = await client.execute_command(b"DATA")
        if begun.code != aiosmtplib.SMTPStatus.start_input or client.protocol is None:
            raise aiosmtplib.SMTPDataError(begun.code, begun.message)
        client.protocol.write(re.sub(rb"(?m)^\.", b"..", message))
        if not await let_go():
            self.close()
            return False
        taken = await client.execute_command(b".", timeout=PATIENCE_AT_LAST)
        if taken.code != aiosmtplib.SMTPStatus.completed:
            raise aiosmtplib.SMTPDataError(taken.code, taken.message)
        return True

    async def _start_over(self) -> None:
        """The connection is good for the next letter."""
        try:
            assert self._client is not None
            await self._client.rset()
        except (aiosmtplib.SMTPException, OSError):
            self.close()


async def greet(settings: Settings) -> None:
    """See whether the server is there; NotTaken if not. Nobody signs in, and nothing is sent."""
    client = aiosmtplib.SMTP(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        use_tls=settings.smtp_security == "tls",
        start_tls=False,
        timeout=PATIENCE_TO_GREET,
    )
    try:
        await client.connect()
    except (aiosmtplib.SMTPException, OSError) as error:
        raise _not_taken(error) from None
    finally:
        client.close()


def envelope(letter: Letter, settings: Settings, key: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = settings.smtp_from
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{key}@{parseaddr(settings.smtp_from)[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def _not_taken(error: Exception) -> NotTaken:
    """In words of ours: those of the server may have the address in them."""
    code = getattr(error, "code", None)
    match error:
        case aiosmtplib.SMTPAuthenticationError():
            return NotTaken(f"The mail server does not let us in ({code}): look at SMTP_USER and SMTP_PASSWORD.")
        case aiosmtplib.SMTPSenderRefused():
            return NotTaken(f"The mail server does not take our address ({code}): look at SMTP_FROM.")
        case aiosmtplib.SMTPDataError():
            is_final = (code or 0) >= 500
            words = "refused it" if is_final else "asks us to try later"
            return NotTaken(f"The mail server {words} ({code}).", is_final=is_final)
        case aiosmtplib.SMTPTimeoutError() | TimeoutError():
            return NotTaken("The mail server did not answer in time.")
        case aiosmtplib.SMTPResponseException():
            return NotTaken(f"The mail server does not want to talk to us ({code}).")
    return NotTaken(f"The mail server could not be reached, or hung up ({type(error).__name__}).")
