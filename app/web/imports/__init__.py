"""Importing: a file is sent, looked through, and, once one has seen what would happen, brought in."""

from app.web.imports.page import page
from app.web.imports.state import Import

__all__ = ["Import", "page"]
