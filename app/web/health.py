"""How this Tandem is, for programs that watch it; none of it is secret.

`/health` is for whoever looks after it: 503 names each part that is not well. `/health/live` is for what restarts a
program that hangs, `/health/ready` for what sends people to it: neither minds a part that people can work without.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.health import Health, Part

NEEDED = ("database", "schema")
"""Without which nobody can be served."""
NOT_STORED = {"Cache-Control": "no-store"}

_health: Health | None = None


def begin(health: Health) -> None:
    """Ask these parts from now on."""
    global _health
    _health = health


def current() -> Health:
    """That of this worker."""
    assert _health is not None, "The worker has not started."
    return _health


async def health(request: Request) -> Response:
    return _answer("healthy", "unhealthy", await current().parts())


async def ready(request: Request) -> Response:
    parts = await current().parts()
    return _answer("ready", "not ready", [part for part in parts if part.name in NEEDED])


async def live(request: Request) -> Response:
    """The process serves: there is nothing to look up."""
    return JSONResponse({"status": "live"}, headers=NOT_STORED)


def _answer(good: str, bad: str, parts: list[Part]) -> Response:
    if wrong := {part.name: part.words for part in parts if not part.is_well}:
        return JSONResponse({"status": bad, "parts": wrong}, 503, NOT_STORED)
    return JSONResponse({"status": good}, headers=NOT_STORED)


routes = [
    Route("/health", health),
    Route("/health/live", live),
    Route("/health/ready", ready),
]
