"""What nobody foresaw: the traceback is for the log, a sentence for the person."""

import logging

import reflex as rx
from reflex.event import EventSpec
from reflex_components_core.base.error_boundary import ErrorBoundary

from app.web import ui
from app.web.toasts import Toasts

logger = logging.getLogger(__name__)


def told(exception: Exception) -> EventSpec | None:
    """Reflex's `backend_exception_handler`."""
    logger.error("A handler failed", exc_info=exception)
    return Toasts.apologise()


def boundary(_: bool) -> rx.Component:
    """Around every page: what is shown when one cannot be drawn. The gate logs what the browser reports of it."""
    return ErrorBoundary.create(
        fallback_render=rx.Var.create(
            _instead(
                "circle-x",
                "This page could not be drawn",
                "That is a fault of ours, and what you saved is safe. Loading the page again usually helps.",
                "Load again",
                "",
            )
        )
    )


def missing() -> rx.Component:
    """The page for addresses that lead nowhere."""
    return _instead(
        "map-pin-off",
        "There is nothing at this address",
        "It may have been mistyped, or what was here is gone.",
        "Go to your workspaces",
        "/",
    )


def _instead(icon: str, title: str, hint: str, action: str, path: str) -> rx.Component:
    return rx.el.main(
        ui.empty(
            icon,
            title,
            hint,
            rx.el.a(action, href=path, class_name=f"{ui.BUTTON}{ui.KINDS['plain']} mt-2"),
        ),
        class_name="flex min-h-dvh items-center justify-center p-4",
    )
