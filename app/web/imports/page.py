"""The page for an import: choose a file, see what would happen, have it happen."""

import reflex as rx

from app.web import javascript, sections, shell, ui
from app.web.imports.plan import plan
from app.web.imports.state import Import

KINDS = {"tandem": "a file of Tandem", "trello": "a board of Trello", "csv": "a table"}
CLASSES = {
    "box": "flex flex-col gap-2",
    "bar": "flex flex-col gap-1.5 rounded-md border border-line bg-raised px-3 py-3 text-sm",
    "line": "flex items-center gap-2",
    "name": "min-w-0 flex-1 truncate",
    "small": "text-xs text-muted tabular-nums",
    "progress": "h-1.5 w-full overflow-hidden rounded-full bg-hover",
    "done": "block h-full rounded-full bg-accent transition-[width]",
    "note": "rounded-md bg-danger-soft px-3 py-2 text-danger",
    "drop": "min-h-24 rounded-lg border border-dashed border-strong-line px-3 py-2.5 text-muted hover:bg-surface "
    "hover:text-ink",
    "over": "border-accent bg-accent-soft text-ink",
}


class FilePost(rx.Component):
    library = javascript.library(__name__, "importer.jsx")
    tag = "FilePost"
    most_bytes: rx.Var[int]
    classes: rx.Var[dict[str, str]]
    on_posted: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class ImportRun(rx.Component):
    library = javascript.library(__name__, "importer.jsx")
    tag = "ImportRun"
    order: rx.Var[str]
    classes: rx.Var[dict[str, str]]
    on_arrived: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_refused: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def page() -> rx.Component:
    return shell.page(
        rx.el.h1("Import", class_name="text-base font-semibold"),
        sections.column(
            rx.cond(Import.ticket == "", _choosing(), _file()),
            rx.cond((Import.kind != "") & (Import.order == ""), plan(), _looking()),
            rx.cond(
                Import.order != "",
                ImportRun.create(
                    order=Import.order,
                    classes=CLASSES,
                    on_arrived=Import.arrive,
                    on_refused=Import.stop,
                    key=Import.order,
                ),
            ),
            width="3xl",
            gap=6,
            class_name="[&>*]:shrink-0",
        ),
        is_drawn=(shell.me.id > 0) & Import.is_open,
        skeleton=sections.skeleton(1, 24, width="3xl"),
    )


def _choosing() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            "A file that a Tandem has exported, a board as Trello exports it (JSON), or a table of tasks (CSV). You "
            "see what would happen before anything does.",
            class_name="text-muted",
        ),
        FilePost.create(most_bytes=Import.most_bytes, classes=CLASSES, on_posted=Import.look),
        class_name="flex flex-col gap-4",
    )


def _file() -> rx.Component:
    what = rx.match(Import.kind, *((kind, words) for kind, words in KINDS.items()), "")
    return rx.el.div(
        ui.icon("file-input", 20, class_name="shrink-0 text-accent"),
        rx.el.div(
            rx.el.p(Import.file_name, class_name="truncate font-medium"),
            rx.cond(Import.kind != "", rx.el.p("This is ", what, ".", class_name="text-xs text-muted")),
            class_name="min-w-0 flex-1",
        ),
        rx.cond(
            Import.order == "",
            ui.button("Another file", on_click=Import.start_over, data_testid="another-import"),
        ),
        class_name="flex items-center gap-3 rounded-lg border border-line bg-raised px-4 py-3",
    )


def _looking() -> rx.Component:
    """That it is looked through, or why nothing can come of it."""
    return rx.cond(
        Import.is_looking,
        rx.el.p("Looking through the file …", role="status", class_name="text-muted"),
        rx.cond(Import.sentence != "", sections.refusal(Import.sentence)),
    )
