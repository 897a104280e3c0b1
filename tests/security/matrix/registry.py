"""What the program can be asked for, read from the program itself: commands over its socket, and routes over HTTP."""

import json
import os
import subprocess
import sys
from functools import cache

from app.serve import reflex_environment
from app.settings import load
from tests.support.stores import ROOT

WALK = """
import json
from starlette.routing import Route
import app.app
from app.web import command

def routes(app):
    if isinstance(app, Route):
        yield from (f"{method} {app.path}" for method in app.methods - {"HEAD"})
    for inner in [*(getattr(app, "routes", None) or []), getattr(app, "app", None)]:
        if inner is not None and not isinstance(app, Route):
            yield from routes(inner)

pages = [f"GET {route}" for route, *_ in app.app.PAGES]
print(json.dumps([sorted(command.reachable()), sorted({*routes(app.app.app()), *pages})]))
"""


@cache
def _read() -> list[list[str]]:
    environment = os.environ | reflex_environment(load({}))
    ended = subprocess.run(
        [sys.executable, "-c", WALK], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(ended.stdout.splitlines()[-1])


def commands() -> list[str]:
    """The full names of the handlers that a browser may call."""
    return _read()[0]


def routes() -> list[str]:
    """Method and path of everything that answers over HTTP, pages included: `POST /auth/sign-in`."""
    return _read()[1]
