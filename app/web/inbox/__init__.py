"""The inbox as a page."""

from app.web.inbox.page import page
from app.web.news.state import Inbox

__all__ = ["Inbox", "page"]
