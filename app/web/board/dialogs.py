"""The board's small dialogs: renaming it, and adding, renaming and deleting lanes."""

from typing import Any

import reflex as rx

from app.web import ui
from app.web.board.card import header, lanes
from app.web.board.state import BoardPage
from app.web.dialogs import Dialogs, dialog
from app.web.shared_text import shared_text


def dialogs(may_edit: Any) -> rx.Component:
    subject = lanes["l" + Dialogs.subject.to_string()]
    return rx.fragment(
        _naming(
            "rename-board",
            "Rename board",
            header.name,
            lambda form: BoardPage.rename_board(header.id, form["name"], form["seen"]),
            may_edit,
        ),
        _naming("add-lane", "Add a lane", "", lambda form: BoardPage.add_lane(header.id, form["name"]), may_edit),
        _naming(
            "rename-lane",
            "Rename lane",
            subject.name,
            lambda form: BoardPage.rename_lane(Dialogs.subject, form["name"], form["seen"]),
            may_edit,
        ),
        dialog("delete-lane", _delete_lane(), title="Delete lane", may=may_edit),
    )


def _naming(name: str, title: str, value: str | rx.Var[str], submit: Any, may: Any) -> rx.Component:
    return dialog(
        name,
        ui.form(
            shared_text("name", value, "Name", "new-name"),
            ui.button("Save", type="submit", kind="primary"),
            on_submit=submit,
        ),
        title=title,
        may=may,
    )


def _delete_lane() -> rx.Component:
    lane = lanes["l" + Dialogs.subject.to_string()]
    return ui.form(
        rx.el.p("“", lane.name, "” will be deleted for everyone.", class_name="text-muted"),
        rx.cond(
            header.lanes.length() > 1,
            ui.labelled(
                "Its tasks go to",
                ui.select(
                    rx.foreach(
                        header.lanes,
                        lambda id: rx.cond(
                            id == lane.id,
                            rx.fragment(),
                            rx.el.option(lanes["l" + id.to_string()].name, value=id.to_string(), key=id.to_string()),
                        ),
                    ),
                    name="tasks_to",
                ),
            ),
            rx.el.input(type="hidden", name="tasks_to", value="", read_only=True),
        ),
        ui.button("Delete lane", type="submit", kind="danger"),
        on_submit=lambda form: BoardPage.delete_lane(Dialogs.subject, form["tasks_to"]),
    )
