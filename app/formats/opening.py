"""Which kind of file it is that somebody wants to import: told by what is in it, not by its name."""

from pathlib import Path

from app.domain import text
from app.domain.errors import Invalid
from app.formats import parsing
from app.formats.sheet import Reading, Sheet
from app.formats.source import Source
from app.formats.tandem import TandemFile
from app.formats.trello import TrelloFile
from app.formats.written import FORMAT

OTHER = "This is none of the files that can be imported: a JSON file of Tandem or of Trello, or a CSV file."
EMPTY = "This file is empty: there is nothing in it to import."
HEAD = 4096
"""Bytes by which a file is told."""


def opened(path: Path, name: str, how: Reading | None = None) -> Source:
    """The file, its frame read; `name` is what it is called, `how` is for a table. Invalid for any other file."""
    with path.open("rb") as file:
        head = file.read(HEAD).removeprefix(parsing.BOM)
    if not head.strip():
        raise Invalid(EMPTY if path.stat().st_size <= HEAD else OTHER)
    if head.lstrip()[:1] in (b"{", b"["):
        return _json(path)
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
