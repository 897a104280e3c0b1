"""What people type, made fit to keep: trimmed, bounded, on one line where it must be."""

import re

from app.domain.errors import Invalid

TITLE = 500
NAME = 100
TEXT = 20_000
"""The longest title, name and text, in characters."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def line(typed: str, what: str, longest: int = NAME) -> str:
    """One trimmed line of 1 to `longest` characters; `what` names it in the refusal: "A title"."""
    cleaned = " ".join(_UNPRINTABLE.sub("", typed).split())
    if not cleaned:
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
