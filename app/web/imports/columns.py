"""What each column of a table means, and how its days are written: chosen here, guessed at first."""

import reflex as rx

from app.formats.reading import ORDERS
from app.formats.sheet import Meaning
from app.web import ui
from app.web.imports.shown import Column
from app.web.imports.state import Import

MEANINGS: dict[Meaning, str] = {
    "title": "Title",
    "description": "Description",
    "lane": "Lane",
    "priority": "Priority",
    "due": "Due date",
    "completed": "Completed, or when",
    "people": "People on it",
    "author": "Who created it",
    "created": "When it was created",
    "note": "A line under the description",
    "nothing": "Leave it out",
}


def columns() -> rx.Component:
    return ui.section(
        "What the columns mean",
        rx.el.ul(
            rx.foreach(Import.columns, _column),
            class_name="divide-y divide-line rounded-lg border border-line bg-raised",
        ),
        rx.el.div(
            ui.labelled(
                "Days are written as",
                ui.select(
                    *(rx.el.option(example, value=order) for order, example in ORDERS.items()),
                    value=Import.days,
                    on_change=lambda order: Import.settle("days", order),
                    data_testid="import-days",
                ),
            ),
            class_name="max-w-60 pt-4",
        ),
    )


def _column(column: rx.Var[Column]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(column.name, class_name="truncate font-medium"),
            rx.el.p(column.example, class_name="truncate text-xs text-muted"),
            class_name="min-w-0 flex-1",
        ),
        ui.select(
            *(rx.el.option(words, value=meaning) for meaning, words in MEANINGS.items()),
            value=column.meaning,
            on_change=lambda meaning: Import.mean(column.place, meaning),
            aria_label="What “" + column.name + "” means",
            data_testid="column-" + column.place.to_string(),
            class_name="max-w-44 sm:max-w-60",
        ),
        key=column.place.to_string(),
        class_name="flex items-center gap-3 px-3 py-2",
    )
