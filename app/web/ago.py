"""How long ago something was (ago.jsx)."""

import reflex as rx

from app.web import javascript


class Ago(rx.Component):
    library = javascript.library(__name__, "ago.jsx")
    tag = "Ago"
    at: rx.Var[str]
