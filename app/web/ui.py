"""The parts that every page is made of. What they look like is decided here and in theme.py, nowhere else."""

from collections.abc import Callable
from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML
from reflex_components_core.react_router.dom import ReactRouterLink

from app.domain.snapshots import PersonCard
from app.web import dates, radix

BUTTON = (
    "inline-flex items-center justify-center gap-1.5 rounded-md text-sm font-medium whitespace-nowrap "
    "select-none transition-colors "
)
KINDS = {
    "primary": "h-9 px-3.5 bg-accent text-accent-ink hover:brightness-110",
    "plain": "h-9 px-3 border border-line bg-raised text-ink hover:bg-hover",
    "quiet": "h-8 px-2 text-muted hover:bg-hover hover:text-ink",
    "danger": "h-9 px-3.5 bg-danger text-accent-ink hover:brightness-110",
    "icon": "size-8 shrink-0 text-muted hover:bg-hover hover:text-ink",
    "small": "size-6 shrink-0 text-faint hover:bg-hover hover:text-ink",
}
INPUT = (
    "w-full min-w-0 rounded-md border border-line bg-raised px-3 py-2 text-ink placeholder:text-faint "
    "hover:border-strong-line disabled:opacity-60 max-sm:text-base "
)
LINE = "h-[2.375rem] max-sm:h-[2.625rem] "
"""With INPUT, a field of one line: by themselves lists and days have other heights than texts beside them."""
HEADING = "leading-tight font-semibold break-words max-sm:line-clamp-2 max-sm:text-sm sm:truncate sm:text-base"
"""The name of a page in its header: on a phone it has two lines."""
NOTE = (
    "flex flex-col gap-2 rounded-md border border-line bg-accent-soft p-3 text-sm [&>blockquote]:max-h-40 "
    "[&>blockquote]:overflow-y-auto [&>blockquote]:whitespace-pre-wrap [&>blockquote]:rounded "
    "[&>blockquote]:bg-raised [&>blockquote]:px-2 [&>blockquote]:py-1 [&>blockquote]:break-words "
)
"""What is said beside a field, with somebody else's text in it."""
NOTE_BUTTON = "self-start rounded border border-line bg-raised px-2.5 py-1 font-medium hover:bg-hover"
PANEL = "rounded-lg border border-line bg-raised shadow-float"
MENU_ITEM = (
    "flex w-full items-center gap-2 rounded px-2 py-1.5 text-sm outline-none select-none "
    "data-[highlighted]:bg-hover data-[disabled]:opacity-50 "
)
HUES = {
    "indigo": "#5b54d6",
    "sky": "#0b76b0",
    "teal": "#0c7a70",
    "green": "#2c7d3a",
    "amber": "#946200",
    "orange": "#b4500d",
    "rose": "#c02c55",
    "pink": "#b3337f",
    "violet": "#8440c9",
    "slate": "#5a6472",
}
"""The colours of people; white letters are legible on each."""


class Anchor(BaseHTML):
    """A link that the browser itself follows (`rx.el.a` never leaves the app for a path of ours)."""

    tag = "a"
    href: rx.Var[str]
    download: rx.Var[str]


def icon(name: str, size: int = 16, **props: Any) -> rx.Component:
    return rx.icon(name, size=size, stroke_width=1.75, aria_hidden="true", **props)


def button(*children: Any, kind: str = "plain", class_name: str = "", **props: Any) -> rx.Component:
    props.setdefault("type", "button")
    return rx.el.button(*children, class_name=f"{BUTTON}{KINDS[kind]} {class_name}", **props)


def icon_button(name: str, label: str, kind: str = "icon", size: int = 16, **props: Any) -> rx.Component:
    """A button that shows just an icon; `label` is its accessible name and its tooltip."""
    return button(icon(name, size), kind=kind, aria_label=label, title=label, **props)


def link(*children: Any, to: Any, kind: str = "", class_name: str = "", **props: Any) -> rx.Component:
    """A link within the app: the page changes without being loaded anew. With a `kind` it looks like that button."""
    look = f"{BUTTON}{KINDS[kind]} {class_name}" if kind else class_name
    return ReactRouterLink.create(*children, to=to, class_name=look, **props)


def text_input(class_name: str = "", **props: Any) -> rx.Component:
    return rx.el.input(class_name=INPUT + LINE + class_name, **props)


def select(*options: rx.Component, class_name: str = "", **props: Any) -> rx.Component:
    return rx.el.select(*options, class_name=INPUT + LINE + class_name, **props)


def form(*children: Any, on_submit: Callable[[Any], Any], **props: Any) -> rx.Component:
    """A form that sends an event; `on_submit` gets what was typed, as text by field name."""
    props.setdefault("class_name", "flex flex-col gap-4")
    return rx.el.form(*children, on_submit=lambda sent: on_submit(sent.to(dict[str, str])), **props)


def labelled(label: str, control: rx.Component, hint: str = "") -> rx.Component:
    """A form field under its label."""
    return rx.el.label(
        rx.el.span(label, class_name="text-sm font-medium"),
        control,
        rx.el.span(hint, class_name="text-xs text-muted") if hint else rx.fragment(),
        class_name="flex flex-col gap-1.5",
    )


def switch(label: str, hint: str, *, is_on: Any, on_change: Any, test_id: str, **props: Any) -> rx.Component:
    """Something that is on or off, and changes at once."""
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            role="switch",
            checked=is_on,
            on_change=on_change,
            data_testid=test_id,
            class_name="mt-0.5 size-4 shrink-0 accent-[var(--accent)]",
            **props,
        ),
        rx.el.span(
            rx.el.span(label, class_name="font-medium"),
            rx.el.span(hint, class_name="text-xs text-muted"),
            class_name="flex min-w-0 flex-col gap-0.5",
        ),
        class_name="flex items-start gap-2.5 text-sm",
    )


def avatar(person: rx.Var[PersonCard] | PersonCard, size: str = "size-7 text-2xs", **props: Any) -> rx.Component:
    """Their picture, or initials on the person's colour; their name is its accessible name and tooltip."""
    picture = rx.el.img(
        src="/files/avatar/" + person.avatar,
        alt="",  # Where it cannot be had, the initials stay.
        class_name="absolute inset-0 size-full rounded-full object-cover ring-1 ring-line",
    )
    return rx.el.span(
        person.initials,
        rx.cond(person.avatar, picture),
        role="img",
        aria_label=person.name,
        title=person.name,
        style={"background": hue(person.color)},
        class_name=f"{size} relative inline-flex shrink-0 items-center justify-center rounded-full font-semibold "
        "text-white select-none",
        **props,
    )


def hue(color: rx.Var[str] | str) -> Any:
    return rx.match(color, *HUES.items(), HUES["slate"])


def menu(trigger: rx.Component, *items: rx.Component, align: str = "end", **props: Any) -> rx.Component:
    """A drop-down; `trigger` is a button, the items are menu_item, menu_link and menu_label."""
    return radix.MenuRoot.create(
        radix.MenuTrigger.create(trigger, as_child=True),
        radix.MenuPortal.create(
            radix.MenuContent.create(
                *items,
                align=align,
                side_offset=4,
                collision_padding=8,
                class_name=f"{PANEL} appear z-50 max-h-[70vh] min-w-44 overflow-y-auto p-1",
                **props,
            )
        ),
        modal=False,
    )


def menu_item(*children: Any, is_danger: bool = False, class_name: str = "", **props: Any) -> rx.Component:
    look = MENU_ITEM + ("text-danger " if is_danger else "") + class_name
    return radix.MenuItem.create(*children, class_name=look, **props)


def menu_file(text: str, href: Any, **props: Any) -> rx.Component:
    """An item that saves a file of ours."""
    return radix.MenuItem.create(
        Anchor.create(icon("download"), text, href=href, class_name=MENU_ITEM, **props), as_child=True
    )


def menu_label(text: str) -> rx.Component:
    return radix.MenuLabel.create(text, class_name="px-2 pt-1.5 pb-1 text-xs font-medium text-faint")


def menu_line() -> rx.Component:
    return radix.MenuSeparator.create(class_name="my-1 h-px bg-line")


def dialog(*children: Any, title: str, open: Any, on_open_change: Any, class_name: str = "", **props: Any) -> Any:
    """A dialog with a title and a close button; `open` decides whether it is there."""
    return radix.DialogRoot.create(
        radix.DialogPortal.create(
            radix.DialogOverlay.create(class_name="appear fixed inset-0 z-40 bg-[var(--scrim)]"),
            radix.DialogContent.create(
                rx.el.div(
                    radix.DialogTitle.create(title, class_name="text-base font-semibold"),
                    radix.DialogClose.create(icon_button("x", "Close"), as_child=True),
                    class_name="flex items-center justify-between pb-3",
                ),
                *children,
                aria_describedby=rx.Var("undefined"),
                class_name=f"{PANEL} rise fixed z-50 left-1/2 top-[12vh] max-h-[80vh] w-[min(28rem,calc(100vw-2rem))] "
                f"-translate-x-1/2 overflow-y-auto p-5 {class_name}",
                **props,
            ),
        ),
        open=open,
        on_open_change=on_open_change,
    )


def section(title: str, *children: Any, action: rx.Component | None = None) -> rx.Component:
    """A part of a page under a heading, with a button beside it if there is one."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(title, class_name="text-lg font-semibold"),
            action or rx.fragment(),
            class_name="flex items-center justify-between gap-3 pb-3",
        ),
        *children,
    )


def empty(icon_name: str, title: str, hint: str, *actions: rx.Component) -> rx.Component:
    """What a page says when there is nothing yet: what this is, and what to do."""
    return rx.el.div(
        icon(icon_name, 28, class_name="text-faint"),
        rx.el.p(title, class_name="text-base font-medium"),
        rx.el.p(hint, class_name="max-w-sm text-muted"),
        *actions,
        class_name="flex flex-col items-center gap-2 py-16 text-center",
    )


def moment(iso: rx.Var[str], has_time: bool = False) -> rx.Component:
    """The day of an ISO time in the reader's zone, and the exact time when pointed at, or at once."""
    words = dates.moment(iso, "minute" if has_time else "day")
    return rx.el.time(words, date_time=iso, title=dates.moment(iso, "second"))


def exact_moment(iso: rx.Var[str], **props: Any) -> rx.Component:
    """Day and time, to the second, in the reader's zone."""
    return rx.el.time(dates.moment(iso, "second"), date_time=iso, **props)
