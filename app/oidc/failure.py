"""What goes wrong in a handshake: at which step, in words for the person and in words for those who can mend it."""

from typing import Literal

from app.domain.errors import Refusal

Step = Literal["discovery", "issuer", "endpoints", "keys", "clock", "client", "secret", "token", "claims"]


class Failure(Refusal):
    """A sign-in elsewhere that did not come about. `reason` is for logs and admins: what is wrong, and what to do."""

    def __init__(self, step: Step, reason: str, sentence: str = "") -> None:
        super().__init__(sentence or "That did not work. Please try again; if it fails again, tell your admin.")
        self.step: Step = step
        self.reason = reason


class Away(Failure):
    """The provider does not answer, or not in time."""


def quoted(text: object) -> str:
    """What a provider said, as it may stand in a sentence or a log: short, and on one line."""
    return repr(str(text)[:120])
