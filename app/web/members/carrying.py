"""Boards that leave the workspace as files, and come into it from files."""

from typing import Any

import reflex as rx

from app.domain.permissions import PERMISSIONS
from app.web import ui
from app.web.members.state import is_admin, my_role, workspace


def may_add_boards() -> Any:
    return rx.Var.create(list(PERMISSIONS["edit_boards"][0])).contains(my_role())


def carrying() -> rx.Component:
    here = "/w/" + workspace.id.to_string()
    return ui.section(
        "Export and import",
        rx.el.p(
            "A file has what you can see of the workspace, without what is attached to tasks. One board alone can be "
            "saved from its menu.",
            class_name="pb-3 text-muted",
        ),
        rx.el.div(
            rx.cond(
                is_admin(),
                rx.fragment(
                    _file("Save as JSON", here + "/export.json", "workspace-json"),
                    _file("Save tasks as CSV", here + "/export.csv", "workspace-csv"),
                ),
            ),
            ui.link(
                ui.icon("file-input"),
                "Import boards",
                to="/import?workspace=" + workspace.id.to_string(),
                data_testid="import-boards",
                kind="plain",
            ),
            class_name="flex flex-wrap gap-3",
        ),
    )


def _file(words: str, href: rx.Var[str], test_id: str) -> rx.Component:
    return ui.Anchor.create(
        ui.icon("download"), words, href=href, data_testid=test_id, class_name=f"{ui.BUTTON}{ui.KINDS['plain']}"
    )
