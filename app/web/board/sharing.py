"""Who can see a board: everyone in its workspace, or the people on its list; a dialog that follows what others do."""

from typing import Any, Literal

import reflex as rx

from app.domain import sharing as lists
from app.domain.access import Actor
from app.domain.transaction import Transaction
from app.web import live, receipts, ui
from app.web.board.card import header, people
from app.web.command import Id, Word, command, local
from app.web.dialogs import Dialogs, dialog
from app.web.session import Session
from app.web.typed import number

STARTS = {"everyone": "Everyone who is in the workspace now", "me": "Only me"}


class Sharing(rx.State):
    @local
    async def look(self, board_id: Id) -> None:
        """See the receipts beside the list, if they are for this person; for as long as the board is open here."""
        await live.current().tabs.look_aside(self.router.session.session_id, f"board_receipts:{board_id}")

    @command
    async def close(
        self, tx: Transaction, actor: Actor, board_id: Id, starting_with: Literal["everyone", "me"]
    ) -> rx.event.EventSpec:
        seen = await live.current().sighting_of_others(board_id, actor.id)
        await lists.close(tx, actor, board_id, starting_with, seen)
        return Sharing.look(board_id)

    @command
    async def open_up(self, tx: Transaction, actor: Actor, board_id: Id) -> None:
        await lists.open_up(tx, actor, board_id)

    @command
    async def add(self, tx: Transaction, actor: Actor, board_id: Id, person_id: Word) -> None:
        await lists.add(tx, actor, board_id, number(person_id))

    @command
    async def remove(self, tx: Transaction, actor: Actor, board_id: Id, person_id: Id) -> None:
        seen = await live.current().sighting_on(board_id, person_id)
        await lists.remove(tx, actor, board_id, person_id, seen)


def sharing_mark() -> rx.Component:
    """In the header of a private board; opens the dialog."""
    return ui.button(
        ui.icon("lock", 14),
        rx.el.span("Private", class_name="max-sm:sr-only"),
        kind="quiet",
        title="Only the people on its list can see this board",
        on_click=opening(),
        data_testid="private",
    )


def opening() -> list[rx.event.EventSpec]:
    """What opens the dialog."""
    return [Dialogs.open("sharing", 0), Sharing.look(header.id)]


def sharing(is_admin: Any, may_edit: Any) -> rx.Component:
    return dialog(
        "sharing",
        rx.cond(header.is_private, _list(may_edit), _open(is_admin & ~header.is_archived)),
        title="Who can see this board",
        data_testid="sharing",
    )


def _open(may_close: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p("Everyone in ", rx.el.strong(header.workspace_name), " can see it."),
        rx.cond(
            may_close,
            ui.form(
                ui.labelled(
                    "Who stays",
                    ui.select(
                        *(rx.el.option(words, value=value) for value, words in STARTS.items()), name="starting_with"
                    ),
                    "Others who look at it are shown out at once. Owners of the workspace can see that it exists.",
                ),
                ui.button(ui.icon("lock"), "Make private", type="submit", kind="primary", data_testid="make-private"),
                on_submit=lambda form: Sharing.close(header.id, form["starting_with"]),
            ),
            rx.el.p("Owners and admins can make it private.", class_name="text-sm text-muted"),
        ),
        class_name="flex flex-col gap-4",
    )


def _list(may_edit: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            "Only these people can see it. Owners of the workspace can see that it exists, and come in; you would see.",
            class_name="text-sm text-muted",
        ),
        rx.el.ul(
            rx.foreach(header.members, lambda id: _insider(id, may_edit)),
            class_name="max-h-64 divide-y divide-line overflow-y-auto rounded-lg border border-line",
        ),
        rx.cond(may_edit & (header.outsiders.length() > 0), _adding()),
        rx.cond(
            may_edit & receipts.are_of("board", header.id),
            rx.el.section(
                rx.el.h3("Shut out", class_name="pb-2 text-sm font-semibold"),
                rx.el.div(receipts.newest(" was taken off", "on this board"), class_name="max-h-48 overflow-y-auto"),
                aria_label="Shut out",
            ),
        ),
        rx.cond(
            may_edit,
            ui.button(
                "Open to everyone in the workspace",
                on_click=Sharing.open_up(header.id),
                data_testid="make-open",
                class_name="self-start",
            ),
        ),
        class_name="flex flex-col gap-4",
    )


def _insider(id: rx.Var[int], may_edit: Any) -> rx.Component:
    person, is_me = people["p" + id.to_string()], id == Session.me.id
    return rx.el.li(
        ui.avatar(person),
        rx.el.span(
            person.name,
            rx.cond(is_me, rx.el.span(" (you)", class_name="text-muted")),
            class_name="min-w-0 flex-1 truncate",
        ),
        rx.el.span(person.role, class_name="text-sm text-muted capitalize"),
        rx.cond(
            is_me,
            ui.button("Leave", kind="quiet", on_click=Sharing.remove(header.id, id), data_testid="leave-board"),
            rx.cond(
                may_edit,
                ui.icon_button(
                    "user-minus",
                    "Take " + person.name + " off the list",
                    on_click=Sharing.remove(header.id, id),
                    data_testid="take-off-" + id.to_string(),
                ),
            ),
        ),
        key=id.to_string(),
        data_testid="insider-" + id.to_string(),
        class_name="flex items-center gap-3 px-3 py-1.5",
    )


def _adding() -> rx.Component:
    return ui.form(
        ui.labelled(
            "Let somebody in",
            ui.select(
                rx.foreach(
                    header.outsiders,
                    lambda id: rx.el.option(
                        people["p" + id.to_string()].name, value=id.to_string(), key=id.to_string()
                    ),
                ),
                name="person_id",
                data_testid="outsiders",
            ),
        ),
        ui.button("Add", type="submit", data_testid="let-in"),
        on_submit=lambda form: Sharing.add(header.id, form["person_id"]),
        class_name="flex items-end gap-2 [&>label]:flex-1",
    )
