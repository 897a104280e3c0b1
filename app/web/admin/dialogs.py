"""What is asked before something is done for a person, and the link that is shown once."""

from typing import Any

import reflex as rx

from app.web import ui
from app.web.admin.people import rows
from app.web.admin.state import Admin
from app.web.copy import copy_field
from app.web.dialogs import Dialogs, dialog

person = rows["a" + Dialogs.subject.to_string()]


def dialogs() -> rx.Component:
    return rx.fragment(
        _confirmation(
            "turn-off-second-factor",
            "Turn off the second factor",
            "For somebody who has lost both their device and their recovery codes. From now on ",
            person.name,
            " gets in with the password alone: make sure that it is they who ask.",
            does=Admin.turn_off_second_factor(Dialogs.subject),
        ),
        _confirmation(
            "make-admin",
            "Make an admin",
            person.name,
            " will see everybody with an account here, the whole audit log, can make links to choose a new password, "
            "and can make and unmake admins, you too.",
            does=Admin.set_admin(Dialogs.subject, True),
            kind="primary",
        ),
        _confirmation(
            "unmake-admin",
            "Take admin away",
            person.name,
            " no longer looks after this Tandem. What they may do in their workspaces stays as it is.",
            does=Admin.set_admin(Dialogs.subject, False),
        ),
        dialog(
            "reset-link",
            rx.el.p(
                "Give this to ",
                person.name,
                ", and to nobody else: whoever opens it chooses a new password for the account. It works once, for an "
                "hour, and is shown only now.",
                class_name="pb-4 text-muted",
            ),
            copy_field(Admin.link, "Reset link", "reset-link"),
            title="A link to choose a new password",
        ),
    )


def _confirmation(name: str, title: str, *words: Any, does: rx.event.EventSpec, kind: str = "danger") -> rx.Component:
    return dialog(
        name,
        rx.el.p(*words, class_name="pb-4 text-muted"),
        rx.el.div(
            ui.button(title, kind=kind, on_click=[does, Dialogs.close()], data_testid=f"confirm-{name}"),
            ui.button("Cancel", on_click=Dialogs.close()),
            class_name="flex flex-wrap gap-2",
        ),
        title=title,
    )
