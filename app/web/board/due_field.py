"""The day by which a task is due (due_field.jsx)."""

import reflex as rx

from app.web import javascript


class DueField(rx.Component):
    library = javascript.library(__name__, "due_field.jsx")
    tag = "DueField"
    value: rx.Var[str]
    disabled: rx.Var[bool]
    test_id: rx.Var[str]
    field_class: rx.Var[str]
    note_class: rx.Var[str]
    on_save: rx.EventHandler[rx.event.passthrough_event_spec(str)]
