"""Something that a page does again and again while somebody looks at it (every.jsx)."""

import reflex as rx

from app.web import javascript


class Every(rx.Component):
    library = javascript.library(__name__, "every.jsx")
    tag = "Every"
    seconds: rx.Var[int]
    on_beat: rx.EventHandler[rx.event.no_args_event_spec]
