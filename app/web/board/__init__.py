"""The board page."""

from app.web.board.heading import title
from app.web.board.page import page
from app.web.board.state import BoardPage

__all__ = ["BoardPage", "page", "title"]
