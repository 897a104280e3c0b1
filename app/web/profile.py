"""Settings: how I appear to the people I work with."""

import reflex as rx

from app.domain import people
from app.domain.access import Actor
from app.domain.transaction import Transaction
from app.web import live, shell, ui
from app.web.command import Text, Word, command, opens
from app.web.feedback import Said
from app.web.session import Session


class Profile(rx.State):
    @opens
    async def open(self, actor: Actor) -> None:
        await live.current().enter(self.router.session.session_id, actor.id, f"home:{actor.id}")

    @command
    async def save(self, tx: Transaction, actor: Actor, name: Text, color: Word) -> Said:
        await people.change_profile(tx, actor, name, color)
        return Said("Saved.")


def page() -> rx.Component:
    me = shell.me
    return shell.page(
        rx.el.h1("Settings", class_name="text-base font-semibold"),
        rx.el.div(
            rx.el.h2("Profile", class_name="text-lg font-semibold"),
            ui.form(
                ui.labelled("Name", ui.text_input(name="name", default_value=me.name, required=True)),
                rx.el.fieldset(
                    rx.el.legend("Colour", class_name="pb-1.5 text-sm font-medium"),
                    rx.el.div(*(_swatch(color) for color in people.COLORS), class_name="flex flex-wrap gap-2"),
                ),
                rx.el.p("E-mail: ", Session.me.email, class_name="text-sm text-muted"),
                ui.button("Save", type="submit", kind="primary", class_name="self-start"),
                on_submit=lambda form: Profile.save(form["name"], form["color"]),
            ),
            class_name="mx-auto flex w-full max-w-xl flex-col gap-5 overflow-y-auto p-4 sm:p-8",
        ),
        is_drawn=me.id > 0,
        skeleton=rx.el.div(
            rx.el.div(class_name="skeleton h-10"),
            aria_busy="true",
            aria_label="Loading",
            class_name="mx-auto w-full max-w-xl p-4 sm:p-8",
        ),
    )


def _swatch(color: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="color",
            value=color,
            default_checked=shell.me.color == color,
            aria_label=color.capitalize(),
            class_name="peer sr-only",
        ),
        rx.el.span(
            style={"background": ui.HUES[color]},
            class_name="block size-8 cursor-pointer rounded-full border-2 border-canvas peer-checked:ring-2 "
            "peer-checked:ring-ink peer-focus-visible:ring-2 peer-focus-visible:ring-accent",
        ),
        title=color.capitalize(),
    )
