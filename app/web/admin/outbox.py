"""What is to go out and has not yet, and what was given up: to whom and why, never what it says."""

import reflex as rx

from app.domain import instance, outbox
from app.domain.access import Actor
from app.domain.drawings import outgoing
from app.domain.drawings.outgoing import OutboxView, OutgoingRow
from app.domain.transaction import Transaction
from app.web import live, sections, ui
from app.web.command import Id, command, local, opens
from app.web.session import actor, me_at

KINDS = {
    "reset": "A link to choose a new password",
    "welcome": "A link to finish signing up",
    "confirm": "A link to confirm an address",
    "invitation": "An invitation",
    "password changed": "A notice that a password was changed",
    "address changed": "A notice that an address was changed",
    "digest": "A digest",
}
"""What things are called; others are news."""


class Outbox(rx.State):
    view: OutboxView = OutboxView()

    @opens
    async def open(self, actor: Actor) -> None:
        await self._read(actor)

    @local
    async def look(self) -> None:
        """What waits comes and goes all the time: it is looked at, not live."""
        await self._read(actor(await me_at(self)))

    @command
    async def retry(self, tx: Transaction, actor: Actor, outgoing_id: Id) -> rx.event.EventSpec:
        await outbox.retry(tx, actor, outgoing_id)
        return Outbox.look()

    async def _read(self, actor: Actor) -> None:
        async with live.current().db.reading() as tx:
            await instance.require_admin(tx, actor)
            self.view = await outgoing.outbox(tx)


def section() -> rx.Component:
    view = Outbox.view
    return sections.section(
        "Outbox",
        rx.el.div(
            rx.el.p(
                rx.cond(
                    view.waiting + view.given_up > 0,
                    rx.fragment(view.waiting, " waiting, ", view.given_up, " given up."),
                    "Everything has been sent.",
                ),
                role="status",
                class_name="text-muted",
            ),
            ui.button("Look again", kind="quiet", on_click=Outbox.look(), data_testid="look-at-outbox"),
            class_name="flex items-center justify-between gap-3",
        ),
        rx.cond(
            view.rows.length() > 0,
            rx.el.ul(
                rx.foreach(view.rows, _row), class_name="divide-y divide-line rounded-lg border border-line bg-raised"
            ),
        ),
        data_testid="outbox",
    )


def _row(row: rx.Var[OutgoingRow]) -> rx.Component:
    id, is_new = row.id.to_string(), (row.tries == 0) & (row.next_at != "")
    return rx.el.li(
        rx.el.div(
            rx.el.span(
                rx.el.span(rx.match(row.kind, *KINDS.items(), "News"), class_name="min-w-0 truncate font-medium"),
                rx.cond(row.next_at == "", sections.chip("Given up")),
                class_name="flex min-w-0 items-center gap-2",
            ),
            rx.el.span(
                rx.cond(row.channel == "push", "to the browsers of ", "to "), row.whom, class_name="truncate text-sm"
            ),
            rx.cond(row.why != "", rx.el.span(row.why, class_name="text-sm text-danger")),
            class_name="flex min-w-0 flex-1 basis-60 flex-col",
        ),
        rx.el.div(
            rx.el.span("since ", ui.moment(row.since, has_time=True)),
            rx.cond(
                row.next_at != "",
                rx.el.span(rx.cond(row.tries > 0, "next try ", "to go out "), ui.moment(row.next_at, has_time=True)),
            ),
            class_name="flex flex-col text-xs text-muted",
        ),
        ui.button(
            rx.cond(is_new, "Send now", "Try again"),
            on_click=Outbox.retry(row.id),
            aria_label=rx.cond(is_new, "Send now: ", "Try again: ").to(str) + row.whom,
            data_testid="retry-" + id,
        ),
        key=id,
        data_testid="outgoing-" + id,
        class_name="flex flex-wrap items-center gap-x-4 gap-y-2 px-3 py-2.5",
    )
