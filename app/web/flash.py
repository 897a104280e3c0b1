"""What is said on a page after a form was posted, and what comes back into the form (forms.py)."""

from typing import Any

import reflex as rx

from app.web import cookies
from app.web.forms import FLASH


class Flash(rx.State):
    """`about` names the form on a page with several, `tone` is the ARIA role of the sentence."""

    about: str = ""
    tone: str = "alert"
    sentence: str = ""
    email: str = ""
    name: str = ""
    _last: str = ""
    """The cookie that was read last: a connection keeps the cookies that it was opened with, and each is told once."""
    _read_on: str = ""
    """The connection on which that was."""

    def _read(self) -> None:
        """Take what the cookie says about the page that this tab is on; once for each opening of a page."""
        header, connection = self.router.headers.cookie or "", self.router.session.session_id
        cookie, read_on = cookies.values(header).get(FLASH, ""), self._read_on
        self._read_on = connection
        if cookie == self._last and connection != read_on:
            return  # The connection broke and is back: what is said, and typed below it, stays as it is.
        said: dict[str, Any] = {} if cookie == self._last else cookies.read(header, FLASH) or {}
        if said.get("page") != self.router.url.path.rstrip("/"):
            said = {}
        else:
            self._last = cookie
        self.about, self.sentence = said.get("about", ""), said.get("sentence", "")
        self.tone, self.email, self.name = said.get("tone", "alert"), said.get("email", ""), said.get("name", "")


def flash(about: str = "") -> rx.Component:
    return rx.cond(
        (Flash.sentence != "") & (Flash.about == about),
        rx.el.p(
            Flash.sentence,
            role=rx.cond(Flash.tone == "alert", "alert", "status"),
            class_name=rx.cond(Flash.tone == "alert", "bg-danger-soft text-danger", "bg-accent-soft text-ink")
            + " rounded-md px-3 py-2 text-sm break-words",
        ),
    )
