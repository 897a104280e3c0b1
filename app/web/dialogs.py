"""Which dialog of this tab is open: one at a time, by name, with the id of what it is about."""

from typing import Any

import reflex as rx

from app.web import ui
from app.web.command import Word, local


class Dialogs(rx.State):
    name: str = ""
    subject: int = 0

    @local
    def open(self, name: Word, subject: int) -> None:
        self.name, self.subject = name, subject

    @local
    def close(self) -> None:
        self.name = ""

    @local
    def leave(self, is_open: bool) -> None:
        """What a dialog says when it is closed by Escape, by a click outside or by its button."""
        if not is_open:
            self.name = ""


def dialog(name: str, *children: Any, title: str, may: Any = True, **props: Any) -> rx.Component:
    """A dialog that `Dialogs.open(name, subject)` opens, for as long as its person `may` do what it is for."""
    is_open = (Dialogs.name == name) & may
    return ui.dialog(*children, title=title, open=is_open, on_open_change=Dialogs.leave, **props)
