"""Which dialog of this tab is open: one at a time, by name, with the id of what it is about."""

from typing import Any

import reflex as rx

from app.web import radix, store, ui
from app.web.command import Word, local


class Dialogs(store.Kept, rx.State):
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


def notice(*children: Any, title: Any, open: Any, **props: Any) -> Any:
    """A dialog over all others that only what is in it closes."""
    return radix.DialogRoot.create(
        radix.DialogPortal.create(
            radix.DialogOverlay.create(class_name="appear fixed inset-0 z-[54] bg-[var(--scrim)]"),
            radix.DialogContent.create(
                radix.DialogTitle.create(title, class_name="pb-1 text-base font-semibold"),
                *children,
                role="alertdialog",
                aria_describedby=rx.Var("undefined"),
                class_name=f"{ui.PANEL} rise fixed z-[55] left-1/2 top-[30vh] w-[min(24rem,calc(100vw-2rem))] "
                "-translate-x-1/2 p-5",
                **props,
            ),
        ),
        open=open,
    )
