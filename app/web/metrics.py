"""The figures over HTTP: as JSON for admins, and as Prometheus reads them for admins and for whoever may scrape."""

import ipaddress

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app import settings
from app.domain import instance
from app.figures.exposition import exposition
from app.figures.summary import stats as in_words
from app.web import address, figures, live
from app.web.answers import actor_of, answering

NOT_STORED = {"Cache-Control": "private, no-store"}


async def stats(request: Request) -> Response:
    """GET /api/admin/websocket/stats."""
    await _require_admin(request)
    view = await figures.current().look()
    return JSONResponse(in_words(view, figures.current().history.lately(view)), headers=NOT_STORED)


async def metrics(request: Request) -> Response:
    """GET /metrics, for admins and for the addresses in METRICS_ALLOWED."""
    if not _may_scrape(address.of(request.scope)):
        await _require_admin(request)
    view = await figures.current().look()
    shared = await figures.current().as_a_whole(view)
    text, media_type = exposition(view, shared, request.headers.get("accept", ""))
    return Response(text, media_type=media_type, headers=NOT_STORED)


async def _require_admin(request: Request) -> None:
    actor = await actor_of(request)
    async with live.current().db.reading() as tx:
        await instance.require_admin(tx, actor)


def _may_scrape(where: str) -> bool:
    return bool(where) and any(ipaddress.ip_address(where) in network for network in settings.get().metrics_allowed)


routes = [
    Route("/api/admin/websocket/stats", answering(stats)),
    Route("/metrics", answering(metrics)),
]
