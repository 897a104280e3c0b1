"""What a file is, told by how it begins: its name is only a name, and what a browser says of it only a guess."""

import codecs

import puremagic

UNKNOWN = "application/octet-stream"
SURE = 0.3
"""How sure puremagic must be; it is less so of anything that begins with one or two common characters."""


def of(head: bytes, is_whole: bool) -> str:
    """The media type of a file that begins so; `is_whole` says that it also ends there."""
    try:
        found = [guess for guess in puremagic.magic_string(head) if guess.mime_type and guess.confidence >= SURE]
    except (puremagic.PureError, ValueError):
        found = []
    if head.startswith(b"PK\x03\x04"):  # Office files, and many others, are ZIP files: the beginning does not tell.
        return "application/zip"
    if found:
        return found[0].mime_type[:100]
    return "text/plain" if head and _is_text(head, is_whole) else UNKNOWN


def _is_text(head: bytes, is_whole: bool) -> bool:
    try:
        words = codecs.getincrementaldecoder("utf-8")().decode(head, final=is_whole)
    except UnicodeDecodeError:
        return False
    return not any(sign < " " and sign not in "\t\n\r\f\x1b" for sign in words)
