"""A text to take along, such as a link, and a button that copies it."""

import reflex as rx

from app.web import javascript, ui


class CopyField(rx.Component):
    library = javascript.library(__name__, "copy_field.jsx")
    tag = "CopyField"
    value: rx.Var[str]
    label: rx.Var[str]
    test_id: rx.Var[str]
    field_class: rx.Var[str]
    button_class: rx.Var[str]


def copy_field(value: rx.Var[str] | str, label: str, test_id: str) -> rx.Component:
    return CopyField.create(
        value=value,
        label=label,
        test_id=test_id,
        field_class=ui.INPUT,
        button_class=ui.BUTTON + ui.KINDS["plain"],
    )
