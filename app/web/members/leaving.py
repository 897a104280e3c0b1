"""Leaving a workspace, handing it over, deleting it, removing somebody: what cannot be undone asks first."""

import reflex as rx

from app.web import invite, ui
from app.web.dialogs import Dialogs, dialog
from app.web.members.state import Members, is_admin, is_owner, people, workspace
from app.web.session import Session


def leaving() -> rx.Component:
    return rx.el.div(
        ui.button("Leave workspace", on_click=Dialogs.open("leave-workspace", 0)),
        rx.cond(
            is_owner(),
            rx.fragment(
                rx.cond(
                    workspace.members.length() > 1,
                    ui.button("Hand over", on_click=Dialogs.open("hand-over", 0), data_testid="hand-over"),
                ),
                ui.button(
                    "Delete workspace",
                    kind="danger",
                    on_click=Dialogs.open("delete-workspace", 0),
                    data_testid="delete-workspace",
                ),
            ),
        ),
        class_name="flex flex-wrap gap-3",
    )


def dialogs() -> rx.Component:
    person = people["p" + Dialogs.subject.to_string()]
    return rx.fragment(
        invite.dialog(workspace.id, may=is_admin()),
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
            may=is_admin(),
        ),
        dialog("hand-over", _hand_over(), title="Hand the workspace over", may=is_owner()),
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
            may=is_owner(),
        ),
    )


def _hand_over() -> rx.Component:
    return ui.form(
        rx.el.p("They become an owner, and you become an admin, at once.", class_name="text-muted"),
        ui.labelled(
            "New owner",
            ui.select(
                rx.foreach(
                    workspace.members,
                    lambda id: rx.cond(
                        id == Session.me.id,
                        rx.fragment(),
                        rx.el.option(people["p" + id.to_string()].name, value=id.to_string(), key=id.to_string()),
                    ),
                ),
                name="person_id",
            ),
        ),
        ui.button("Hand over", type="submit", kind="danger", data_testid="confirm-hand-over"),
        on_submit=lambda form: Members.hand_over(workspace.id, form["person_id"]),
    )
