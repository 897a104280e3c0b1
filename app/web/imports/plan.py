"""What would happen with a file, and what can be chosen about that."""

from typing import Any

import reflex as rx

from app.domain.permissions import PERMISSIONS
from app.web import sidebar, ui
from app.web.imports.columns import columns
from app.web.imports.shown import Coming
from app.web.imports.state import Import


def plan() -> rx.Component:
    """What is chosen, what that would do, and the button that does it."""
    return rx.fragment(
        rx.cond(Import.kind == "csv", columns()),
        ui.section("Where it goes", _where()),
        rx.cond(Import.sentence == "", ui.section("What would happen", _what())),
        _beginning(),
    )


def _beginning() -> rx.Component:
    """The button, with why it cannot be pressed: in sight from wherever a choice is made."""
    is_ready = (Import.sentence == "") & (Import.wrong.length() == 0) & ~Import.is_looking
    why_not = rx.cond(
        Import.is_looking,
        rx.el.p("Looking through the file …", role="status", class_name="text-muted"),
        rx.cond(
            Import.sentence != "",
            rx.el.p(Import.sentence, role="alert", class_name="text-danger"),
            rx.cond(
                Import.wrong.length() > 0,
                rx.el.p("What is wrong with the file has to be mended first.", class_name="text-danger"),
            ),
        ),
    )
    return rx.el.div(
        ui.button(
            ui.icon("download"),
            "Import",
            kind="primary",
            disabled=~is_ready,
            on_click=Import.begin,
            data_testid="begin-import",
            class_name="shrink-0 disabled:opacity-50",
        ),
        rx.el.div(why_not, class_name="min-w-0 flex-1 break-words"),
        class_name="sticky -bottom-4 -mx-4 -mb-4 flex items-center gap-3 border-t border-line bg-canvas p-4 "
        "sm:-bottom-8 sm:-mx-8 sm:-mb-8 sm:px-8",
    )


def _where() -> rx.Component:
    return rx.el.div(
        ui.labelled(
            "Workspace",
            ui.select(
                rx.el.option("A new workspace", value="0"),
                rx.foreach(sidebar.home.workspaces, _workspace),
                value=rx.cond(Import.workspace_id == "", "0", Import.workspace_id),
                on_change=lambda id: Import.settle("workspace_id", id),
                data_testid="import-workspace",
            ),
        ),
        rx.cond(
            (Import.workspace_id == "") | (Import.workspace_id == "0"),
            ui.labelled(
                "Its name",
                ui.text_input(
                    default_value=Import.name,
                    on_blur=lambda name: Import.settle("name", name),
                    data_testid="import-name",
                ),
            ),
        ),
        ui.labelled(
            "Who can see the boards",
            ui.select(
                rx.cond(Import.kind == "tandem", rx.el.option("As it is in the file", value="file")),
                rx.el.option("Everyone in the workspace", value=rx.cond(Import.kind == "tandem", "everyone", "file")),
                rx.el.option("Only me, until I let others in", value="me"),
                value=Import.seen_by,
                on_change=lambda who: Import.settle("seen_by", who),
                data_testid="import-seen-by",
            ),
        ),
        class_name="grid gap-4 sm:grid-cols-2",
    )


def _workspace(id: rx.Var[int]) -> rx.Component:
    workspace = sidebar.workspaces["w" + id.to_string()]
    may = rx.Var.create(list(PERMISSIONS["edit_boards"][0])).contains(workspace.role)
    return rx.cond(may, rx.el.option(workspace.name, value=id.to_string(), key=id.to_string()))


def _counted(number: Any, noun: str) -> rx.Component:
    return rx.fragment(number.to_string(), rx.cond(number == 1, f" {noun}", f" {noun}s"))


def _what() -> rx.Component:
    return rx.el.div(
        rx.el.ul(rx.foreach(Import.boards, _board), class_name="flex flex-col gap-2", data_testid="coming-boards"),
        rx.cond(Import.more_boards > 0, rx.el.p("and ", Import.more_boards, " more", class_name="text-muted")),
        rx.el.p(
            _counted(Import.tasks, "task"),
            ", ",
            _counted(Import.comments, "comment"),
            data_testid="import-counts",
            class_name="font-medium",
        ),
        rx.cond(
            Import.unknown.length() > 0,
            rx.el.p(
                "Not members of the workspace: ",
                Import.unknown.join(", "),
                rx.cond(Import.more_unknown > 0, rx.fragment(" and ", Import.more_unknown, " more")),
                ". Their names stay, as text.",
                class_name="text-muted",
            ),
        ),
        rx.foreach(Import.remarks, lambda remark: rx.el.p(remark, class_name="text-muted")),
        rx.cond(Import.wrong.length() > 0, _wrong()),
        class_name="flex flex-col gap-3",
    )


def _wrong() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            "Nothing can be imported before this is mended, in the file or by another choice above:",
            class_name="font-medium",
        ),
        rx.el.ul(
            rx.foreach(Import.wrong, lambda sentence: rx.el.li(sentence, class_name="break-words")),
            class_name="list-disc pl-5",
        ),
        rx.cond(Import.more_wrong > 0, rx.el.p("and ", Import.more_wrong, " more like these.")),
        role="alert",
        data_testid="import-wrong",
        class_name="flex flex-col gap-1.5 rounded-md bg-danger-soft px-3 py-2.5 text-danger",
    )


def _board(board: rx.Var[Coming]) -> rx.Component:
    return rx.el.li(
        ui.icon("square-kanban", 18, class_name="shrink-0 text-accent"),
        rx.el.div(
            rx.el.p(board.name, class_name="truncate font-medium"),
            rx.el.p(board.lanes.join(" · "), class_name="text-xs break-words text-muted"),
            class_name="min-w-0 flex-1",
        ),
        class_name="flex items-center gap-3 rounded-lg border border-line bg-raised px-4 py-3",
    )
