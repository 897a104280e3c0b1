"""My picture: chosen, looked at and sent (avatar_picker.jsx), or taken away."""

import reflex as rx

from app.web import javascript, shell, ui
from app.web.account.state import Account


class AvatarPicker(rx.Component):
    library = javascript.library(__name__, "avatar_picker.jsx")
    tag = "AvatarPicker"
    classes: rx.Var[dict[str, str]]


CLASSES = {
    "box": "flex min-w-0 flex-wrap items-center gap-3",
    "buttons": "flex flex-wrap gap-2",
    "preview": "size-16 shrink-0 rounded-full object-cover",
    "primary": ui.BUTTON + ui.KINDS["primary"],
    "plain": ui.BUTTON + ui.KINDS["plain"],
    "note": "w-full text-sm text-danger",
}


def picture() -> rx.Component:
    me = shell.me
    return rx.el.div(
        ui.avatar(me, "size-16 text-xl", data_testid="my-avatar"),
        AvatarPicker.create(classes=CLASSES),
        rx.cond(
            me.avatar,
            ui.button("Remove picture", kind="quiet", on_click=Account.remove_avatar(), data_testid="remove-avatar"),
        ),
        role="group",
        aria_label="Picture",
        class_name="flex flex-wrap items-center gap-4",
    )
