"""What an instance keeps outside of its database: the files that people added, and its keys, in DATA_DIR."""

import os
import secrets
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.archive import PART
from app.manifest import Manifest, file_member
from app.progress import Tell

ROOM = 1.05
"""How much more than its size a file may need on the disk."""


class NoRoom(Exception):
    """One sentence: how much is needed, and how much there is."""


@dataclass(frozen=True)
class Keeping:
    """Where it lies, and the secret key, wherever that is from."""

    data_dir: Path
    secret_key: str

    @property
    def folder(self) -> Path:
        return self.data_dir / "files"

    def path(self, key: str) -> Path:
        return self.folder / key[:2] / key

    def files(self) -> Iterator[Path]:
        """All that are whole, by name: one that is arriving lies elsewhere."""
        yield from sorted(path for path in self.folder.glob("[0-9a-f][0-9a-f]/[0-9a-f]*") if path.is_file())

    def require_room(self, manifest: Manifest) -> None:
        """NoRoom if what a backup has, and is not here, does not fit on the disk."""
        needed = ROOM * sum(part.size for key, part in manifest.files.items() if not self.path(key).exists())
        self.folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(self.folder).free
        if needed > free:
            raise NoRoom(f"The files need {needed / 1e6:,.0f} MB, and {self.folder} has {free / 1e6:,.0f} MB free.")

    def put_files(self, opened: zipfile.ZipFile, manifest: Manifest, put_now: list[Path], tell: Tell) -> None:
        """Those of a backup that are not here; `put_now` tells which, also when it fails on the way."""
        for number, (key, part) in enumerate(manifest.files.items()):
            tell("Restoring files", number, len(manifest.files))
            path = self.path(key)
            if path.exists() and path.stat().st_size == part.size:
                continue  # A key is given once: it is the same file.
            if not path.exists():
                put_now.append(path)
            _write(opened, file_member(key), path)
        for folder in {path.parent for path in put_now}:
            _flush(folder)

    def put_keys(self, opened: zipfile.ZipFile, manifest: Manifest) -> None:
        for name in manifest.keys:
            _write(opened, f"keys/{name}", self.data_dir / name)


def _write(opened: zipfile.ZipFile, member: str, path: Path) -> None:
    """Aside, flushed and renamed: what has its name is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with opened.open(member) as source, draft.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            shutil.copyfileobj(source, file, PART)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
