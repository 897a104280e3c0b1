"""For those who look after this Tandem: who may sign up, and everybody with an account."""

from app.web.admin.page import page
from app.web.admin.state import Admin

__all__ = ["Admin", "page"]
