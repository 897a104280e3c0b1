"""The files of the open task: had back, removed, and added (uploads.jsx)."""

from typing import Any

import reflex as rx

from app.domain.snapshots import FileView, TaskDetail
from app.web import javascript, ui
from app.web.board.state import BoardPage
from app.web.session import Session


class Uploads(rx.Component):
    library = javascript.library(__name__, "uploads.jsx")
    tag = "Uploads"
    task_id: rx.Var[int]
    most_bytes: rx.Var[int]
    classes: rx.Var[dict[str, str]]


CLASSES = {
    "box": "flex flex-col gap-2 empty:hidden",
    "list": "flex flex-col gap-1.5 empty:hidden",
    "upload": "flex flex-col gap-1.5 rounded-md border border-line px-3 py-2 text-sm",
    "line": "flex items-center gap-2",
    "name": "min-w-0 flex-1 truncate",
    "small": "text-xs text-muted tabular-nums",
    "progress": "h-1.5 w-full overflow-hidden rounded-full bg-hover",
    "done": "block h-full rounded-full bg-accent",
    "note": "text-sm text-danger",
    "button": "rounded px-1.5 py-0.5 text-xs font-medium text-muted hover:bg-hover hover:text-ink",
    "drop": "rounded-md border border-dashed border-strong-line px-3 py-2.5 text-sm text-muted hover:bg-hover "
    "hover:text-ink",
    "over": "border-accent bg-accent-soft text-ink",
}


def files(detail: rx.Var[TaskDetail], may_add: Any, may_edit: Any) -> rx.Component:
    """Nothing where there are no files and none can be added."""
    return rx.cond(
        may_add | (detail.files.length() > 0),
        rx.el.section(
            rx.el.h3("Files", class_name="text-sm font-medium"),
            rx.cond(
                detail.files.length() > 0,
                rx.el.ul(
                    rx.foreach(detail.files, lambda file: _file(file, may_add, may_edit)),
                    class_name="divide-y divide-line rounded-md border border-line",
                ),
            ),
            rx.cond(
                may_add,
                Uploads.create(
                    task_id=detail.id, most_bytes=Session.largest_file, classes=CLASSES, key=detail.id.to_string()
                ),
            ),
            aria_label="Files",
            data_testid="files",
            class_name="flex min-w-0 flex-col gap-2",
        ),
    )


def _file(file: rx.Var[FileView], may_add: Any, may_edit: Any) -> rx.Component:
    id = file.id.to_string()
    is_mine = file.added_by_id == Session.me.id
    return rx.el.li(
        rx.cond(
            file.has_thumb,
            rx.el.img(
                src="/files/thumb/" + id,
                alt="",
                loading="lazy",
                class_name="size-10 shrink-0 rounded border border-line bg-hover object-cover",
            ),
            rx.el.span(
                ui.icon("file", 18),
                class_name="flex size-10 shrink-0 items-center justify-center rounded bg-hover text-muted",
            ),
        ),
        rx.el.span(
            ui.Anchor.create(
                file.name,
                href="/files/" + id + "/" + _encoded(file.name),
                download=file.name,
                title=file.name,
                data_testid="download-" + id,
                class_name="truncate font-medium hover:underline",
            ),
            rx.el.span(
                file.size,
                " · ",
                file.added_by,
                ", ",
                ui.moment(file.added_at),
                class_name="truncate text-xs text-muted",
            ),
            class_name="flex min-w-0 flex-1 flex-col",
        ),
        rx.cond(
            may_edit | (may_add & is_mine),
            ui.icon_button(
                "x", "Remove " + file.name, on_click=BoardPage.remove_file(file.id), data_testid="remove-file-" + id
            ),
        ),
        key=id,
        data_testid="file-" + id,
        data_name=file.name,
        class_name="flex items-center gap-2.5 px-2.5 py-2 text-sm",
    )


def _encoded(name: rx.Var[str]) -> rx.Var[str]:
    return rx.Var(f"encodeURIComponent({name!s})", _var_data=name._get_all_var_data()).to(str)
