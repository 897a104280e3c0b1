"""How long ago something was (ago.jsx)."""

import reflex as rx


class Ago(rx.Component):
    library = "$/public" + rx.asset("ago.jsx", shared=True)
    tag = "Ago"
    at: rx.Var[str]
