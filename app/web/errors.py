"""What nobody foresaw: the traceback is for the log, a sentence for the person."""

import logging

from reflex.event import EventSpec

from app.web.toasts import Toasts

logger = logging.getLogger(__name__)


def told(exception: Exception) -> EventSpec | None:
    """Reflex's `backend_exception_handler`."""
    logger.error("A handler failed", exc_info=exception)
    return Toasts.apologise()
