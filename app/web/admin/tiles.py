"""What is seen at a glance: each part and whether it is well, and one number a tile."""

from typing import Any

import reflex as rx

from app.web import sections, ui
from app.web.admin.figures_state import Delay, FiguresPage, PartRow


def parts() -> rx.Component:
    return sections.section(
        "What it stands on",
        rx.el.ul(rx.foreach(FiguresPage.parts, _part), class_name="grid gap-2 sm:grid-cols-2 lg:grid-cols-3"),
        data_testid="parts",
    )


def _part(part: rx.Var[PartRow]) -> rx.Component:
    return rx.el.li(
        rx.cond(
            part.is_well,
            ui.icon("check", 18, class_name="mt-0.5 shrink-0 text-good"),
            ui.icon("circle-x", 18, class_name="mt-0.5 shrink-0 text-danger"),
        ),
        rx.el.div(
            rx.el.p(
                rx.el.span(part.name, class_name="font-medium capitalize"),
                rx.cond(part.is_well, rx.el.span(": well", class_name="sr-only"), rx.el.span(": not well")),
            ),
            rx.el.p(part.words, class_name="text-sm break-words text-muted"),
            class_name="min-w-0",
        ),
        data_testid="part-" + part.name,
        data_well=part.is_well,
        class_name="flex gap-2.5 rounded-md border border-line bg-raised px-3 py-2",
    )


def now() -> rx.Component:
    is_now = FiguresPage.now
    return sections.section(
        "Now, and in the last minute",
        rx.cond(is_now.note != "", rx.el.p(is_now.note, role="status", class_name="rounded-md bg-surface px-3 py-2")),
        rx.el.dl(
            _tile("People online", is_now.people, "", "people"),
            _tile("Connections", is_now.connections, "", "connections"),
            _tile("Rooms", is_now.rooms, "", "rooms"),
            _tile("Memory", is_now.memory, rx.fragment(is_now.a_connection, " a connection"), "memory"),
            _tile_of_delay("Change to patch", is_now.emit, "emit"),
            _tile_of_delay("Command", is_now.command, "command"),
            _tile_of_delay("Change to screen", is_now.painted, "painted"),
            _tile(
                "Doorbells a second", is_now.doorbells, rx.fragment(is_now.safety_hits, " found otherwise"), "doorbells"
            ),
            _tile("Commands refused", is_now.errors, "", "errors"),
            _tile("Catch-ups", is_now.catch_ups, "since the start", "catch-ups"),
            _tile("Outbox", is_now.waiting, rx.fragment(is_now.given_up, " given up"), "outbox"),
            class_name="grid grid-cols-2 gap-2 sm:grid-cols-3 lg:grid-cols-4",
        ),
    )


def _tile(words: str, number: Any, more: Any, name: str) -> rx.Component:
    return rx.el.div(
        rx.el.dt(words, class_name="text-xs text-muted"),
        rx.el.dd(number, data_testid="now-" + name, class_name="text-lg font-semibold tabular-nums"),
        rx.el.dd(more, class_name="text-xs text-muted") if more else None,
        class_name="flex min-w-0 flex-col rounded-md border border-line bg-raised px-3 py-2",
    )


def _tile_of_delay(words: str, delay: rx.Var[Delay] | Delay, name: str) -> rx.Component:
    return _tile(words, delay.p50, rx.fragment("p95 ", delay.p95, ", p99 ", delay.p99), name)


def census() -> rx.Component:
    counts = FiguresPage.census
    return sections.section(
        "What there is",
        rx.el.dl(
            _tile("People", counts.people, "", "all-people"),
            _tile("Workspaces", counts.workspaces, "", "workspaces"),
            _tile("Boards", counts.boards, "", "boards"),
            _tile("Tasks", counts.tasks, "", "tasks"),
            _tile("Sign-ins", counts.sign_ins, "", "sign-ins"),
            _tile("Invitations", counts.invites, "", "invites"),
            class_name="grid grid-cols-2 gap-2 sm:grid-cols-3 lg:grid-cols-6",
        ),
    )
