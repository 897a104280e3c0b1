"""A text of a form that many people may change (shared_text.jsx): beside its `name` the form has `seen`, the text that
its writer saw."""

from typing import Any

import reflex as rx

from app.web import javascript, ui


class SharedText(rx.Component):
    library = javascript.library(__name__, "shared_text.jsx")
    tag = "SharedText"
    name: rx.Var[str]
    value: rx.Var[str]
    label: rx.Var[str]
    multiline: rx.Var[bool]
    test_id: rx.Var[str]
    field_class: rx.Var[str]
    note_class: rx.Var[str]
    button_class: rx.Var[str]


def shared_text(name: str, value: Any, label: str, test_id: str, *, is_long: bool = False) -> rx.Component:
    return SharedText.create(
        name=name,
        value=value,
        label=label,
        multiline=is_long,
        test_id=test_id,
        field_class=ui.INPUT + ("resize-y" if is_long else ui.LINE),
        note_class=ui.NOTE,
        button_class=ui.NOTE_BUTTON,
    )
