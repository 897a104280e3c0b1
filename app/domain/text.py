"""What people type, made fit to keep: trimmed, bounded, on one line where it must be."""

import re

from app.domain.errors import Invalid

TITLE = 500
NAME = 100
TEXT = 20_000
FILE_NAME = 200
"""The longest title, name, text and name of a file, in characters."""

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)
"""What nobody can see or what turns the direction of the text around it; joiners within words and emoji stay."""
_KEY = re.compile(r"[0-9a-f-]{8,36}")
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


def words(typed: str, what: str, longest: int = TEXT) -> str:
    """As `text`, and something must be there to be read."""
    cleaned = text(typed, what, longest)
    if _INVISIBLE.fullmatch(cleaned):
        raise Invalid(f"{what} needs at least one character.")
    return cleaned


def require_key(key: str) -> None:
    """What a browser calls something that it sends, so as to send it again without having it twice."""
    if not _KEY.fullmatch(key):
        raise Invalid("This could not be understood. Reload the page and try again.")


def require_seen(seen: str | None, current: str, wanted: str) -> None:
    """Refuse to put `wanted` in the place of a text that its writer, who saw `seen`, did not see; None does not say."""
    if seen is not None and seen != current != wanted:
        raise Invalid("Somebody else has just changed this. Look at theirs, and save again to put yours in its place.")


def file_name(name: str) -> str:
    """The last part of what a browser calls a file, on one line, cut to fit before its extension."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    try:
        cleaned = line(last, "A file's name", max(len(last), 1))
    except Invalid:
        return "file"
    if cleaned in (".", ".."):
        return "file"
    stem, dot, extension = cleaned.rpartition(".")
    if len(cleaned) > FILE_NAME and dot and len(extension) < 20:
        return f"{stem[: FILE_NAME - len(extension) - 1]}.{extension}"
    return cleaned[:FILE_NAME]


def size(count: int) -> str:
    """A number of bytes in words: 640 bytes, 12 KB, 3.4 MB."""
    if count < 1000:
        return f"{count} byte{'' if count == 1 else 's'}"
    unit, whole = next((unit, whole) for unit, whole in _UNITS if count < whole * 1000 or unit == "TB")
    return f"{count / whole:.1f}".removesuffix(".0") + f" {unit}"


_UNITS = (("KB", 1000), ("MB", 1000**2), ("GB", 1000**3), ("TB", 1000**4))
