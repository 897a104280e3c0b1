"""The pages in front of the door: a card in the middle, with a form in it."""

from typing import Any

import reflex as rx

from app.web import ui
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
    """A form that the browser posts; `hidden` are values that go with it."""
    return ui.PostForm.create(
        *fields,
        *(rx.el.input(type="hidden", name=name, value=value, read_only=True) for name, value in hidden.items()),
        ui.button(submit, type="submit", kind="primary", class_name="mt-1 w-full"),
        # A form that came back is drawn anew with what had been typed.
        key=Flash.email + Flash.name,
        action=action,
        method="post",
        class_name="flex flex-col gap-4",
    )


def email() -> rx.Component:
    return field("E-mail", "email", "email", "username", default_value=Flash.email)


def field(label: str, name: str, kind: str, autocomplete: str, hint: str = "", **props: Any) -> rx.Component:
    control = ui.text_input(name=name, type=kind, auto_complete=autocomplete, required=True, **props)
    return ui.labelled(label, control, hint)


def link(words: str, path: Any) -> rx.Component:
    return rx.el.a(words, href=path, class_name="font-medium text-accent hover:underline")


def small(*content: Any) -> rx.Component:
    return rx.el.p(*content, class_name="text-sm text-muted")
