"""What Reflex is told. What people may set stands in app/settings.py."""

import reflex as rx

from app import settings
from app.web.theme import TAILWIND

PUBLIC_URL = settings.get().public_url


class SameOrigin(rx.plugins.Plugin):
    """Pages find their server where they were loaded from: any host, port and scheme, without a rebuild.

    Reflex writes whole addresses (`ws://localhost:8000/_event`) into the bundle. They become paths, and the one place
    that reads them resolves a path against the page.
    """

    TEMPLATE = "const endpoint = new URL(url_str);"
    RESOLVED = 'return new URL(url_str, typeof window === "undefined" ? "http://localhost" : window.location.origin);'

    def update_env_json(self, **context):
        return {endpoint.name: str(endpoint) for endpoint in rx.constants.Endpoint}

    def pre_compile(self, **context):
        context["add_modify_task"]("utils/state.js", self.resolve_against_page)

    def resolve_against_page(self, source: str) -> str:
        if self.RESOLVED in source:
            return source
        if source.count(self.TEMPLATE) != 1:
            raise RuntimeError("getBackendURL in Reflex's utils/state.js has changed: see SameOrigin in rxconfig.py.")
        return source.replace(self.TEMPLATE, self.RESOLVED)


config = rx.Config(
    app_name="app",
    plugins=[rx.plugins.TailwindV4Plugin(TAILWIND), SameOrigin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
    # Named here, or Reflex would pick its Redis manager where it finds a Redis of its own.
    state_manager_mode=rx.constants.StateManagerMode.MEMORY,
    # With no origin Reflex and engine.io check none and send no CORS headers: web/guard.py decides.
    cors_allowed_origins=[PUBLIC_URL] if PUBLIC_URL else [],
    transport="websocket",
    telemetry_enabled=False,
    show_built_with_reflex=False,
)
