"""Figures: how this Tandem is now and was in the last hour, what it stands on, and how it is set."""

from typing import Any

import reflex as rx

from app.web import sections, shell
from app.web.admin.charts import chart
from app.web.admin.figures_state import BoardRow, FiguresPage, Row, WorkerRow
from app.web.admin.tiles import census, now, parts
from app.web.every import Every

LOOK = 5
"""Seconds between two looks."""
CARD = "divide-y divide-line rounded-lg border border-line bg-raised"


def page() -> rx.Component:
    return shell.page(
        rx.el.h1("Figures", class_name="text-base font-semibold"),
        sections.column(
            Every.create(seconds=LOOK, on_beat=FiguresPage.look),
            parts(),
            now(),
            _hour(),
            _workers(),
            _boards(),
            _refusals(),
            census(),
            _settings(),
            _version(),
            width="5xl",
            gap=10,
        ),
        is_drawn=(shell.me.id > 0) & (FiguresPage.version != ""),
        skeleton=sections.skeleton(5, 24, width="5xl"),
    )


def _hour() -> rx.Component:
    return sections.section(
        "The last hour",
        rx.cond(
            FiguresPage.points.length() > 1,
            rx.el.div(
                chart("Who is here", "", "chart-people", ("people", "people"), ("connections", "connections")),
                chart(
                    "From a change to the patch",
                    "ms",
                    "chart-emit",
                    ("emit_p50", "p50"),
                    ("emit_p95", "p95"),
                    ("emit_p99", "p99"),
                ),
                chart(
                    "From a change to the screen",
                    "ms",
                    "chart-painted",
                    ("painted_p50", "p50"),
                    ("painted_p95", "p95"),
                ),
                chart("Commands", "a second", "chart-commands", ("done", "done"), ("refused", "refused")),
                chart("Doorbells", "a second", "chart-doorbells", ("published", "out"), ("received", "in")),
                chart("Memory", "MiB", "chart-memory", ("memory", "of all workers")),
                class_name="grid gap-3 lg:grid-cols-2",
            ),
            rx.el.p("There is something to see in half a minute.", role="status", class_name="text-muted"),
        ),
    )


def _workers() -> rx.Component:
    return sections.section(
        "Workers",
        _table(
            "Table of workers",
            ["Worker", "Process", "Connections", "Rooms", "Memory", "Doorbells"],
            rx.foreach(FiguresPage.workers, _worker),
        ),
        data_testid="workers",
    )


def _worker(worker: rx.Var[WorkerRow]) -> rx.Component:
    rings = rx.cond(worker.doorbells_ring, "ring", rx.el.span("do not ring", class_name="text-danger"))
    pid = worker.pid.to_string()
    return _cells(worker.name, pid, worker.connections, worker.rooms, worker.memory, rings, test_id="worker-" + pid)


def _boards() -> rx.Component:
    return rx.cond(
        FiguresPage.boards.length() > 0,
        sections.section(
            "Change to screen, by board",
            _table(
                "Table of boards",
                ["Board", "Reports in the last hour", "p50", "p95"],
                rx.foreach(FiguresPage.boards, _board),
            ),
            data_testid="painted-by-board",
        ),
    )


def _board(board: rx.Var[BoardRow]) -> rx.Component:
    id = board.id.to_string()
    return _cells("Board " + id, board.reports, board.p50, board.p95, test_id="painted-board-" + id)


def _refusals() -> rx.Component:
    return rx.cond(
        FiguresPage.refusals.length() > 0,
        sections.section(
            "Refused and cut off, since the start",
            _table(
                "Table of refusals",
                ["What", "How often"],
                rx.foreach(FiguresPage.refusals, lambda row: _cells(row.name, row.value)),
            ),
        ),
    )


def _settings() -> rx.Component:
    return sections.section(
        "Settings in force",
        _table("Table of settings", ["Setting", "Value"], rx.foreach(FiguresPage.settings, _setting)),
        data_testid="settings",
    )


def _setting(row: rx.Var[Row]) -> rx.Component:
    value = rx.cond(
        row.value == "", rx.el.span("empty", class_name="text-faint"), rx.el.code(row.value, class_name="break-all")
    )
    return _cells(
        rx.el.code(row.name),
        rx.el.span(value, rx.cond(row.is_default, rx.el.span(" by default", class_name="text-xs text-muted"))),
        test_id="setting-" + row.name,
    )


def _version() -> rx.Component:
    return sections.section(
        rx.fragment("Version ", FiguresPage.version),
        rx.el.ul(
            rx.foreach(FiguresPage.notes, lambda note: rx.el.li(note)), class_name="list-disc pl-5 text-sm text-muted"
        ),
        name="Version",
        data_testid="version",
    )


def _table(name: str, heads: list[str], rows: Any) -> rx.Component:
    """On a phone it scrolls sideways: so the keyboard reaches it, by its name."""
    return rx.el.div(
        rx.el.table(
            rx.el.thead(
                rx.el.tr(*(rx.el.th(head, scope="col", class_name="px-3 py-2 font-medium") for head in heads)),
                class_name="text-left text-xs text-muted",
            ),
            rx.el.tbody(rows, class_name="divide-y divide-line"),
            class_name="w-full text-sm tabular-nums",
        ),
        role="region",
        tab_index=0,
        aria_label=name,
        class_name="overflow-x-auto rounded-lg border border-line bg-raised",
    )


def _cells(*cells: Any, test_id: Any = None) -> rx.Component:
    props = {} if test_id is None else {"data_testid": test_id}
    return rx.el.tr(*(rx.el.td(cell, class_name="px-3 py-2 break-words") for cell in cells), **props)
