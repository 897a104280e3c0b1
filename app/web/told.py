"""What a form of ours was answered, as a page's state reads it: from the cookie that came with the answer."""

import reflex as rx

from app.web import cookies
from app.web.forms import FLASH


class Told(rx.State, mixin=True):
    sentence: str = ""
    tone: str = "alert"
    _read: str = ""
    """The last one: a tab's connection keeps the cookies that it was opened with, and each is told once."""

    def _read_flash(self) -> None:
        header = self.router.headers.cookie or ""
        cookie = cookies.values(header).get(FLASH, "")
        told = {} if cookie == self._read else cookies.read(header, FLASH) or {}
        if told.get("page") != self.router.url.path.rstrip("/"):
            told = {}
        else:
            self._read = cookie
        self.sentence, self.tone = told.get("sentence", ""), told.get("tone", "alert")
