"""Who may sign up: everybody, whoever is invited, or whoever has an address at certain domains."""

import re
from dataclasses import dataclass
from typing import Literal

from app.domain.errors import Invalid, NotAllowed

_DOMAIN = re.compile(r"(?=.{4,253}$)([^\W_]([^\W_]|-){0,62}\.)+[^\W_]{2,63}")
MOST_DOMAINS, LONGEST = 50, 2000
"""In a rule: domains, and characters in all."""


@dataclass(frozen=True)
class Entry:
    """`str()` of it is what `parse` reads."""

    kind: Literal["open", "invited", "domains"]
    domains: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ",".join(self.domains) or self.kind

    @property
    def sentence(self) -> str:
        """What the sign-up page says about it; empty where there is nothing to say."""
        if self.kind == "invited":
            return "Signing up here takes an invitation: open the link that somebody has sent you."
        if self.kind == "domains":
            return f"Signing up here takes an e-mail address at {' or '.join(self.domains)}."
        return ""

    def require(self, email: str, is_invited: bool) -> None:
        """Raise NotAllowed unless somebody with this address may sign up."""
        is_welcome = self.kind == "open" or (self.kind == "invited" and is_invited)
        if not is_welcome and email.rpartition("@")[2] not in self.domains:
            raise NotAllowed(self.sentence)


def parse(typed: str) -> Entry:
    """`open`, `invited`, or domains with commas between them."""
    words = [word for word in re.split(r"[\s,;]+", typed.strip().lower()) if word]
    if words == ["open"]:
        return Entry("open")
    if words == ["invited"]:
        return Entry("invited")
    domains = tuple(dict.fromkeys(word.removeprefix("@") for word in words))
    fits = 0 < len(domains) <= MOST_DOMAINS and len(",".join(domains)) <= LONGEST
    if not fits or not all(map(_DOMAIN.fullmatch, domains)):
        raise Invalid("Sign-up is open, invited, or e-mail domains such as example.com, example.org.")
    return Entry("domains", domains)
