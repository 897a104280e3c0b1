"""A text field that many people share (live_field.jsx)."""

import reflex as rx

from app.web import javascript
from app.web.feedback import Unsaved

for part in ("field_notes.jsx", "unsent.jsx"):
    javascript.library(__name__, part)


class LiveField(rx.Component):
    library = javascript.library(__name__, "live_field.jsx")
    tag = "LiveField"
    value: rx.Var[str]
    version: rx.Var[int]
    unsaved: rx.Var[Unsaved]
    unsent_name: rx.Var[str]
    connection: rx.Var[str]
    label: rx.Var[str]
    test_id: rx.Var[str]
    placeholder: rx.Var[str]
    multiline: rx.Var[bool]
    read_only: rx.Var[bool]
    field_class: rx.Var[str]
    note_class: rx.Var[str]
    button_class: rx.Var[str]
    on_save: rx.EventHandler[rx.event.passthrough_event_spec(str, int)]
    on_give_up: rx.EventHandler[rx.event.no_args_event_spec]
