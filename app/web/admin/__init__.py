"""For those who look after this Tandem: who may sign up, what has not gone out, and everybody."""

from app.web.admin.figures import page as figures_page
from app.web.admin.figures_state import FiguresPage
from app.web.admin.outbox import Outbox
from app.web.admin.page import page
from app.web.admin.state import Admin

__all__ = ["Admin", "FiguresPage", "Outbox", "figures_page", "page"]
