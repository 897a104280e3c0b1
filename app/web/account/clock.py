"""When it is what time for me: my zone, which the browser tells at first, and the hour of my digest."""

import reflex as rx

from app.domain import clocks
from app.domain.access import Actor
from app.domain.transaction import Transaction
from app.web import own, ui
from app.web.command import Word, command
from app.web.feedback import Said
from app.web.typed import number

ZONES = rx.Var("Intl.supportedValuesOf('timeZone')", _var_type=list[str])


class MyClock(rx.State):
    @command
    async def save(self, tx: Transaction, actor: Actor, zone: Word, digest_hour: Word) -> Said:
        await clocks.set_clock(tx, actor, zone, number(digest_hour, otherwise=-1))
        return Said("Saved.")


def clock() -> rx.Component:
    hours = [rx.el.option(f"{hour}:00", value=str(hour)) for hour in clocks.HOURS]
    return ui.form(
        ui.labelled(
            "Time zone",
            rx.fragment(
                ui.text_input(
                    name="zone",
                    default_value=own.clock.zone,
                    key=own.clock.zone,
                    list="zones",
                    required=True,
                    auto_complete="off",
                    spell_check=False,
                    data_testid="zone",
                ),
                rx.el.datalist(rx.foreach(ZONES, lambda zone: rx.el.option(value=zone, key=zone)), id="zones"),
            ),
            "Reminders and due dates go by the clock there. Changing it moves reminders along.",
        ),
        ui.labelled(
            "Daily digest at",
            ui.select(
                *hours,
                name="digest_hour",
                default_value=own.clock.digest_hour.to_string(),
                key="hour" + own.clock.digest_hour.to_string(),
                data_testid="digest-hour",
            ),
            "One e-mail with what you were not written about by itself and have not seen.",
        ),
        ui.button(
            "Set zone and hour", type="submit", kind="primary", class_name="self-start", data_testid="save-clock"
        ),
        on_submit=lambda form: MyClock.save(form["zone"], form["digest_hour"]),
        data_testid="my-clock",
    )
