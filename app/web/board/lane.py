"""A lane: its name and count, the first of its tasks, and the input that adds more."""

from typing import Any

import reflex as rx

from app.domain.drawings.board import WIDEST, WINDOW
from app.domain.snapshots import LaneView
from app.web import connection, javascript, store, ui
from app.web.board.card import card, cards, header
from app.web.board.state import BoardPage
from app.web.board.watching import watch_items
from app.web.dialogs import Dialogs
from app.web.feedback import Feedback
from app.web.session import Session

for part in ("drafts.jsx", "unsent.jsx", "waiting.jsx"):
    javascript.library(__name__, part)


class QuickAdd(rx.Component):
    library = javascript.library(__name__, "quick_add.jsx")
    tag = "QuickAdd"
    lane_id: rx.Var[int]
    count: rx.Var[int]
    shown: rx.Var[int]
    label: rx.Var[str]
    test_id: rx.Var[str]
    unsent_name: rx.Var[str]
    refused: rx.Var[Any]
    receipt: rx.Var[Any]
    connection: rx.Var[str]
    input_class: rx.Var[str]
    offer_class: rx.Var[str]
    lines_class: rx.Var[str]
    line_class: rx.Var[str]
    button_class: rx.Var[str]
    on_show_all: rx.EventHandler[rx.event.no_args_event_spec]
    on_add: rx.EventHandler[rx.event.passthrough_event_spec(list[str], str)]


@rx.memo
def lane(lane: rx.Var[LaneView], may_edit: rx.Var[bool]) -> rx.Component:
    id = lane.id.to_string()
    shown = rx.Var(f"({BoardPage.shown!s}[{id!s}] ?? {WINDOW})", _var_type=int).to(int)
    shown = rx.Var(
        str(shown),
        _var_type=int,
        _var_data=rx.vars.VarData.merge(BoardPage.shown._get_all_var_data(), id._get_all_var_data()),
    ).to(int)
    return rx.el.section(
        rx.el.header(
            rx.el.h2(lane.name, class_name="min-w-0 truncate text-sm font-semibold"),
            rx.el.span(
                lane.count, aria_label=lane.count.to_string() + " tasks", class_name="text-xs text-muted tabular-nums"
            ),
            _menu(lane, may_edit),
            class_name="flex h-10 shrink-0 items-center gap-2 px-3",
        ),
        rx.el.div(
            rx.foreach(
                lane.tasks[:shown],
                lambda task_id: card(
                    task=cards["t" + task_id.to_string()],
                    may_edit=may_edit,
                    open_by=store.open_by(task_id),
                    key=task_id.to_string(),
                ),
            ),
            rx.cond(
                (lane.count > shown) & (shown >= WIDEST),
                rx.el.p(
                    f"The first {WIDEST} of {lane.count} are shown.",
                    class_name="px-2 py-1.5 text-center text-xs text-muted",
                ),
            ),
            rx.cond(
                (lane.count > shown) & (shown < WIDEST),
                ui.button(
                    f"Show more of all {lane.count}",
                    kind="quiet",
                    on_click=BoardPage.show_more(header.id, lane.id, shown + WINDOW),
                    data_testid="more-" + id,
                    class_name="shrink-0",
                ),
            ),
            data_list="",
            class_name="flex min-h-2 flex-col gap-1.5 overflow-y-auto px-2 pb-1",
        ),
        rx.cond(
            may_edit,
            QuickAdd.create(
                lane_id=lane.id,
                count=lane.count,
                shown=shown,
                on_show_all=BoardPage.show_more(header.id, lane.id, lane.count + WINDOW),
                label="Add a task to " + lane.name,
                test_id="add-task-" + id,
                unsent_name="tandem:unsent:" + Session.me.id.to_string() + ":lane:" + id,
                refused=Feedback.refused,
                receipt=Feedback.receipt,
                connection=connection.current(),
                on_add=lambda titles, key: BoardPage.add_tasks(lane.id, titles, key),
                input_class="w-full rounded-md border border-transparent bg-transparent px-2.5 py-2 "
                "placeholder:text-faint hover:bg-hover focus:border-line focus:bg-raised max-sm:text-base",
                offer_class=f"{ui.PANEL} mb-1 flex flex-col gap-1 p-2",
                lines_class="max-h-40 overflow-y-auto border-b border-line pb-1",
                line_class="w-full truncate rounded px-2 py-1 text-left text-sm text-muted "
                "hover:bg-hover hover:text-ink",
                button_class="rounded px-2 py-1.5 text-left text-sm [ul+&]:font-medium hover:bg-hover",
            ),
        ),
        aria_label=lane.name,
        data_testid="lane-" + id,
        data_name=lane.name,
        class_name="flex max-h-full w-72 shrink-0 snap-center flex-col gap-0.5 self-start rounded-xl bg-surface pb-2 "
        "[&>div:last-child]:px-2 max-sm:w-[calc(100vw-2rem)]",
    )


def _menu(lane: rx.Var[LaneView], may_edit: rx.Var[bool]) -> rx.Component:
    return ui.menu(
        ui.icon_button(
            "ellipsis",
            "Actions for lane " + lane.name,
            data_testid="lane-menu-" + lane.id.to_string(),
            class_name="ml-auto -mr-1",
        ),
        rx.cond(
            may_edit,
            rx.fragment(
                ui.menu_item(ui.icon("pencil"), "Rename", on_select=Dialogs.open("rename-lane", lane.id)),
                ui.menu_item(ui.icon("arrow-left"), "Move left", on_select=BoardPage.shift_lane(lane.id, "left")),
                ui.menu_item(ui.icon("arrow-right"), "Move right", on_select=BoardPage.shift_lane(lane.id, "right")),
                ui.menu_line(),
            ),
        ),
        watch_items(noun="lane", subject_id=lane.id),
        rx.cond(
            may_edit,
            rx.fragment(
                ui.menu_line(),
                ui.menu_item(
                    ui.icon("trash-2"), "Delete lane", is_danger=True, on_select=Dialogs.open("delete-lane", lane.id)
                ),
            ),
        ),
    )
