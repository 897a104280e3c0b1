"""The board: lanes side by side, or one a screen on a phone, and the open task above them."""

import reflex as rx

from app.web import invite, shell, ui, url
from app.web.board.card import header, lanes
from app.web.board.dialogs import dialogs
from app.web.board.heading import heading
from app.web.board.lane import lane
from app.web.board.rights import is_admin, may_attach, may_comment, may_edit
from app.web.board.sharing import sharing
from app.web.board.talk import earlier_texts
from app.web.board.task_dialog import task_dialog
from app.web.dialogs import Dialogs


def page() -> rx.Component:
    return shell.page(
        heading(),
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
