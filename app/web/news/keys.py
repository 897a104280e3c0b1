"""The keys of an inbox, and who looks at its panel (keys.jsx)."""

import reflex as rx


class _Keys(rx.Component):
    library = "$/public" + rx.asset("keys.jsx", shared=True)


class Keys(_Keys):
    tag = "Keys"


class Looking(_Keys):
    tag = "Looking"
    session: rx.Var[str]
    on_look: rx.EventHandler[rx.event.passthrough_event_spec(bool)]
