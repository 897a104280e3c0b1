"""Plain HTTP beside the pages: every route."""

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.domain.errors import Busy
from app.web import (
    audit_file,
    exports,
    files,
    health,
    metrics,
    oidc,
    recovery,
    second_factor,
    second_step,
    self_test,
    signing_in,
    unsubscribe,
)
from app.web.account import http as account
from app.web.imports import routes as imports


async def busy(request: Request, error: Exception) -> Response:
    return PlainTextResponse(str(error), 503)


async def gone(request: Request, error: Exception) -> Response:
    """Whoever asked has left in the middle of it: nobody reads this."""
    return Response(status_code=400)


routes = Starlette(
    routes=[
        Route("/auth/sign-up", signing_in.sign_up, methods=["POST"]),
        Route("/auth/sign-in", signing_in.sign_in, methods=["POST"]),
        Route("/auth/sign-out", signing_in.sign_out, methods=["POST"]),
        Route("/auth/sign-out-everywhere", signing_in.sign_out_everywhere, methods=["POST"]),
        Route("/auth/forgot", recovery.forgot, methods=["POST"]),
        Route("/auth/reset", recovery.reset, methods=["POST"]),
        Route("/auth/password", account.change_password, methods=["POST"]),
        Route("/auth/email", account.change_email, methods=["POST"]),
        Route("/auth/confirm", account.confirm_email, methods=["POST"]),
        *unsubscribe.routes,
        *second_step.routes,
        *second_factor.routes,
        *oidc.routes,
        *health.routes,
        *metrics.routes,
        *self_test.routes,
        *files.routes,
        *audit_file.routes,
        *exports.routes,
        *imports.routes,
    ],
    exception_handlers={Busy: busy, ClientDisconnect: gone},
)
