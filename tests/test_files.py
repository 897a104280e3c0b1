"""The bytes of files: whole or not there, under a key of ours, and swept away once no row names them."""

import asyncio
import errno
import os
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from app.db import Database
from app.domain import attachments, people
from app.domain.attachments import Stored
from app.domain.models import Attachment
from app.files import Files
from app.filetypes import of
from app.sweeper import sweep
from app.web import files as over_http
from tests.security.uploader import picture
from tests.support.world import World

OLD = 7200
"""Seconds: long enough for anything that should be gone."""


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files")


async def content(files: Files, key: str) -> bytes:
    return b"".join([part async for part in await files.open(key)])


async def all_keys(files: Files) -> set[str]:
    return {key async for keys in files.keys(-60) for key in keys}


def age(files: Files) -> None:
    """Make everything that is kept as old as what is swept."""
    for path in files.folder.rglob("*"):
        if path.is_file():
            os.utime(path, (time.time() - OLD, time.time() - OLD))


async def test_what_is_put_is_had_back_and_what_is_deleted_is_gone(files: Files):
    large = os.urandom(1_000_000)
    async with files.draft() as draft:
        for start in range(0, len(large), 70_000):
            await draft.write(large[start : start + 70_000])
        key = await files.put(draft)
    assert (draft.size, draft.head) == (len(large), large[:8192])
    assert await content(files, key) == large
    await files.delete(key, "", key)
    with pytest.raises(FileNotFoundError):
        await files.open(key)
    assert await all_keys(files) == set()


async def test_a_draft_that_is_not_put_leaves_nothing_however_it_ends(files: Files):
    with pytest.raises(RuntimeError):
        async with files.draft() as draft:
            await draft.write(b"x" * 1_000_000)
            raise RuntimeError
    async with files.draft() as draft:
        await draft.write(b"x")
    assert [path for path in files.folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("key", ["../../etc/passwd", "", "a", "A" * 32, "a" * 31 + "/", "a" * 33])
async def test_what_is_no_key_of_ours_reaches_no_file(files: Files, key: str):
    with pytest.raises(ValueError, match="no key of ours"):
        await files.open(key)


async def test_sweeping_takes_what_no_row_names_and_is_old_enough(world: World, files: Files):
    named, thumb, avatar, removed, orphan = [await files.put_bytes(bytes([number])) for number in range(5)]
    for name, key in (("named", named), ("removed", removed)):
        stored = Stored(f"{name}.bin", 1, "image/png", key * 2, key, thumb if name == "named" else "")
        await world.do(attachments.add, world.ana, world.task_id, stored, 1000)
    await world.do(people.change_avatar, world.ana, avatar)
    await world.do(attachments.remove, world.ana, (await world.rows(select(Attachment.id)))[-1])
    await sweep(world.db, files)
    assert await all_keys(files) == {named, thumb, avatar, removed, orphan}, "All of it has just come."
    age(files)
    await asyncio.gather(*(sweep(world.db, files) for _ in range(3)))  # As several workers do.
    assert await all_keys(files) == {named, thumb, avatar, removed}, "What was removed can still be brought back."


async def test_a_draft_of_a_worker_that_died_is_swept_as_well(world: World, files: Files):
    async with files.draft() as draft:
        await draft.write(b"x" * 1_000_000)
        await sweep(world.db, files)
        assert draft.path.exists(), "It may still be arriving."
        age(files)
        await sweep(world.db, files)
        assert not draft.path.exists()


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"%PDF-1.7", "application/pdf"),
        (b"PK\x03\x04", "application/zip"),
        (b"just words, in UTF-8: \xc3\xbc", "text/plain"),
        (b"cut in a letter \xc3", "text/plain"),
        (b"\xff\xfe\xfd", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_what_a_file_is_is_told_by_how_it_begins(head: bytes, kind: str):
    assert of(head, is_whole=not head.endswith(b"\xc3")) == kind


async def test_what_waited_too_long_to_be_imported_is_swept_away(database: Database, files: Files):
    waiting = Files(files.folder.parent / "imports" / "7")
    await waiting.put_bytes(b"title\nOld\n")
    age(waiting)
    new = await waiting.put_bytes(b"title\nNew\n")
    await sweep(database, files)
    assert await all_keys(waiting) == {new}


async def test_of_a_picture_whose_small_one_finds_no_room_nothing_stays(files: Files, monkeypatch: pytest.MonkeyPatch):
    put: list[str] = []

    async def put_bytes(content: bytes) -> str:
        put.extend(await all_keys(files))
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("app.files.kept", lambda: files)
    monkeypatch.setattr(files, "put_bytes", put_bytes)
    with pytest.raises(OSError, match="No space"):
        async with files.draft() as draft:
            await draft.write(picture("PNG"))
            await over_http._keep(draft, "launch.png")
    assert len(put) == 1, "The premise: the picture itself found room."
    assert await all_keys(files) == set() and not draft.path.exists()
