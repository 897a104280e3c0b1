"""The pages in front of the door: a card in the middle, with a form in it."""

from typing import Any

import reflex as rx

from app.web import posted, ui
from app.web.flash import Flash, flash


def page(title: str, *content: rx.Component) -> rx.Component:
    return rx.el.main(
        rx.el.div(
            rx.el.div(
                rx.el.img(src="/favicon.svg", alt="", class_name="size-9"),
                rx.el.h1(title, class_name="text-xl font-semibold"),
                class_name="flex items-center gap-3",
            ),
            flash(),
            *content,
            class_name="flex w-full max-w-sm flex-col gap-5 rounded-xl border border-line bg-raised p-7 shadow-card",
        ),
        class_name="flex min-h-dvh items-center justify-center p-4",
    )


def form(action: str, *fields: rx.Component, submit: str, **hidden: Any) -> rx.Component:
    """`hidden` are values that go with it."""
    return posted.form(
        action,
        *fields,
        *posted.hidden(**hidden),
        ui.button(submit, type="submit", kind="primary", class_name="mt-1 w-full"),
    )


def email() -> rx.Component:
    return posted.field("E-mail", "email", "email", "username", default_value=Flash.email)


def link(words: str, path: Any) -> rx.Component:
    return rx.el.a(words, href=path, class_name="font-medium text-accent hover:underline")


def small(*content: Any) -> rx.Component:
    return rx.el.p(*content, class_name="text-sm text-muted")
