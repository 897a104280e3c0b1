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

    def _read(self) -> None:
        """Take what the cookie says about the page that this tab is on."""
        said: dict[str, Any] = cookies.read(self.router.headers.cookie or "", FLASH) or {}
        if said.get("page") != self.router.url.path.rstrip("/"):
            said = {}
        self.about, self.sentence = said.get("about", ""), said.get("sentence", "")
        self.tone, self.email, self.name = said.get("tone", "alert"), said.get("email", ""), said.get("name", "")


def flash(about: str = "") -> rx.Component:
    return rx.cond(
        (Flash.sentence != "") & (Flash.about == about),
        rx.el.p(
            Flash.sentence,
            role=rx.cond(Flash.tone == "alert", "alert", "status"),
            class_name=rx.cond(Flash.tone == "alert", "bg-danger-soft text-danger", "bg-accent-soft text-ink")
            + " rounded-md px-3 py-2 text-sm",
        ),
    )
