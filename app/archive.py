"""What a backup is made of: a zip file with a manifest, `tables/person.jsonl`, `files/ab/ab…`, `keys/secret_key`.

The manifest says how much of what there is, with the SHA-256 of each part: all is checked before anything is used.
"""

import hashlib
import hmac
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from app import tables
from app.progress import Tell

FORMAT = 1
"""That of the file itself; the schema of its tables has a revision of its own."""
MANIFEST = "manifest.json"
PART = 1024 * 1024
"""Bytes that are read in one go."""
LARGEST_MANIFEST = 256 * 1024 * 1024
KEYS = ("secret_key", "vapid_key.pem")
"""What lies in DATA_DIR and belongs to the data: without it nobody's second factor can be checked."""
_TABLE, _FILE = re.compile(r"[a-z][a-z_]*"), re.compile(r"[0-9a-f]{32}")


class Unusable(Exception):
    """One sentence: what is wrong with a backup."""


@dataclass
class Part:
    """A table, with its rows and columns, or a file."""

    size: int
    sha256: str
    rows: int = 0
    columns: list[str] = field(default_factory=list)


@dataclass
class Manifest:
    """`schema` is the revision of the tables, `key_mark` tells SECRET_KEY from another without telling it.

    `missing` are files that rows name and that were not there.
    """

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


def table_member(name: str) -> str:
    return f"tables/{name}.jsonl"


def file_member(key: str) -> str:
    return f"files/{key[:2]}/{key}"


def mark(secret_key: str) -> str:
    return hmac.new(secret_key.encode(), b"tandem: backup", hashlib.sha256).hexdigest()


def open_backup(path: Path) -> tuple[zipfile.ZipFile, Manifest]:
    """Unusable for what is no backup, or one that only a newer Tandem can read."""
    try:
        opened = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise Unusable(f"There is no file {path}.") from None
    except OSError as error:
        raise Unusable(f"{path} cannot be read ({str(error.strerror).lower()}).") from None
    except zipfile.BadZipFile:
        raise Unusable(f"{path} is no backup of Tandem, or it is cut off.") from None
    try:
        return opened, _manifest(opened, path)
    except BaseException:
        opened.close()
        raise


def _manifest(opened: zipfile.ZipFile, path: Path) -> Manifest:
    try:
        if opened.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
            raise ValueError("too large")
        found: dict[str, Any] = json.loads(opened.read(MANIFEST))
        if found["format"] != FORMAT:
            raise Unusable(f"{path} was made by a newer Tandem: upgrade this one first, then restore it.")
        for kind in _NAMES:
            found[kind] = {name: Part(**part) for name, part in found[kind].items()}
        manifest = Manifest(**found)
        _require_sane_names(manifest)
    except (KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile, zlib.error) as error:
        raise Unusable(f"{path} is no backup of Tandem, or it is damaged ({type(error).__name__}).") from None
    return manifest


_NAMES = {"tables": _TABLE, "files": _FILE, "keys": re.compile("|".join(map(re.escape, KEYS)))}


def _require_sane_names(manifest: Manifest) -> None:
    """No name of the archive becomes a path or a statement that is not of this shape."""
    for kind, shape in _NAMES.items():
        if not all(shape.fullmatch(name) for name in getattr(manifest, kind)):
            raise ValueError("a name")


def check(opened: zipfile.ZipFile, manifest: Manifest, tell: Tell) -> None:
    """Read all of it once; Unusable, with the part, if it is not what the manifest says."""
    held = {item.filename for item in opened.infolist()} - {MANIFEST}
    if wrong := held ^ {name for name, _ in manifest.members()}:
        raise Unusable(f"The backup is damaged: {min(wrong)} is {'not known' if min(wrong) in held else 'missing'}.")
    total, done = sum(part.size for _, part in manifest.members()), 0
    for name, part in manifest.members():
        digest, size, rows = hashlib.sha256(), 0, 0
        try:
            for piece in pieces(opened, name):
                digest.update(piece)
                size += len(piece)
                tell("Checking the backup", done + size, total)
            if name.startswith("tables/"):
                rows = sum(1 for _ in read_table(opened, name, part))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
            raise Unusable(f"The backup is damaged: {name} cannot be read ({error}).") from None
        if (size, digest.hexdigest(), rows) != (part.size, part.sha256, part.rows):
            raise Unusable(f"The backup is damaged: {name} is not what was written into it.")
        done += size


def pieces(opened: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with opened.open(name) as member:
        yield from iter(lambda: member.read(PART), b"")


def read_table(opened: zipfile.ZipFile, name: str, part: Part) -> Iterator[dict[str, Any]]:
    """Its rows; ValueError with the number of one that is none."""
    columns = set(part.columns)
    with opened.open(name) as member:
        for number, text in enumerate(_lines(member), 1):
            try:
                row = tables.read(text)
            except ValueError as error:
                raise ValueError(f"line {number}: {error}") from None
            if row.keys() != columns:
                raise ValueError(f"line {number}: its columns are not those of the table")
            yield row


def _lines(member: IO[bytes]) -> Iterator[bytes]:
    return iter(member.readline, b"")
