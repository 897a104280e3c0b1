"""The bytes of files that people give us, under DATA_DIR/files: draft, put, open, delete, keys.

A name of ours, never theirs, says where a file lies. It is written aside, flushed to the disk and then renamed, so that
what has a key is whole. An object store could do the same five things.
"""

import asyncio
import contextlib
import hashlib
import os
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path

from app import settings

GATHERED = 256 * 1024
"""Bytes that are gathered before they are written, and that are read in one go."""
WAITING = "imports"
"""The folder beside those files for what waits to be imported."""
HEAD = 8 * 1024
"""Bytes from the beginning that a draft remembers: enough to tell what it is."""


class Draft:
    """A file that is still arriving."""

    def __init__(self, path: Path) -> None:
        self.path, self.key = path, path.name
        self.size = 0
        self.head = b""
        self._sha256 = hashlib.sha256()
        self._gathered: list[bytes] = []
        self._waiting = 0
        self._file = path.open("xb", buffering=0)

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()

    async def write(self, part: bytes) -> None:
        self.size += len(part)
        self._gathered.append(part)
        self._waiting += len(part)
        if self._waiting >= GATHERED:
            await self._spill()

    async def finish(self) -> None:
        """Nothing more comes: all of it is on the disk."""
        await self._spill()
        await asyncio.to_thread(self._close)

    async def _spill(self) -> None:
        part, self._gathered, self._waiting = b"".join(self._gathered), [], 0
        if len(self.head) < HEAD:
            self.head += part[: HEAD - len(self.head)]
        await asyncio.to_thread(self._append, part)

    def _append(self, part: bytes) -> None:
        self._sha256.update(part)
        rest = memoryview(part)
        while rest:
            rest = rest[self._file.write(rest) :]

    def _close(self) -> None:
        if not self._file.closed:
            os.fsync(self._file.fileno())
            self._file.close()

    def discard(self) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)


class Files:
    """A key is 32 hexadecimal digits, made here at random."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._aside = folder / "incoming"

    @contextlib.asynccontextmanager
    async def draft(self) -> AsyncIterator[Draft]:
        """A new file, which is gone after the block unless it was put."""
        draft = await asyncio.to_thread(self._begin)
        try:
            yield draft
        finally:
            draft.discard()

    async def put(self, draft: Draft) -> str:
        """Keep a draft from now on; its key."""
        await draft.finish()
        await asyncio.to_thread(self._place, draft)
        return draft.key

    async def put_bytes(self, content: bytes) -> str:
        """Keep something small that we made ourselves; its key."""
        async with self.draft() as draft:
            await draft.write(content)
            return await self.put(draft)

    async def open(self, key: str) -> AsyncIterator[bytes]:
        """What is kept under a key, part by part; FileNotFoundError at once if nothing is."""
        file = await asyncio.to_thread(self.path(key).open, "rb", 0)

        async def parts() -> AsyncIterator[bytes]:
            with file:
                while part := await asyncio.to_thread(file.read, GATHERED):
                    yield part

        return parts()

    async def delete(self, *keys: str) -> None:
        """Keep these no longer; what is gone already, or empty, is passed over."""
        for key in filter(None, keys):
            await asyncio.to_thread(self.path(key).unlink, True)

    async def keys(self, age: float) -> AsyncIterator[list[str]]:
        """Everything that was kept more than `age` seconds ago, a folder at a time. Drafts that old are swept away."""
        before = time.time() - age
        for path in await asyncio.to_thread(_older, self._aside, before):
            await asyncio.to_thread(path.unlink, True)
        for folder in await asyncio.to_thread(_folders, self.folder):
            if found := await asyncio.to_thread(_older, folder, before):
                yield [path.name for path in found]

    def _begin(self) -> Draft:
        self._aside.mkdir(parents=True, exist_ok=True)
        return Draft(self._aside / secrets.token_hex(16))

    def _place(self, draft: Draft) -> None:
        place = self.path(draft.key)
        place.parent.mkdir(exist_ok=True)
        draft.path.rename(place)
        for folder in (place.parent, self.folder):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def path(self, key: str) -> Path:
        """Where it lies, for what reads a file more than once."""
        if len(key) != 32 or not set(key) <= set("0123456789abcdef"):
            raise ValueError("This is no key of ours.")
        return self.folder / key[:2] / key


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("[0-9a-f][0-9a-f]") if path.is_dir())


def _older(folder: Path, before: float) -> list[Path]:
    return list(_found(folder, before))


def _found(folder: Path, before: float) -> Iterator[Path]:
    for path in folder.glob("[0-9a-f]*"):
        with contextlib.suppress(FileNotFoundError):  # Another worker sweeps as well.
            if path.stat().st_mtime < before:
                yield path


@cache
def kept() -> Files:
    """Those of this Tandem."""
    return Files(settings.get().data_dir / "files")


def waiting(person_id: int) -> Files:
    """What somebody has sent to be imported: the newest file only, for an hour."""
    return Files(kept().folder.parent / WAITING / str(person_id))


def all_waiting(kept: Files) -> list[Files]:
    """Those of everybody, beside what is kept."""
    return [Files(folder) for folder in sorted((kept.folder.parent / WAITING).glob("*"))]
