"""The connection mark (connection.jsx)."""

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from app.web import javascript
from app.web.session import Session
from app.web.store import Door, Freshness


class Connection(rx.Component):
    library = javascript.library(__name__, "connection.jsx")
    tag = "Connection"
    session: rx.Var[str]
    is_hydrated: rx.Var[bool]
    has_errors: rx.Var[bool]
    worker: rx.Var[str]
    revision: rx.Var[int]
    is_slow: rx.Var[bool]
    is_waiting: rx.Var[bool]
    classes: rx.Var[dict[str, str]]


CLASSES = {
    "base": "inline-flex items-center gap-1.5 rounded-full px-2 h-6 text-xs whitespace-nowrap ",
    "live": "text-muted [--dot:var(--good)] ",
    "slow": "text-muted [--dot:var(--warn)] ",
    "catching-up": "text-muted [--dot:var(--warn)] ",
    "offline": "text-danger bg-danger-soft [--dot:var(--danger)] ",
    "dot": "size-2 shrink-0 rounded-full bg-[var(--dot)] ",
    "words": "max-sm:sr-only ",
}


def current() -> rx.Var[str]:
    """The id of the connection on which this page was drawn; empty until it is."""
    return rx.cond(rx.State.is_hydrated, rx.State.router.session.session_id, "")


def connection() -> rx.Component:
    return Connection.create(
        session=rx.State.router.session.session_id,
        is_hydrated=rx.State.is_hydrated,
        has_errors=has_connection_errors,
        worker=Session.worker,
        revision=Freshness.revision,
        is_slow=Freshness.is_slow,
        is_waiting=Freshness.is_waiting | Door.is_resting,
        classes=CLASSES,
    )
