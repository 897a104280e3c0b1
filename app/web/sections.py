"""What long pages are made of: the column, its parts under their headings, and the small words beside a name."""

from typing import Any

import reflex as rx


def column(*content: Any, width: str, gap: int, class_name: str = "") -> rx.Component:
    """All of a page under its header, as wide as Tailwind's `max-w-…` at the most."""
    return rx.el.div(*content, class_name=f"{_place(width, gap)} overflow-y-auto {class_name}".rstrip())


def skeleton(count: int, height: int, *, width: str, gap: int = 4) -> rx.Component:
    """So many bars, where a column is to be."""
    return rx.el.div(
        *(rx.el.div(class_name=f"skeleton h-{height}") for _ in range(count)),
        aria_busy="true",
        aria_label="Loading",
        class_name=_place(width, gap),
    )


def _place(width: str, gap: int) -> str:
    return f"mx-auto flex w-full max-w-{width} flex-col gap-{gap} p-4 sm:p-8"


def refusal(sentence: Any) -> rx.Component:
    """Why there is nothing else to see."""
    return rx.el.p(sentence, role="alert", class_name="rounded-md bg-danger-soft px-3 py-2 text-danger")


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
