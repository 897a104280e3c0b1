"""The head of the board page: its name, here and on the browser's tab; who is here, and what can be done with it."""

import reflex as rx

from app.web import invite, shell, store, ui, url
from app.web.board.card import header, people
from app.web.board.rights import is_admin, may_edit, may_export
from app.web.board.sharing import opening, sharing_mark
from app.web.board.state import BoardPage
from app.web.board.task_dialog import details
from app.web.board.watching import watch_items
from app.web.dialogs import Dialogs

FEW = 3
"""People that a phone has room for beside the name; the others are counted."""


def title() -> rx.Var[str]:
    """For the tab: the open task and its board, or the board, as they are called now."""
    task = details["d" + url.query_part("task")]
    name = rx.cond(task.board_id == header.id, task.title + " · " + header.name, header.name)
    is_drawn = header.id.to_string() == url.path_part("board")
    return rx.cond(shell.is_shown_out(), shell.SHUT, rx.cond(is_drawn, name, "Board")).to(str)


def heading() -> rx.Component:
    count = store.Nearby.people.length()
    return rx.fragment(
        rx.el.div(
            rx.el.p(header.workspace_name, class_name="truncate text-xs text-muted max-sm:hidden"),
            rx.el.h1(header.name, class_name=ui.HEADING),
            class_name="min-w-0",
        ),
        rx.cond(
            header.is_archived, rx.el.span("Archived", class_name="rounded bg-hover px-1.5 py-0.5 text-xs text-muted")
        ),
        rx.cond(header.is_private, sharing_mark()),
        _menu(),
        ui.link(
            ui.icon("history"),
            to="/b/" + header.id.to_string() + "/activity",
            aria_label="Activity",
            title="Activity",
            data_testid="board-activity",
            class_name=f"{ui.BUTTON}{ui.KINDS['icon']} max-sm:hidden",
        ),
        rx.el.div(
            rx.foreach(store.Nearby.people, _nearby),
            data_testid="presence",
            aria_label="People here now",
            role="group",
            class_name=f"ml-auto flex shrink-0 -space-x-1.5 max-sm:[&>:nth-child(n+{FEW + 1})]:hidden",
        ),
        rx.cond(
            count > FEW,
            rx.el.span("+", count - FEW, class_name="text-xs text-muted tabular-nums sm:hidden"),
        ),
        rx.cond(is_admin(), invite.button("max-sm:hidden")),
    )


def _nearby(person_id: rx.Var[int]) -> rx.Component:
    person = people["p" + person_id.to_string()]
    return rx.cond(
        person,
        ui.avatar(
            person,
            "size-7 text-2xs ring-2 ring-canvas",
            data_testid="person-" + person_id.to_string(),
            data_name=person.name,
        ),
    )


def _menu() -> rx.Component:
    path = "/b/" + header.id.to_string()
    return ui.menu(
        ui.icon_button("ellipsis", "Actions for this board", data_testid="board-menu"),
        rx.cond(
            may_edit(),
            rx.fragment(
                ui.menu_item(ui.icon("pencil"), "Rename board", on_select=Dialogs.open("rename-board", 0)),
                ui.menu_item(ui.icon("plus"), "Add a lane", on_select=Dialogs.open("add-lane", 0)),
            ),
        ),
        rx.cond(
            may_edit() | is_admin(),
            rx.fragment(
                ui.menu_item(ui.icon("lock"), "Who can see it", on_select=opening(), data_testid="share-board"),
                ui.menu_line(),
            ),
        ),
        rx.cond(
            is_admin(),
            ui.menu_item(
                ui.icon("user-plus"),
                "Invite people",
                on_select=invite.opening(),
                class_name="sm:hidden",
                data_testid="invite-by-menu",
            ),
        ),
        ui.menu_item(
            ui.icon("history"),
            "Activity",
            on_select=rx.redirect(path + "/activity"),
            class_name="sm:hidden",
        ),
        rx.cond(
            may_export(),
            rx.fragment(
                ui.menu_file("Save as JSON", path + "/export.json", data_testid="board-json"),
                ui.menu_file("Save tasks as CSV", path + "/export.csv", data_testid="board-csv"),
                ui.menu_line(),
            ),
        ),
        ui.menu_label("This board"),
        watch_items(noun="board", subject_id=header.id),
        ui.menu_label("All of " + header.workspace_name),
        watch_items(noun="workspace", subject_id=header.workspace_id),
        rx.cond(
            is_admin(),
            rx.fragment(
                ui.menu_line(),
                rx.cond(
                    header.is_archived,
                    ui.menu_item(
                        ui.icon("archive-restore"), "Restore board", on_select=BoardPage.restore_board(header.id)
                    ),
                    ui.menu_item(ui.icon("archive"), "Archive board", on_select=BoardPage.archive_board(header.id)),
                ),
            ),
        ),
        align="start",
    )
