"""The bell of the header, with how much is unread; and what it opens, from any page."""

import reflex as rx

from app.domain.drawings.inbox import COUNTED
from app.domain.snapshots import Bell
from app.web import connection, radix, store, ui
from app.web.dialogs import Dialogs
from app.web.news.keys import Keys, Looking
from app.web.news.rows import listed, nothing, rows
from app.web.news.state import Inbox

unread = store.over(store.Bells, Bell)["bell"].unread
NAME = "inbox"


def bell(has_panel: bool) -> rx.Component:
    """Opens the panel, or the newest of the page of the inbox."""
    look = {
        "aria_label": rx.cond(unread > 0, "Inbox, " + words() + " unread", "Inbox"),
        "title": "Inbox",
        "data_testid": "bell",
        "class_name": "relative flex size-8 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover "
        "hover:text-ink",
    }
    if not has_panel:
        return ui.link(ui.icon("bell", 18), _badge(), to="/inbox", **look)
    return rx.fragment(
        rx.el.button(ui.icon("bell", 18), _badge(), type="button", on_click=Dialogs.open(NAME, 0), **look), _panel()
    )


def _badge() -> rx.Component:
    return rx.cond(
        unread > 0,
        rx.el.span(
            words(),
            data_testid="unread",
            class_name="absolute -top-0.5 -right-0.5 min-w-4 rounded-full bg-accent px-1 text-center "
            "text-[0.625rem] leading-4 font-semibold text-accent-ink tabular-nums",
        ),
    )


def words() -> rx.Var[str]:
    return rx.cond(unread < COUNTED, unread.to_string(), f"{COUNTED - 1}+").to(str)


def titled(title: rx.Var[str] | str) -> rx.Var[str]:
    """A page's title, with how much is unread in front of it."""
    whole = rx.Var.create(title).to(str) + " · Tandem"
    return rx.cond(unread > 0, "(" + words() + ") " + whole, whole).to(str)


def _panel() -> rx.Component:
    return radix.DialogRoot.create(
        radix.DialogPortal.create(
            radix.DialogOverlay.create(class_name="appear fixed inset-0 z-40 bg-[var(--scrim)]"),
            radix.DialogContent.create(
                Looking.create(session=connection.current(), on_look=Inbox.look),
                Keys.create(),
                rx.el.div(
                    radix.DialogTitle.create("Inbox", class_name="text-base font-semibold"),
                    ui.link(
                        "Open the page",
                        to="/inbox",
                        on_click=Dialogs.close(),
                        class_name="ml-auto text-sm text-accent hover:underline",
                    ),
                    ui.icon_button("check-check", "Mark all as read", on_click=Inbox.read_all, disabled=unread == 0),
                    radix.DialogClose.create(ui.icon_button("x", "Close"), as_child=True),
                    class_name="flex h-13 shrink-0 items-center gap-2 border-b border-line px-3",
                ),
                rx.el.div(
                    rx.cond(
                        listed.view == "all",
                        rx.cond(listed.rows.length() > 0, rows(), nothing("all")),
                        rx.el.div(class_name="skeleton m-3 h-40", aria_busy="true", aria_label="Loading"),
                    ),
                    class_name="min-h-0 flex-1 overflow-y-auto",
                ),
                aria_describedby=rx.Var("undefined"),
                data_testid="inbox-panel",
                class_name="rise fixed inset-y-0 right-0 z-50 flex w-[min(27rem,100vw)] flex-col border-l border-line "
                "bg-raised shadow-float",
            ),
        ),
        open=Dialogs.name == NAME,
        on_open_change=Dialogs.leave,
    )
