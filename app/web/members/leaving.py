"""Leaving a workspace, deleting it, removing somebody from it: what cannot be undone asks first."""

import reflex as rx

from app.web import invite, ui
from app.web.dialogs import Dialogs, dialog
from app.web.members.state import Members, people, workspace
from app.web.session import Session


def leaving() -> rx.Component:
    return rx.el.div(
        ui.button("Leave workspace", on_click=Dialogs.open("leave-workspace", 0)),
        rx.cond(
            people["p" + Session.me.id.to_string()].role == "owner",
            ui.button(
                "Delete workspace",
                kind="danger",
                on_click=Dialogs.open("delete-workspace", 0),
                data_testid="delete-workspace",
            ),
        ),
        class_name="flex flex-wrap gap-3",
    )


def dialogs() -> rx.Component:
    person = people["p" + Dialogs.subject.to_string()]
    return rx.fragment(
        invite.dialog(workspace.id),
        dialog(
            "remove-member",
            rx.el.p(
                person.name, " loses access at once. Their tasks stay, without them.", class_name="pb-4 text-muted"
            ),
            ui.button(
                "Remove",
                kind="danger",
                on_click=Members.remove(workspace.id, Dialogs.subject),
                data_testid="confirm-remove",
            ),
            title="Remove from the workspace",
        ),
        dialog(
            "leave-workspace",
            rx.el.p("You lose access at once. Coming back takes an invitation.", class_name="pb-4 text-muted"),
            ui.button("Leave", kind="danger", on_click=Members.leave(workspace.id)),
            title="Leave the workspace",
        ),
        dialog(
            "delete-workspace",
            ui.form(
                rx.el.p("All its boards and tasks go, for everyone.", class_name="text-muted"),
                ui.labelled(
                    f"Type “{workspace.name}” to confirm", ui.text_input(name="typed_name", auto_complete="off")
                ),
                ui.button(
                    "Delete for everyone",
                    type="submit",
                    kind="danger",
                    data_testid="confirm-delete",
                ),
                on_submit=lambda form: Members.delete(workspace.id, form["typed_name"]),
            ),
            title="Delete the workspace",
        ),
    )
