"""For those who look after a workspace: what became of the tabs of people whom they removed, and private boards."""

from typing import Any

import reflex as rx

from app.domain.snapshots import PrivateBoard, PrivateBoardList, ReceiptList, ReceiptView, TabView
from app.web import store, ui
from app.web.members.state import Members, workspace
from app.web.session import Session

receipts = store.over(store.Receipts, ReceiptView)
private_boards = store.over(store.PrivateBoards, PrivateBoard)


def receipt_list() -> rx.Component:
    newest = store.over(store.Receipts, ReceiptList)["receipts"].receipts
    return rx.cond(
        newest.length() > 0,
        ui.section(
            "Removals and lowered roles",
            rx.el.ul(
                rx.foreach(newest, lambda id: _receipt(receipts["r" + id.to_string()])),
                class_name="divide-y divide-line rounded-lg border border-line bg-raised",
            ),
        ),
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


def _receipt(receipt: rx.Var[ReceiptView]) -> rx.Component:
    is_removal = receipt.role == ""
    return rx.el.li(
        rx.el.p(
            rx.el.strong(receipt.person, class_name="font-medium"),
            rx.cond(is_removal, " was removed", f" was made {receipt.role}"),
            f" by {receipt.actor}, ",
            ui.moment(receipt.at),
            ", ",
            _time(receipt.at),
        ),
        rx.cond(
            receipt.tabs.length() > 0,
            rx.el.ul(
                rx.foreach(receipt.tabs, lambda tab: _tab(tab, is_removal)),
                class_name="text-sm text-muted",
            ),
            rx.cond(
                receipt.is_complete & (receipt.missing == 0),
                rx.el.p("No tab of theirs was open on this workspace.", class_name="text-sm text-muted"),
            ),
        ),
        rx.cond(
            receipt.missing > 0,
            rx.el.p(
                receipt.missing,
                rx.cond(receipt.missing == 1, " more tab", " more tabs"),
                " seemed open, and nobody has reported what became of ",
                rx.cond(receipt.missing == 1, "it", "them"),
                ". Whatever it shows, its commands are judged by the new role.",
                class_name="text-sm text-warn",
            ),
        ),
        rx.cond(
            ~receipt.is_complete,
            rx.el.p(
                "Redis was away, so tabs that other workers serve could not be counted before. Those that they have "
                "reported are listed.",
                class_name="text-sm text-warn",
            ),
        ),
        key=receipt.id.to_string(),
        data_testid="receipt-" + receipt.id.to_string(),
        data_tabs=receipt.tabs.length(),
        data_missing=receipt.missing,
        class_name="flex flex-col gap-1 px-3 py-2",
    )


def _tab(tab: rx.Var[TabView], is_removal: Any) -> rx.Component:
    return rx.el.li(
        rx.cond(is_removal, "An open tab was shown out at ", "An open tab was told at "),
        _time(tab.at),
        rx.cond(tab.revision > 0, f"; the last of its board that it had been sent is revision {tab.revision}", ""),
        ".",
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
            ui.link("Open", to="/b/" + id, class_name=ui.BUTTON + ui.KINDS["quiet"]),
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


def _time(iso: rx.Var[str]) -> rx.Component:
    """To the tenth of a second, in the reader's zone."""
    options = '{ hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 1 }'
    words = f"new Date({iso!s}).toLocaleTimeString([], {options})"
    return rx.el.time(rx.Var(words, _var_data=iso._get_all_var_data()), date_time=iso, class_name="tabular-nums")
