"""A button that shows its work from the click on, on however slow a line (working.jsx)."""

from typing import Any

import reflex as rx

from app.web import connection, javascript, ui
from app.web.feedback import Feedback


class WorkingButton(rx.Component):
    library = javascript.library(__name__, "working.jsx")
    tag = "WorkingButton"
    words: rx.Var[str]
    words_at_work: rx.Var[str]
    connection: rx.Var[str]
    refusals: rx.Var[int]
    test_id: rx.Var[str]
    on_click: rx.EventHandler[rx.event.no_args_event_spec]


def button(
    words: str, at_work: str, *, on_click: Any, test_id: str, kind: str = "plain", class_name: str = ""
) -> rx.Component:
    """`on_click` is a command that leads to another page, or is refused."""
    return WorkingButton.create(
        words=words,
        words_at_work=at_work,
        connection=connection.current(),
        refusals=Feedback.refused.number,
        on_click=on_click,
        test_id=test_id,
        class_name=f"{ui.BUTTON}{ui.KINDS[kind]} {class_name} aria-disabled:opacity-60",
    )
