"""Settings: one's own account."""

from app.web.account.page import page
from app.web.account.state import Account

__all__ = ["Account", "page"]
