"""Of the rival alone. Reflex keeps its states in Redis, as REFLEX_REDIS_URL is set where it is served."""

import reflex as rx

config = rx.Config(
    app_name="board",
    disable_plugins=[rx.plugins.SitemapPlugin],
    cors_allowed_origins=[],
    transport="websocket",
    telemetry_enabled=False,
    show_built_with_reflex=False,
)
