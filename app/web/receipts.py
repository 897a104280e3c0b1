"""What became of the tabs of people who were shut out, for those who look after what they were shut out of."""

from typing import Any

import reflex as rx

from app.domain.snapshots import ReceiptList, ReceiptView, TabView
from app.web import store, ui

view = store.over(store.Receipts, ReceiptList)["receipts"]
receipts = store.over(store.Receipts, ReceiptView)


def are_of(noun: str, id: Any) -> Any:
    """Whether there are some, of just this place: the store may still hold those of the page before."""
    return (view.place == f"{noun}:{id}") & (view.receipts.length() > 0)


def newest(removed: str, where: str) -> rx.Component:
    """The newest first; `removed` says after a name what has happened, `where` in which place."""
    return rx.el.ul(
        rx.foreach(view.receipts, lambda id: _receipt(receipts["r" + id.to_string()], removed, where)),
        class_name="divide-y divide-line rounded-lg border border-line bg-raised",
    )


def _receipt(receipt: rx.Var[ReceiptView], removed: str, where: str) -> rx.Component:
    is_removal, is_of_one = receipt.role == "", receipt.person != ""
    return rx.el.li(
        rx.el.p(
            rx.cond(
                is_of_one,
                rx.fragment(
                    rx.el.strong(receipt.person, class_name="font-medium"),
                    rx.cond(is_removal, removed, f" was made {receipt.role}"),
                ),
                "This board was made private",
            ),
            f" by {receipt.actor}, ",
            ui.moment(receipt.at),
            ", ",
            _time(receipt.at),
        ),
        rx.cond(
            receipt.tabs.length() > 0,
            rx.el.ul(
                rx.foreach(receipt.tabs, lambda tab: _tab(tab, is_removal, is_of_one)),
                class_name="text-sm text-muted",
            ),
            rx.cond(
                receipt.is_complete & (receipt.missing == 0),
                rx.el.p(
                    rx.cond(is_of_one, "No tab of theirs was open ", "Nobody else had a tab open "),
                    f"{where}.",
                    class_name="text-sm text-muted",
                ),
            ),
        ),
        rx.cond(
            receipt.missing > 0,
            rx.el.p(
                receipt.missing,
                rx.cond(receipt.missing == 1, " more tab", " more tabs"),
                " seemed open, and nobody has reported what became of ",
                rx.cond(receipt.missing == 1, "it", "them"),
                rx.cond(
                    is_removal,
                    ". Whatever it shows, its commands are refused.",
                    ". Whatever it shows, its commands are judged by the new role.",
                ),
                class_name="text-sm text-warn",
            ),
        ),
        rx.cond(
            ~receipt.is_complete,
            rx.el.p(
                "Redis was away, or somebody does not want to be seen here, so not every tab could be counted before. "
                "Those that were reported are listed.",
                class_name="text-sm text-warn",
            ),
        ),
        key=receipt.id.to_string(),
        data_testid="receipt-" + receipt.id.to_string(),
        data_tabs=receipt.tabs.length(),
        data_missing=receipt.missing,
        class_name="flex flex-col gap-1 px-3 py-2",
    )


def _tab(tab: rx.Var[TabView], is_removal: Any, is_of_one: Any) -> rx.Component:
    return rx.el.li(
        rx.cond(is_of_one, "An open tab", f"An open tab of {tab.person}"),
        rx.cond(is_removal, " was shown out at ", " was told at "),
        _time(tab.at),
        rx.cond(tab.revision > 0, f"; the last of its board that it had been sent is revision {tab.revision}", ""),
        ".",
    )


def _time(iso: rx.Var[str]) -> rx.Component:
    """To the tenth of a second, in the reader's zone."""
    options = '{ hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 1 }'
    words = f"new Date({iso!s}).toLocaleTimeString([], {options})"
    return rx.el.time(rx.Var(words, _var_data=iso._get_all_var_data()), date_time=iso, class_name="tabular-nums")
