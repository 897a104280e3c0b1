"""The keys of an inbox, and who looks at its panel (keys.jsx)."""

import reflex as rx

from app.web import javascript


class _Keys(rx.Component):
    library = javascript.library(__name__, "keys.jsx")


class Keys(_Keys):
    tag = "Keys"


class Looking(_Keys):
    tag = "Looking"
    session: rx.Var[str]
    on_look: rx.EventHandler[rx.event.passthrough_event_spec(bool)]
