"""A workspace's own page."""

from app.web.members.page import page, title
from app.web.members.state import Members

__all__ = ["Members", "page", "title"]
