"""A text of somebody's, as Markdown (markdown.jsx)."""

import reflex as rx

from app.domain.snapshots import PersonCard
from app.web import javascript


class Markdown(rx.Component):
    library = javascript.library(__name__, "markdown.jsx")
    tag = "Markdown"
    lib_dependencies: list[str] = ["react-markdown@10.1.0", "remark-gfm@4.0.1"]
    body: rx.Var[str]
    people: rx.Var[dict[str, PersonCard]]
