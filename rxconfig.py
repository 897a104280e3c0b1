"""What Reflex is told. What people may set stands in app/settings.py."""

from pathlib import Path

import reflex as rx

from app import settings
from app.web.theme import TAILWIND

PUBLIC_URL = settings.get().public_url


class OurSocket(rx.plugins.Plugin):
    """Three things in which our pages connect otherwise than Reflex's.

    They find their server where they were loaded from: any host, port and scheme, without a rebuild. Reflex writes
    whole addresses (`ws://localhost:8000/_event`) into the bundle; they become paths, and the one place that reads them
    resolves a path against the page. Those who lost a server together do not come back in step. And the connection mark
    (connection.jsx) finds the socket, over which it tells when something was painted.
    """

    OURS = {  # noqa: RUF012
        "const endpoint = new URL(url_str);": 'return new URL(url_str, typeof window === "undefined" ? '
        '"http://localhost" : window.location.origin);',
        "window.__reflex_otel?.onSocketConnect?.();": "window.__tandem_socket = socket.current, "
        "window.__reflex_otel?.onSocketConnect?.(true);",
        "}, 200 * failed_attempts);": "}, (100 + 200 * Math.random()) * failed_attempts);",
    }

    def update_env_json(self, **context):
        return {endpoint.name: str(endpoint) for endpoint in rx.constants.Endpoint}

    def pre_compile(self, **context):
        context["add_modify_task"]("utils/state.js", self.adjust)

    def adjust(self, _: str) -> str:
        """From Reflex's own file: the one in .web is as an earlier build of ours has left it."""
        source = (Path(rx.constants.Templates.Dirs.WEB_TEMPLATE) / "utils/state.js").read_text()
        for theirs, ours in self.OURS.items():
            if source.count(theirs) != 1:
                raise RuntimeError(f"Reflex's utils/state.js has no {theirs!r} any more: see OurSocket in rxconfig.py.")
            source = source.replace(theirs, ours)
        return source


config = rx.Config(
    app_name="app",
    plugins=[rx.plugins.TailwindV4Plugin(TAILWIND), OurSocket()],
    disable_plugins=[rx.plugins.SitemapPlugin],
    # Named here, or Reflex would pick its Redis manager where it finds a Redis of its own.
    state_manager_mode=rx.constants.StateManagerMode.MEMORY,
    # With no origin Reflex and engine.io check none and send no CORS headers: web/guard.py decides.
    cors_allowed_origins=[PUBLIC_URL] if PUBLIC_URL else [],
    transport="websocket",
    telemetry_enabled=False,
    show_built_with_reflex=False,
)
