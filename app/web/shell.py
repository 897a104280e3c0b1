"""What stands around every page: the list of workspaces and boards, the header, the toasts, the door."""

from typing import Any

import reflex as rx
from reflex.state import OnLoadInternalState
from reflex.style import set_color_mode

from app.domain.snapshots import PersonCard
from app.web import connection, dialogs, own, posted, store, ui
from app.web.feedback import Feedback, Toast
from app.web.news.panel import bell
from app.web.session import Session
from app.web.sidebar import sidebar, sidebar_on_phones
from app.web.toasts import Toasts

me = store.over(store.People, PersonCard)["me"]
SHUT = "Not available"
"""What a tab is called that shows the door."""


def page(
    header: rx.Component, content: rx.Component, is_drawn: Any, skeleton: rx.Component, has_inbox: bool = False
) -> rx.Component:
    """A page for people who are signed in: its header and content, or a skeleton until they are there.

    One that `has_inbox` itself needs no panel for it.
    """
    return rx.el.div(
        rx.el.a("Skip to content", href="#content", class_name="sr-only focus:not-sr-only"),
        own.zone_teller(),
        sidebar(),
        rx.el.div(
            rx.el.header(
                sidebar_on_phones(),
                rx.el.div(
                    rx.cond(is_drawn & ~is_shown_out(), header),
                    class_name="flex min-w-0 flex-1 items-center gap-2",
                ),
                connection.connection(),
                bell(has_panel=not has_inbox),
                _account_menu(),
                class_name="flex h-13 shrink-0 items-center gap-2 border-b border-line bg-canvas px-3 sm:px-4",
            ),
            rx.el.main(
                rx.cond(is_shown_out(), _door(), rx.cond(is_drawn, content, skeleton)),
                id="content",
                class_name="flex min-h-0 flex-1 flex-col",
            ),
            class_name="flex min-w-0 flex-1 flex-col",
        ),
        toasts(),
        _rest(),
        class_name="flex h-dvh overflow-hidden",
    )


def is_shown_out() -> Any:
    return (store.Door.sentence != "") & ~store.Door.is_resting


UNDER_THE_HEADER = "max-sm:not-[body:has([role=dialog])_*]"
"""When toasts come there: on phones, unless a dialog covers it."""


def toasts() -> rx.Component:
    return rx.el.div(
        rx.foreach(Feedback.toasts, _toast),
        aria_live="polite",  # An open dialog hides everything else from screen readers, except what is live.
        class_name="pointer-events-none fixed right-4 bottom-4 z-[60] flex flex-col items-end gap-2 "
        f"max-sm:left-4 {UNDER_THE_HEADER}:top-16 {UNDER_THE_HEADER}:bottom-auto",
    )


class _Passing(rx.el.Div):
    """An element that tells when its CSS animation has ended."""

    on_animation_end: rx.EventHandler[rx.event.no_args_event_spec]


def _toast(toast: rx.Var[Toast]) -> rx.Component:
    return _Passing.create(
        rx.el.span(toast.text, class_name="min-w-0 break-words"),
        rx.cond(
            toast.undo != "",
            rx.el.button(
                "Undo",
                type="button",
                on_click=Toasts.undo(toast.id),
                class_name="shrink-0 rounded font-semibold underline underline-offset-2",
            ),
        ),
        rx.el.button(
            ui.icon("x", 14),
            type="button",
            aria_label="Dismiss",
            on_click=Toasts.dismiss(toast.id),
            class_name="shrink-0 rounded opacity-70 hover:opacity-100",
        ),
        key=toast.id.to_string(),
        role=toast.tone,
        on_animation_end=Toasts.dismiss(toast.id),
        class_name=rx.cond(toast.tone == "alert", "bg-danger text-accent-ink", "bg-ink text-canvas")
        + " toast pointer-events-auto flex max-w-md items-center gap-3 rounded-lg px-4 py-2.5 text-sm shadow-float",
    )


def _account_menu() -> rx.Component:
    menu = ui.menu(
        rx.el.button(
            ui.avatar(me, "size-8 text-xs"),
            type="button",
            aria_label="Account",
            class_name="flex shrink-0 rounded-full",
        ),
        ui.menu_label(me.name),
        ui.menu_item(ui.icon("settings"), "Settings", on_select=rx.redirect("/settings")),
        rx.cond(
            Session.me.is_admin,
            rx.fragment(
                ui.menu_item(ui.icon("shield"), "Administration", on_select=rx.redirect("/admin")),
                ui.menu_item(ui.icon("scroll-text"), "Audit log", on_select=rx.redirect("/admin/audit")),
            ),
        ),
        ui.menu_line(),
        ui.menu_item(ui.icon("sun"), "Light", on_select=set_color_mode("light")),
        ui.menu_item(ui.icon("moon"), "Dark", on_select=set_color_mode("dark")),
        ui.menu_item(ui.icon("monitor"), "As the system", on_select=set_color_mode("system")),
        ui.menu_line(),
        ui.menu_item(ui.icon("log-out"), "Sign out", custom_attrs={"onSelect": _SIGN_OUT}),
    )
    return rx.fragment(menu, posted.form("/auth/sign-out", id="sign-out", class_name="hidden"))


_SIGN_OUT = rx.Var("() => document.getElementById('sign-out').requestSubmit()")


def _rest() -> rx.Component:
    """Over everything, open dialogs too, in a tab that rests because its person has opened newer ones."""
    return dialogs.notice(
        rx.el.p("Nothing that you typed here is lost.", class_name="pb-4 text-sm text-muted"),
        ui.button(
            "Go on here",
            kind="primary",
            # What a page does when it is opened, and makes this the newest of the person's tabs.
            on_click=OnLoadInternalState.on_load_internal,
            data_testid="go-on-here",
        ),
        title=store.Door.sentence,
        open=store.Door.is_resting,
        data_testid="resting",
    )


_WAY_OUT = "font-medium text-accent hover:underline"


def _door() -> rx.Component:
    return rx.el.div(
        ui.empty(
            "door-open",
            store.Door.sentence,
            "",
            rx.el.div(
                rx.el.a("Load again", href="", class_name=_WAY_OUT),
                ui.link("Go to your workspaces", to="/", class_name=_WAY_OUT),
                class_name="mt-2 flex gap-5",
            ),
        ),
        role="alert",
        data_testid="door",
    )
