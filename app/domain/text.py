"""What people type, made fit to keep: trimmed, bounded, on one line where it must be."""

import re

from app.domain.errors import Invalid

TITLE = 500
NAME = 100
TEXT = 20_000
"""The longest title, name and text, in characters."""

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)
"""What nobody can see or what turns the direction of the text around it; joiners within words and emoji stay."""
_INVISIBLE = re.compile("[\\s\u200c\u200d\u115f\u1160\u2800\u3164\uffa0]*")


def line(typed: str, what: str, longest: int = NAME) -> str:
    """One trimmed line of 1 to `longest` characters; `what` names it in the refusal: "A title"."""
    cleaned = " ".join(_UNPRINTABLE.sub("", typed).split())
    if _INVISIBLE.fullmatch(cleaned):
        raise Invalid(f"{what} needs at least one character.")
    if len(cleaned) > longest:
        raise Invalid(f"{what} can have {longest:,} characters at most; this one has {len(cleaned):,}.")
    return cleaned


def text(typed: str, what: str, longest: int = TEXT) -> str:
    """Any number of lines, possibly none, up to `longest` characters; line ends become \\n."""
    cleaned = _UNPRINTABLE.sub("", typed.replace("\r\n", "\n").replace("\r", "\n")).strip("\n")
    if len(cleaned) > longest:
        raise Invalid(f"{what} can have {longest:,} characters at most; this one has {len(cleaned):,}.")
    return cleaned
