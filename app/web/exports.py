"""Boards and workspaces as files: our own JSON, with everything, and tables of tasks.

A file is written to the disk first, in one snapshot of the database, and sent from there: whoever reads it slowly keeps
no connection to the database, and who stops reading has nothing that looks whole.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from app import files
from app.domain import audit, exporting
from app.domain.access import Actor
from app.domain.carried import Load
from app.domain.errors import Busy
from app.domain.exporting import Export
from app.domain.models import now
from app.domain.transaction import Transaction
from app.formats import table, written
from app.web import address, live
from app.web.answers import GUARDED, actor_of, answering
from app.web.files import disposition

Reader = Callable[[Transaction, Actor, int], Awaitable[Export]]
KINDS: dict[str, tuple[str, Callable[[Load], AsyncIterator[str]]]] = {
    "json": ("application/json", lambda load: written.lines(load, now())),
    "csv": ("text/csv; charset=utf-8", table.lines),
}
_under_way: Counter[int] = Counter()
_turn = asyncio.Semaphore(1)
"""A worker writes one after the other, as it has other people to serve."""


async def of_board(request: Request) -> Response:
    """GET /b/<id>/export.json and /b/<id>/export.csv; that it was had is noted."""
    return await _export(request, exporting.of_board)


async def of_workspace(request: Request) -> Response:
    """GET /w/<id>/export.json and /w/<id>/export.csv."""
    return await _export(request, exporting.of_workspace)


async def _export(request: Request, read: Reader) -> Response:
    actor, id = await actor_of(request), request.path_params["id"]
    ending = request.url.path.rpartition(".")[2]
    kind, lines = KINDS[ending]
    with _one_only(actor):
        async with _turn, files.kept().draft() as draft:
            async with live.current().db.reading() as tx:
                export = await read(tx, actor, id if id < 2**31 else 0)
                async for part in lines(export.load):
                    await draft.write(part.encode())
            await draft.finish()
            file = await asyncio.to_thread(_opened, draft.path)
    async with live.current().db.unrecorded() as session:
        about = {"workspace_id": export.workspace_id, "subject": export.subject, "format": ending}
        await audit.note(session, "export.made", actor.id, address.of(request.scope), **about)
    headers = {
        "Content-Disposition": disposition(f"{export.name}.{ending}"),
        "Content-Length": str(draft.size),
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(_parts(file), media_type=kind, headers=headers | GUARDED)


@contextlib.contextmanager
def _one_only(actor: Actor) -> Iterator[None]:
    if _under_way[actor.id]:
        raise Busy("Another file is still being written for you. Wait until it is there.")
    _under_way[actor.id] += 1
    try:
        yield
    finally:
        del _under_way[actor.id]


def _opened(path: Path) -> BinaryIO:
    """It can be read to its end even when it has no name any more."""
    return path.open("rb")


async def _parts(file: BinaryIO) -> AsyncIterator[bytes]:
    with file:
        while part := await asyncio.to_thread(file.read, files.GATHERED):
            yield part


routes = [
    *(Route(f"/b/{{id:int}}/export.{ending}", answering(of_board, is_followed=True)) for ending in KINDS),
    *(Route(f"/w/{{id:int}}/export.{ending}", answering(of_workspace, is_followed=True)) for ending in KINDS),
]
