"""The board: lanes side by side, or one a screen on a phone, and the open task above them."""

from typing import Any

import reflex as rx

from app.domain.access import PERMISSIONS
from app.web import invite, shell, store, ui, url
from app.web.board.card import header, lanes, people
from app.web.board.dialogs import dialogs
from app.web.board.lane import lane
from app.web.board.sharing import opening, sharing, sharing_mark
from app.web.board.state import BoardPage
from app.web.board.talk import earlier_texts
from app.web.board.task_dialog import task_dialog
from app.web.board.watching import watch_items
from app.web.dialogs import Dialogs
from app.web.session import Session


def my_role() -> rx.Var[str]:
    return people["p" + Session.me.id.to_string()].role


def may_edit() -> Any:
    return ~header.is_archived & rx.Var.create(["owner", "admin", "member"]).contains(my_role())


def may_attach() -> Any:
    return ~header.is_archived & rx.Var.create(list(PERMISSIONS["attach"][0])).contains(my_role())


def may_comment() -> Any:
    return ~header.is_archived & rx.Var.create(list(PERMISSIONS["comment"][0])).contains(my_role())


def may_export() -> Any:
    return rx.Var.create(list(PERMISSIONS["export"][0])).contains(my_role())


def is_admin() -> Any:
    return (my_role() == "owner") | (my_role() == "admin")


def page() -> rx.Component:
    return shell.page(
        _header(),
        rx.fragment(
            _lanes(),
            task_dialog(may_edit(), may_attach(), may_comment(), is_admin() & ~header.is_archived),
            earlier_texts(),
            dialogs(may_edit()),
            sharing(is_admin(), may_edit()),
            invite.dialog(header.workspace_id, may=is_admin()),
        ),
        is_drawn=header.id.to_string() == url.path_part("board"),
        skeleton=_skeleton(),
    )


def _header() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.p(header.workspace_name, class_name="truncate text-xs text-muted max-sm:hidden"),
            rx.el.h1(header.name, class_name="truncate text-base leading-tight font-semibold"),
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
            class_name="ml-auto flex -space-x-1.5",
        ),
        rx.cond(
            is_admin(),
            ui.button(
                ui.icon("user-plus"),
                rx.el.span("Invite", class_name="max-sm:sr-only"),
                on_click=invite.opening(),
                data_testid="invite",
            ),
        ),
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


def _lanes() -> rx.Component:
    return rx.el.div(
        rx.foreach(
            header.lanes,
            lambda id: lane(lane=lanes["l" + id.to_string()], may_edit=may_edit(), key=id.to_string()),
        ),
        rx.cond(
            may_edit(),
            ui.button(
                ui.icon("plus"),
                "Add a lane",
                kind="quiet",
                on_click=Dialogs.open("add-lane", 0),
                data_testid="add-lane",
                class_name="mt-1 shrink-0",
            ),
        ),
        class_name="flex min-h-0 flex-1 snap-x snap-mandatory gap-3 overflow-x-auto p-4 sm:snap-none",
    )


def _skeleton() -> rx.Component:
    return rx.el.div(
        *(
            rx.el.div(
                *(rx.el.div(class_name="skeleton h-16") for _ in range(cards)),
                class_name="flex w-72 shrink-0 flex-col gap-2 self-start rounded-xl bg-surface p-3 pt-10",
            )
            for cards in (4, 2, 3)
        ),
        aria_busy="true",
        aria_label="Loading the board",
        class_name="flex gap-3 overflow-hidden p-4",
    )
