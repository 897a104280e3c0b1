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
    _read_at: tuple[str, str] = ("", "")
    """The page and the connection on which that was."""

    def _read(self) -> None:
        """Take what the cookie says about the page that this tab is on; once for each opening of a page."""
        header, page = self.router.headers.cookie or "", self.router.url.path.rstrip("/")
        cookie, at = cookies.values(header).get(FLASH, ""), (page, self.router.session.session_id)
        is_back, self._read_at = page == self._read_at[0] and at != self._read_at, at
        if is_back and cookie == self._last:
            return  # The connection broke and stands again, or the page was loaded again: what is said stays.
        said: dict[str, Any] = {} if cookie == self._last else cookies.read(header, FLASH) or {}
        if said.get("page") != page:
            said = {}
        else:
            self._last = cookie
        self.about, self.sentence, self.tone = (
            said.get("about", ""),
            said.get("sentence", ""),
            said.get("tone", "alert"),
        )
        if said or not is_back:  # Else what had come back would vanish from the form.
            self.email, self.name = said.get("email", ""), said.get("name", "")


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
