"""Importing over HTTP: a file is sent, and what is in it brought in, while the browser is told how far it is."""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from app import files, settings
from app.domain import importing, slips
from app.domain.access import Actor
from app.domain.errors import Busy, Invalid, Refusal
from app.formats import source
from app.formats.reading import Days
from app.formats.sheet import Meaning, Reading
from app.web import answers, forms, running, uploads
from app.web.answers import actor_of, answering
from app.web.imports import looking, tickets
from app.web.imports.tickets import Ticket

logger = logging.getLogger(__name__)

MB = 1_000_000
LONGEST_ORDER = 16 * 1024
NOT_UNDERSTOOD = "This could not be understood. Load the page again."
USED = "This file was imported already: look among your boards. To import it once more, choose it again."
_arriving: set[int] = set()
"""People whose file is on its way."""


class Order(BaseModel):
    """What is to become of a file: `workspace_id` is 0 for a new workspace, which is called `name`."""

    model_config = ConfigDict(strict=True, extra="forbid")

    ticket: Annotated[str, Field(max_length=2000)]
    workspace_id: Annotated[int, Field(ge=0, le=2**31 - 1)]
    name: Annotated[str, Field(max_length=200)] = ""
    seen_by: Literal["everyone", "me", "file"] = "everyone"
    meanings: Annotated[list[Meaning], Field(max_length=100)] = []
    days: Days | None = None

    @property
    def how(self) -> Reading:
        return Reading(tuple(self.meanings), self.days)


async def send(request: Request) -> Response:
    """POST /imports: a file, which takes the place of the one that was sent before; answers with a ticket for it."""
    actor, most = await actor_of(request), settings.get().max_import_mb * MB
    if actor.id in _arriving:
        raise Busy("Another file of yours is still on its way.")
    _arriving.add(actor.id)
    try:
        waiting = files.waiting(actor.id)
        async with waiting.draft() as draft:
            name = await uploads.receive(request, draft, most)
            key = await waiting.put(draft)
        async for keys in waiting.keys(-60):  # Of whatever age, also by the clock of another machine.
            await waiting.delete(*(old for old in keys if old != key))
    finally:
        _arriving.discard(actor.id)
    return JSONResponse({"ticket": tickets.give(actor, key, name[:200])}, 201)


async def run(request: Request) -> Response:
    """POST /imports/run: an order in JSON; answers in lines, `{"done": 0.4}`, and at last with `path` or `sentence`."""
    actor = await actor_of(request)
    order = await _order(request)
    lines = _progress(request, actor, order, tickets.read(actor, order.ticket))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(lines, media_type="application/x-ndjson", headers=headers)


async def _order(request: Request) -> Order:
    if not 0 < uploads.announced(request) <= LONGEST_ORDER:
        raise Invalid(NOT_UNDERSTOOD)
    try:
        return Order.model_validate_json(await request.body())
    except ValidationError:
        raise Invalid(NOT_UNDERSTOOD) from None


async def _progress(request: Request, actor: Actor, order: Order, held: Ticket) -> AsyncIterator[str]:
    """How far it is, and what came of it. If nobody listens any more, it is given up, and nothing is kept."""
    told: asyncio.Queue[float | None] = asyncio.Queue()
    work = asyncio.create_task(_outcome(request, actor, order, held, told.put_nowait))
    work.add_done_callback(lambda _: told.put_nowait(None))
    try:
        while (done := await told.get()) is not None:
            yield _line({"done": round(done, 3)})
        yield _line(await work)
    finally:
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work


async def _outcome(
    request: Request, actor: Actor, order: Order, held: Ticket, told: Callable[[float], None]
) -> dict[str, Any]:
    try:
        ids = await _bring_in(request, actor, order, held, told)
    except Refusal as refusal:
        return {"sentence": refusal.sentence}
    except Exception:  # The answer has begun: this is the only way to say so.
        logger.exception("An import has failed")
        return {"sentence": answers.LOST}
    return {"path": f"/b/{ids[0]}" if len(ids) == 1 else "/"}


async def _bring_in(
    request: Request, actor: Actor, order: Order, held: Ticket, told: Callable[[float], None]
) -> list[int]:
    """All of it, or nothing. Most of the time goes into looking through it first, and about half into writing."""
    told(0.0)
    async with looking.turn:
        found = await looking.look(actor, held, order.workspace_id or None, order.how)
        if found.survey.wrong:
            raise Invalid(found.survey.wrong[0])
        total = sum(found.survey.tally.tasks.values()) or 1
        told(LOOKED)
        with running.command():
            async with forms.transaction(request) as tx:
                await slips.spend(tx.session, held.key, held.expires_at, USED)
                load = source.load(found.source, lambda count: told(LOOKED + (1 - LOOKED) * count / total))
                if order.workspace_id:
                    ids = await importing.add(tx, actor, order.workspace_id, load, order.seen_by)
                else:
                    _, ids = await importing.start(tx, actor, order.name, load, order.seen_by)
    await files.waiting(actor.id).delete(held.key)
    return ids


def _line(said: dict[str, Any]) -> str:
    return json.dumps(said) + "\n"


LOOKED = 0.2
"""How far it is, of 1, when a file was looked through."""

routes = [
    Route("/imports", answering(send), methods=["POST"]),
    Route("/imports/run", answering(run), methods=["POST"]),
]
