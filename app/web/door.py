"""The card in the middle of every page in front of the door: signing in and up, and what is asked on the way."""

from typing import Any

import reflex as rx

from app.web import ui


def card(title: str, sentence: Any, *children: rx.Component) -> rx.Component:
    """`sentence` is what came back with a form that could not be taken, or empty."""
    return rx.el.main(
        rx.el.div(
            rx.el.div(
                rx.el.img(src="/favicon.svg", alt="", class_name="size-9"),
                rx.el.h1(title, class_name="text-xl font-semibold"),
                class_name="flex items-center gap-3",
            ),
            told(sentence),
            *children,
            class_name="flex w-full max-w-sm flex-col gap-5 rounded-xl border border-line bg-raised p-7 shadow-card",
        ),
        class_name="flex min-h-dvh items-center justify-center p-4",
    )


def told(sentence: Any, tone: Any = "alert") -> rx.Component:
    """What a form came back with; `tone` is alert, or status for good news."""
    colours = rx.cond(tone == "status", "bg-accent-soft text-ink", "bg-danger-soft text-danger")
    return rx.cond(
        sentence != "",
        rx.el.p(sentence, role=tone, class_name=colours + " rounded-md px-3 py-2 text-sm break-words"),
    )


def field(label: str, name: str, kind: str, autocomplete: str, hint: str = "", **props: Any) -> rx.Component:
    control = ui.text_input(name=name, type=kind, auto_complete=autocomplete, required=True, **props)
    return ui.labelled(label, control, hint)
