"""Files over plain HTTP: added to a task or as one's picture, and had back by whoever may look at them.

What people upload is handed out as something to keep, never to show: as an attachment, with a type that is told by its
content only where that is harmless, in a sandbox without scripts. Small pictures are drawn by us (app/pictures.py).
"""

import asyncio
import contextlib
import logging
import time
import unicodedata
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TypeVar
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from app import files, filetypes, pictures, settings
from app.domain import attachments, people
from app.domain.access import Actor
from app.domain.attachments import MISSING, Stored
from app.domain.errors import Busy, Full, NotFound, Refusal
from app.domain.models import Attachment
from app.domain.transaction import Transaction
from app.files import Draft
from app.web import forms, live, running, uploads
from app.web.answers import GUARDED, actor_of, answering

T = TypeVar("T")

logger = logging.getLogger(__name__)

MB = 1_000_000
LARGEST_AVATAR = 10 * MB
AT_ONCE = 20
"""Uploads of one person that a worker takes at once."""
PATIENCE = 10.0
"""Seconds that a file which has arrived waits for a busy database."""
HARMLESS = {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "application/zip"}
"""Types that may be named when such a file is handed out; all others are just bytes."""
FOR_EVER = "private, max-age=31536000, immutable"

_under_way: Counter[int] = Counter()


async def attach(request: Request) -> Response:
    """POST /files/task/<id>: one file for a task; answers with its id."""
    actor = await actor_of(request)
    task_id, most = _id(request, "task_id"), settings.get().max_upload_mb * MB
    room = settings.get().max_board_files_mb * MB
    with _one_more(actor):
        async with live.current().db.reading() as tx:
            size = min(uploads.announced(request) - uploads.ENVELOPE, most)
            await attachments.look(tx, actor, task_id, max(size, 0), room)
        async with files.kept().draft() as draft:
            name = await uploads.receive(request, draft, most)
            file = await _keep(draft, name)
        async with _discarding(file.key, file.thumb):
            id, is_kept = await _patiently(request, lambda tx: attachments.add(tx, actor, task_id, file, room))
    if not is_kept:
        await files.kept().delete(file.key, file.thumb)
    return JSONResponse({"id": id}, 201)


async def change_avatar(request: Request) -> Response:
    """POST /files/avatar: a picture, kept as a small square one."""
    actor = await actor_of(request)
    with _one_more(actor):
        async with files.kept().draft() as draft:
            await uploads.receive(request, draft, LARGEST_AVATAR)
            await draft.finish()
            square = await pictures.avatar(draft.path)
        key = await files.kept().put_bytes(square)
        async with _discarding(key):
            before = await _patiently(request, lambda tx: people.change_avatar(tx, actor, key))
    await files.kept().delete(before)
    return JSONResponse({"key": key}, 201)


async def download(request: Request) -> Response:
    """GET /files/<id>/<name>: the name is for people; the id decides."""
    file = await _file(request, await actor_of(request))
    kind = file.type if file.type in HARMLESS else filetypes.UNKNOWN
    headers = {
        "Content-Disposition": disposition(file.name),
        "Content-Length": str(file.size),
        "Cache-Control": "private, no-store",
    }
    return await _sent(request, file.key, kind, headers)


async def thumb(request: Request) -> Response:
    """GET /files/thumb/<id>: the small picture of a picture."""
    file = await _file(request, await actor_of(request))
    return await _sent(request, file.thumb, "image/webp", {"Cache-Control": "private, max-age=86400"})


async def avatar(request: Request) -> Response:
    """GET /files/avatar/<key>: of oneself and of those with whom one shares a workspace."""
    actor, key = await actor_of(request), request.path_params["key"]
    async with live.current().db.reading() as tx:
        await people.require_avatar(tx, actor, key)
    return await _sent(request, key, "image/webp", {"Cache-Control": FOR_EVER})


def disposition(name: str) -> str:
    """As RFC 6266 has it: in plain letters for old programs, and in full (RFC 8187) for all others."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = "".join(letter if letter.isalnum() or letter in " ._-()[]+=@" else "_" for letter in plain).strip(" .")
    return f"attachment; filename=\"{plain or 'file'}\"; filename*=UTF-8''{quote(name, safe='')}"


def _id(request: Request, name: str) -> int:
    """An id from the address; 0, which no row has, for a number that is larger than any."""
    id = request.path_params[name]
    return id if id < 2**31 else 0


@contextlib.contextmanager
def _one_more(actor: Actor) -> Iterator[None]:
    if _under_way[actor.id] >= AT_ONCE:
        raise Busy("That is a lot of files at once. Wait until some of them are there.")
    _under_way[actor.id] += 1
    try:
        yield
    finally:
        _under_way[actor.id] -= 1
        if not _under_way[actor.id]:
            del _under_way[actor.id]


async def _keep(draft: Draft, name: str) -> Stored:
    """Put a file that has arrived, and its small picture if it is one."""
    await draft.finish()
    kind = filetypes.of(draft.head, draft.size == len(draft.head))
    small = await pictures.thumb(draft.path) if kind.startswith("image/") else None
    key = await files.kept().put(draft)
    try:
        small_key = await files.kept().put_bytes(small) if small else ""
    except OSError:
        await files.kept().delete(key)
        raise
    return Stored(name, draft.size, kind, draft.sha256, key, small_key)


async def _patiently(request: Request, write: Callable[[Transaction], Awaitable[T]]) -> T:
    """Do this in a transaction, and again while the database is busy: a file that has arrived is worth waiting for."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with running.command():
                async with forms.transaction(request) as tx:
                    return await write(tx)
        except Busy as busy:
            if isinstance(busy, Full) or time.monotonic() > end:
                raise
            await asyncio.sleep(0.2)


@contextlib.asynccontextmanager
async def _discarding(*keys: str) -> AsyncIterator[None]:
    """Of what is refused nothing is kept. After any other failure the row may be there: sweeper.py finds out."""
    try:
        yield
    except Refusal as refusal:
        if isinstance(refusal, Full) or not isinstance(refusal, Busy):
            await files.kept().delete(*keys)
        raise


async def _file(request: Request, actor: Actor) -> Attachment:
    async with live.current().db.reading() as tx:
        return await attachments.file_for(tx, actor, _id(request, "attachment_id"))


async def _sent(request: Request, key: str, kind: str, headers: dict[str, str]) -> Response:
    try:
        parts = await files.kept().open(key) if key else None
    except FileNotFoundError:
        logger.error("The file %s is missing: is DATA_DIR the one that all machines share?", key)
        parts = None
    if parts is None:
        raise NotFound(MISSING)
    return StreamingResponse(parts, media_type=kind, headers=headers | GUARDED)


routes = [
    Route("/files/task/{task_id:int}", answering(attach), methods=["POST"]),
    Route("/files/avatar", answering(change_avatar), methods=["POST"]),
    Route("/files/avatar/{key}", answering(avatar)),
    Route("/files/thumb/{attachment_id:int}", answering(thumb)),
    Route("/files/{attachment_id:int}/{name:path}", answering(download, is_followed=True)),
]
