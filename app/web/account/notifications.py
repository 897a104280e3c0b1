"""What I want to be told, and in which ways: a small table; and when I want to be left in peace."""

from typing import Literal

import reflex as rx

from app.domain import preferences
from app.domain.access import Actor
from app.domain.errors import Invalid
from app.domain.kinds import CHOICES, WAYS, Choice
from app.domain.snapshots import ChoiceView, QuietHours
from app.domain.transaction import Transaction
from app.web import store, ui
from app.web.command import Word, command
from app.web.feedback import Said

chosen = store.over(store.Choices, ChoiceView)
quiet = store.over(store.Choices, QuietHours)["quiet"]
HEADS = {"inbox": "Inbox", "email": "E-mail", "push": "Push"}


class Notifications(rx.State):
    @command
    async def choose(
        self, tx: Transaction, actor: Actor, kind: Word, way: Literal["inbox", "email", "push"], is_on: bool
    ) -> None:
        await preferences.choose(tx, actor, kind, way, is_on)

    @command
    async def keep_quiet(self, tx: Transaction, actor: Actor, begins: Word, ends: Word) -> Said:
        await preferences.keep_quiet(tx, actor, _minutes(begins), _minutes(ends))
        return Said("Saved." if begins else "There are no quiet hours now.")


def _minutes(typed: str) -> int | None:
    """Minutes after midnight of a time such as 22:00; None for an empty field."""
    if not typed:
        return None
    hours, _, minutes = typed.partition(":")
    if not (len(typed) == 5 and typed.isascii() and hours.isdecimal() and minutes.isdecimal() and int(minutes) < 60):
        raise Invalid("Quiet hours are times of a day, such as 22:00 and 07:00.")
    return int(hours) * 60 + int(minutes)


def notifications() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th("Tell me about", scope="col", class_name="px-3 py-2 text-left font-medium"),
                        *(
                            rx.el.th(HEADS[way], scope="col", class_name="w-16 px-1 py-2 text-center font-medium")
                            for way in WAYS
                        ),
                    ),
                    class_name="text-xs text-muted",
                ),
                rx.el.tbody(
                    *(_row(kind, choice) for kind, choice in CHOICES.items()), class_name="divide-y divide-line"
                ),
                data_testid="notifications",
                class_name="w-full text-sm",
            ),
            class_name="overflow-hidden rounded-lg border border-line bg-raised",
        ),
        rx.el.p(
            "Mentions, assignments and reminders are written by e-mail after two minutes in which you have not seen "
            "them; the rest comes once a day. Nothing is sent about what you were looking at when it happened.",
            class_name="text-xs text-muted",
        ),
        _quiet_hours(),
    )


def _row(kind: str, choice: Choice) -> rx.Component:
    view = chosen[f"c{kind}"]
    return rx.el.tr(
        rx.el.th(choice.words, scope="row", class_name="px-3 py-2 text-left font-normal"),
        *(
            rx.el.td(
                rx.el.input(
                    type="checkbox",
                    checked=view[way].to(bool),
                    on_change=lambda is_on, way=way: Notifications.choose(kind, way, is_on),
                    aria_label=f"{choice.words}: {HEADS[way]}",
                    data_testid=f"tell-{kind}-{way}",
                    class_name="mx-auto block size-4 accent-[var(--accent)]",
                ),
                class_name="px-1 py-2 text-center align-middle",
            )
            for way in WAYS
        ),
    )


def _quiet_hours() -> rx.Component:
    return ui.form(
        rx.el.div(
            ui.labelled(
                "Quiet from", ui.text_input(type="time", name="begins", default_value=quiet.begins, key=quiet.begins)
            ),
            ui.labelled("until", ui.text_input(type="time", name="ends", default_value=quiet.ends, key=quiet.ends)),
            ui.button("Set quiet hours", type="submit", data_testid="save-quiet"),
            class_name="flex flex-wrap items-end gap-3 [&>label]:w-32",
        ),
        rx.el.p("No e-mail and no push then; what waits comes afterwards.", class_name="text-xs text-muted"),
        on_submit=lambda form: Notifications.keep_quiet(form["begins"], form["ends"]),
        class_name="flex flex-col gap-2",
    )
