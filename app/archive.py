"""What a backup is made of: a zip file with a manifest, `tables/person.jsonl`, `files/ab/ab…`, `keys/secret_key`.

All of it is checked, part by part against the manifest (manifest.py), before anything is used.
"""

import hashlib
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from app import manifest, reasons, tables
from app.manifest import Manifest, Part
from app.progress import Tell

PART = 1024 * 1024
"""Bytes that are read in one go."""
LARGEST_MANIFEST = 256 * 1024 * 1024
UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError)
"""What comes of a part that is not as it was written: bits of it, or how it is packed (RuntimeError: encrypted, or in
a way that Python does not know)."""


class Unusable(Exception):
    """One sentence: what is wrong with a backup."""


def open_backup(path: Path) -> tuple[zipfile.ZipFile, Manifest]:
    """Unusable for what is no backup, or one that only a newer Tandem can read."""
    try:
        opened = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise Unusable(f"There is no file {path}.") from None
    except OSError as error:
        raise Unusable(f"{path} cannot be read ({str(error.strerror).lower()}).") from None
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise Unusable(f"{path} is no backup of Tandem, or it is cut off.") from None
    try:
        return opened, _manifest(opened, path)
    except BaseException:
        opened.close()
        raise


def _manifest(opened: zipfile.ZipFile, path: Path) -> Manifest:
    try:
        if opened.getinfo(manifest.NAME).file_size > LARGEST_MANIFEST:
            raise ValueError(f"its {manifest.NAME} is too large")
        return manifest.read(opened.read(manifest.NAME))
    except manifest.Newer:
        raise Unusable(f"{path} was made by a newer Tandem: upgrade this one first, then restore it.") from None
    except KeyError:
        raise Unusable(f"{path} is no backup of Tandem: it has no {manifest.NAME}.") from None
    except UNREADABLE as error:
        raise Unusable(f"{path} is no backup of Tandem, or it is damaged: {reasons.of(error)}.") from None


def check(opened: zipfile.ZipFile, told: Manifest, tell: Tell) -> None:
    """Read all of it once; Unusable, with the part, if it is not what the manifest says."""
    held = {item.filename for item in opened.infolist()} - {manifest.NAME}
    if wrong := held ^ {name for name, _ in told.members()}:
        raise Unusable(f"The backup is damaged: {min(wrong)} is {'not known' if min(wrong) in held else 'missing'}.")
    total, done = sum(part.size for _, part in told.members()), 0
    for name, part in told.members():
        digest, size, rows = hashlib.sha256(), 0, 0
        try:
            for piece in pieces(opened, name):
                digest.update(piece)
                size += len(piece)
                tell("Checking the backup", done + size, total)
            if name.startswith("tables/"):
                rows = sum(1 for _ in read_table(opened, name, part))
        except UNREADABLE as error:
            raise Unusable(f"The backup is damaged: {name} cannot be read ({reasons.of(error)}).") from None
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
            if strange := row.keys() ^ columns:
                is_known = min(strange) in columns
                raise ValueError(f"line {number}: {min(strange)} {'is missing' if is_known else 'is no column of it'}")
            yield row


def _lines(member: IO[bytes]) -> Iterator[bytes]:
    return iter(member.readline, b"")
