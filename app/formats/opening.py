"""Which kind of file it is that somebody wants to import: told by what is in it, not by its name."""

from pathlib import Path

from app.domain import text
from app.domain.errors import Invalid
from app.formats import parsing
from app.formats.sheet import GUESSED, Reading, Sheet
from app.formats.source import Source
from app.formats.tandem import TandemFile
from app.formats.trello import TrelloFile
from app.formats.written import FORMAT

OTHER = "This is none of the files that can be imported: a JSON file of Tandem or of Trello, or a CSV file."
OTHER_LETTERS = "This is JSON in UTF-16. Save it in UTF-8, and try again."
EMPTY = "This file is empty: there is nothing in it to import."
HEAD = 4096
"""Bytes by which a file is told."""


def opened(path: Path, name: str, how: Reading = GUESSED) -> Source:
    """The file, its frame read; `name` is what it is called, `how` is for a table. Invalid for any other file."""
    with path.open("rb") as file:
        head = file.read(HEAD).removeprefix(parsing.BOM)
    if not head.strip():
        raise Invalid(EMPTY if path.stat().st_size <= HEAD else OTHER)
    if head.lstrip()[:1] in (b"{", b"[") and b"\0" not in head:
        return _json(path)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") and head.decode("utf-16", "ignore").lstrip()[:1] in ("{", "["):
        raise Invalid(OTHER_LETTERS)
    if (b"\0" in head and head[:2] not in (b"\xff\xfe", b"\xfe\xff")) or head.startswith(b"%PDF"):
        raise Invalid(OTHER)
    stem = name.rpartition(".")[0] or name
    return Sheet(path, text.line(stem.replace("_", " "), "A name", len(stem) + 1)[: text.NAME].strip(), how)


def _json(path: Path) -> Source:
    """It need not be read to its end to be known."""
    names: set[str] = set()
    for name, value in parsing.top(path):
        names.add(name)
        if (name, value) == ("format", FORMAT):
            return TandemFile(path)
        if {"lists", "cards"} <= names:
            return TrelloFile(path)
    raise Invalid(OTHER)
