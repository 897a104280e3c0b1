"""The parts of a long page, each under its heading, and the small words beside a name."""

from typing import Any

import reflex as rx


def section(title: Any, *content: rx.Component, name: str = "", **props: Any) -> rx.Component:
    """A part of a page under its heading; `name` is its accessible name where the title is more than text."""
    props.setdefault("aria_label", name or title)
    heading = rx.el.h2(title, class_name="text-lg font-semibold")
    return rx.el.section(heading, *content, class_name="flex flex-col gap-4", **props)


def chip(words: str) -> rx.Component:
    """A word or two about somebody or something, beside its name."""
    return rx.el.span(
        words, class_name="shrink-0 rounded-full bg-accent-soft px-2 py-0.5 text-xs font-medium whitespace-nowrap"
    )
