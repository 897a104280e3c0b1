"""For those who look after a workspace: what became of the tabs of people whom they removed, and private boards."""

import reflex as rx

from app.domain.snapshots import PrivateBoard, PrivateBoardList
from app.web import receipts, store, ui
from app.web.members.state import Members, workspace
from app.web.session import Session

private_boards = store.over(store.PrivateBoards, PrivateBoard)


def receipt_list() -> rx.Component:
    return rx.cond(
        receipts.are_of("workspace", workspace.id),
        ui.section("Removals and lowered roles", receipts.newest(" was removed", "on this workspace")),
    )


def private_board_list() -> rx.Component:
    all_of_them = store.over(store.PrivateBoards, PrivateBoardList)["private"].boards
    return rx.cond(
        all_of_them.length() > 0,
        ui.section(
            "Private boards",
            rx.el.p(
                "Only the people on a board's list can see it. As an owner you can come in; everyone on the list sees "
                "that you did.",
                class_name="pb-3 text-sm text-muted",
            ),
            rx.el.ul(
                rx.foreach(all_of_them, lambda id: _private_board(private_boards["b" + id.to_string()])),
                class_name="divide-y divide-line rounded-lg border border-line bg-raised",
            ),
        ),
    )


def _private_board(board: rx.Var[PrivateBoard]) -> rx.Component:
    id = board.id.to_string()
    return rx.el.li(
        ui.icon("lock", class_name="shrink-0 text-muted"),
        rx.el.span(
            rx.el.span(board.name, class_name="truncate"),
            rx.el.span(
                board.people.length(),
                rx.cond(board.people.length() == 1, " person on its list", " people on its list"),
                class_name="text-sm text-muted",
            ),
            class_name="flex min-w-0 flex-1 flex-col",
        ),
        rx.cond(
            board.people.contains(Session.me.id),
            ui.link("Open", to="/b/" + id, kind="quiet"),
            ui.button(
                "Get access",
                on_click=Members.take_over_board(workspace.id, board.id),
                data_testid="take-over-" + id,
            ),
        ),
        key=id,
        data_testid="private-board-" + id,
        class_name="flex items-center gap-3 px-3 py-2",
    )
