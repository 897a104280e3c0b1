"""The buttons with which people sign in elsewhere, on the pages in front of the door."""

from dataclasses import dataclass

import reflex as rx

from app import settings
from app.web import ui, url
from app.web.command import local


@dataclass(frozen=True)
class Button:
    number: int
    name: str


class Elsewhere(rx.State):
    buttons: list[Button] = []

    @local
    def look(self) -> None:
        """Which providers there are is a setting, and no part of the built pages."""
        self.buttons = offered()


def offered() -> list[Button]:
    return [Button(provider.number, provider.name) for provider in settings.get().providers]


def buttons() -> rx.Component:
    """One for each provider, and nothing without one."""
    return rx.cond(
        Elsewhere.buttons.length() > 0,
        rx.el.div(
            rx.el.div(
                rx.el.span(class_name="h-px flex-1 bg-line"),
                rx.el.span("or", class_name="text-xs text-muted"),
                rx.el.span(class_name="h-px flex-1 bg-line"),
                class_name="flex items-center gap-3",
            ),
            rx.foreach(Elsewhere.buttons, _button),
            class_name="flex flex-col gap-3",
        ),
    )


def _button(button: rx.Var[Button]) -> rx.Component:
    next_path = url.query_part("next")
    there = "/auth/oidc/" + button.number.to_string()
    return ui.link(
        ui.icon("key-round"),
        rx.el.span("Continue with " + button.name, class_name="truncate"),
        to=rx.cond(next_path != "", there + "?next=" + url.encoded(next_path), there),
        reload_document=True,  # It is no page, but a route that leads away.
        key=button.number.to_string(),
        class_name=f"{ui.BUTTON}{ui.KINDS['plain']} min-w-0",
        data_testid="sign-in-with-" + button.number.to_string(),
    )
