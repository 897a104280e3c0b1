"""Something that a page does again and again while somebody looks at it (every.jsx)."""

import reflex as rx


class Every(rx.Component):
    library = "$/public" + rx.asset("every.jsx", shared=True)
    tag = "Every"
    seconds: rx.Var[int]
    on_beat: rx.EventHandler[rx.event.no_args_event_spec]
