"""The manifest of a backup: how much of what there is, with the SHA-256 of each part, and where each part lies."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

NAME = "manifest.json"
FORMAT = 1
"""That of the file itself; the schema of its tables has a revision of its own."""
KEYS = ("secret_key", "vapid_key.pem")
"""What lies in DATA_DIR and belongs to the data: without it nobody's second factor can be checked."""
SHAPES = {
    "tables": re.compile(r"[a-z][a-z_]*"),
    "files": re.compile(r"[0-9a-f]{32}"),
    "keys": re.compile("|".join(map(re.escape, KEYS))),
}
"""What parts are called. No other name becomes a path or a statement."""
_EXACT = ConfigDict(strict=True, extra="forbid")


class Newer(Exception):
    """Only a newer Tandem can read it."""


@dataclass
class Part:
    """A table, with its rows and columns, or a file."""

    __pydantic_config__: ClassVar = _EXACT
    size: int
    sha256: str
    rows: int = 0
    columns: list[str] = field(default_factory=list)


@dataclass
class Manifest:
    """`schema` is the revision of the tables, `key_mark` tells SECRET_KEY from another without telling it.

    `missing` are files that rows name and that were not there.
    """

    __pydantic_config__: ClassVar = _EXACT
    schema: str
    made_at: str
    key_mark: str = ""
    tables: dict[str, Part] = field(default_factory=dict)
    files: dict[str, Part] = field(default_factory=dict)
    keys: dict[str, Part] = field(default_factory=dict)
    last_ids: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.tables.values())

    @property
    def bytes_of_files(self) -> int:
        return sum(part.size for part in self.files.values())

    def members(self) -> Iterator[tuple[str, Part]]:
        """Every part with its name in the zip file."""
        yield from ((table_member(name), part) for name, part in self.tables.items())
        yield from ((file_member(key), part) for key, part in self.files.items())
        yield from ((f"keys/{name}", part) for name, part in self.keys.items())

    def as_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()


def read(text: bytes) -> Manifest:
    """As `as_json` has written it; ValueError with what is wrong, Newer for one of a newer Tandem."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError(f"its {NAME} is no JSON") from None
    given = found.get("format") if isinstance(found, dict) else None
    if type(given) is not int or given < FORMAT:
        raise ValueError(f"its {NAME} does not say which format it has")
    if given > FORMAT:
        raise Newer
    try:
        manifest = _MANIFEST.validate_json(text)
    except ValidationError as error:
        wrong = error.errors()[0]
        where, words = ".".join(map(str, wrong["loc"])), wrong["msg"]
        raise ValueError(f"in its {NAME}, {where}: {words[:1].lower()}{words[1:]}") from None
    for kind, shape in SHAPES.items():
        for name in getattr(manifest, kind):
            if not shape.fullmatch(name):
                raise ValueError(f"its {NAME} has {name!r} among the {kind}")
    return manifest


_MANIFEST = TypeAdapter(Manifest)


def table_member(name: str) -> str:
    return f"tables/{name}.jsonl"


def file_member(key: str) -> str:
    return f"files/{key[:2]}/{key}"


def mark(secret_key: str) -> str:
    return hmac.new(secret_key.encode(), b"tandem: backup", hashlib.sha256).hexdigest()
