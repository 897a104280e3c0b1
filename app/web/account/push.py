"""Pushes to this browser, also when no tab is open; it asks only when somebody turns them on (push.jsx)."""

import reflex as rx

from app.web import javascript, sections, ui
from app.web.account.state import Account


class Push(rx.Component):
    library = javascript.library(__name__, "push.jsx")
    tag = "Push"
    public_key: rx.Var[str]
    classes: rx.Var[dict[str, str]]
    on_turn_on: rx.EventHandler[rx.event.passthrough_event_spec(str, str, str, str)]
    on_turn_off: rx.EventHandler[rx.event.passthrough_event_spec(str)]


CLASSES = {
    "box": "flex flex-col items-start gap-3",
    "primary": ui.BUTTON + ui.KINDS["primary"],
    "plain": ui.BUTTON + ui.KINDS["plain"],
    "words": "text-muted",
    "note": "text-sm text-danger",
}


def pushes() -> rx.Component:
    return rx.cond(
        Account.push_key != "",
        sections.section(
            "Notifications on this device",
            Push.create(
                public_key=Account.push_key,
                classes=CLASSES,
                on_turn_on=lambda endpoint, p256dh, auth, device: Account.turn_on_pushes(
                    endpoint, p256dh, auth, device
                ),
                on_turn_off=lambda endpoint: Account.turn_off_pushes(endpoint),
            ),
            data_testid="pushes",
        ),
    )
