"""My reminders of the open task: nobody else sees them."""

import reflex as rx

from app.domain import reminders as verbs
from app.domain.access import Actor
from app.domain.snapshots import ReminderList, ReminderView
from app.domain.transaction import Transaction
from app.web import dates, store, ui
from app.web.command import Id, Word, command
from app.web.feedback import Feedback, Receipt
from app.web.typed import number

HOUR, DAY = 60, 24 * 60
BEFORE = {
    0: "On the day, at 9:00",
    HOUR: "On the day, at 8:00",
    DAY: "The day before, at 9:00",
    2 * DAY: "Two days before, at 9:00",
    7 * DAY: "A week before, at 9:00",
}
"""Minutes before nine o'clock on the day on which a task is due."""

mine = store.over(store.Own, ReminderList)["reminders"]
_added = rx.cond(Feedback.receipt.command == "add_at", Feedback.receipt.number, 0).to_string()


class Reminders(rx.State):
    @command
    async def add_before(self, tx: Transaction, actor: Actor, task_id: Id, minutes: Word) -> None:
        await verbs.add_before(tx, actor, task_id, number(minutes, otherwise=-1))

    @command
    async def add_at(self, tx: Transaction, actor: Actor, task_id: Id, at: Word) -> Receipt:
        await verbs.add_at(tx, actor, task_id, at)
        return Receipt()

    @command
    async def remove(self, tx: Transaction, actor: Actor, reminder_id: Id) -> None:
        await verbs.remove(tx, actor, reminder_id)


def reminders(task_id: rx.Var[int], due_on: rx.Var[str]) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend("Remind me", class_name="pb-1 text-sm font-medium"),
        rx.el.div(
            rx.el.ul(
                rx.foreach(mine.reminders, lambda reminder: rx.cond(reminder.task_id == task_id, _row(reminder))),
                class_name="flex flex-col empty:hidden",
            ),
            ui.select(
                rx.el.option(rx.cond(due_on == "", "First set when it is due", "Before it is due…"), value=""),
                *(rx.el.option(words, value=str(minutes)) for minutes, words in BEFORE.items()),
                value="",
                on_change=lambda minutes: Reminders.add_before(task_id, minutes),
                disabled=due_on == "",
                aria_label="Remind me before it is due",
                data_testid="remind-before",
            ),
            ui.form(
                ui.text_input(
                    type="datetime-local",
                    name="at",
                    required=True,
                    aria_label="Remind me at a time",
                    data_testid="remind-at",
                    key=_added,  # Which empties it; a time that was refused stays.
                    class_name="px-2 sm:text-xs",
                ),
                ui.button(
                    ui.icon("plus"),
                    "Add this time",
                    type="submit",
                    kind="quiet",
                    class_name="self-start -ml-2",
                    data_testid="add-reminder",
                ),
                on_submit=lambda form: Reminders.add_at(task_id, form["at"]),
                data_aside="",
                class_name="flex flex-col gap-1",
            ),
            class_name="flex flex-col gap-1.5",
        ),
        data_testid="reminders",
        class_name="min-w-0",
    )


def _row(reminder: rx.Var[ReminderView]) -> rx.Component:
    words = rx.match(
        reminder.minutes_before,
        (-1, dates.moment(reminder.at, "minute")),  # On the person's own clock: as it is written.
        *BEFORE.items(),
        reminder.minutes_before.to_string() + " minutes before",
    )
    return rx.el.li(
        ui.icon("bell", 14, class_name="shrink-0 text-faint"),
        rx.el.span(words, class_name="min-w-0 flex-1"),
        ui.icon_button(
            "x",
            "Remove this reminder",
            kind="small",
            on_click=Reminders.remove(reminder.id),
            data_testid="remove-reminder-" + reminder.id.to_string(),
        ),
        key=reminder.id.to_string(),
        data_testid="reminder-" + reminder.id.to_string(),
        class_name="flex items-center gap-1.5 py-0.5 text-sm",
    )
