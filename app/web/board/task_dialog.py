"""The open task. Its address is its own; what somebody is typing in it is never touched (live_field.jsx)."""

from typing import Any

import reflex as rx

from app.domain.snapshots import TaskDetail
from app.web import connection, radix, store, ui, url
from app.web.board.card import header
from app.web.board.facts import facts
from app.web.board.files import files
from app.web.board.live_field import LiveField
from app.web.board.lookers import lookers
from app.web.board.state import BoardPage
from app.web.board.talk import talk
from app.web.board.told import told
from app.web.feedback import Feedback
from app.web.news.sight import sight
from app.web.session import Session

details = store.over(store.Detail, TaskDetail)


def task_dialog(may_edit: Any, may_attach: Any, may_comment: Any, may_moderate: Any) -> rx.Component:
    task_id = url.query_part("task")
    detail = details["d" + task_id]
    path = "/b/" + header.id.to_string()
    return radix.DialogRoot.create(
        radix.DialogPortal.create(
            radix.DialogOverlay.create(class_name="appear fixed inset-0 z-40 bg-[var(--scrim)]"),
            radix.DialogContent.create(
                radix.DialogTitle.create("Task", class_name="sr-only"),
                rx.cond(
                    detail.board_id == header.id,
                    _task(
                        detail,
                        may_edit & ~detail.is_trashed,
                        may_attach & ~detail.is_trashed,
                        may_edit,
                        talk(detail, may_comment, may_moderate),
                    ),
                    rx.cond(detail.board_id > 0, _elsewhere(detail), _skeleton()),
                ),
                aria_describedby=rx.Var("undefined"),
                data_testid="task-dialog",
                class_name=f"{ui.PANEL} rise fixed z-50 top-[6vh] left-1/2 max-h-[88vh] -translate-x-1/2 "
                "w-[min(46rem,calc(100vw-2rem))] overflow-y-auto max-sm:inset-0 max-sm:max-h-none max-sm:w-full "
                "max-sm:translate-x-0 max-sm:rounded-none",
            ),
        ),
        open=task_id != "",
        on_open_change=rx.redirect(path),
    )


def _skeleton() -> rx.Component:
    return rx.el.div(
        rx.el.div(class_name="skeleton h-8 flex-1"),
        radix.DialogClose.create(ui.icon_button("x", "Close"), as_child=True),
        rx.el.div(class_name="skeleton h-40 w-full"),
        aria_busy="true",
        class_name="flex flex-wrap items-start gap-3 p-5",
    )


def _task(
    detail: rx.Var[TaskDetail], may_edit: Any, may_attach: Any, may_restore: Any, talk: rx.Component
) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            _field(detail, may_edit, "title", "Title", "task-title", BoardPage.rename_task),
            lookers(task_id=detail.id),
            radix.DialogClose.create(ui.icon_button("x", "Close", data_testid="close-task"), as_child=True),
            class_name="flex items-start gap-2 [&>div:first-child]:flex-1",
        ),
        rx.cond(detail.is_trashed, _in_trash(detail, may_restore)),
        rx.el.div(
            rx.el.div(
                _field(detail, may_edit, "description", "Description", "task-description", BoardPage.describe_task),
                files(detail, may_attach, may_edit),
                class_name="flex min-w-0 flex-col gap-4",
            ),
            rx.el.div(facts(detail, may_edit), class_name="contents sm:row-span-2 sm:flex sm:flex-col sm:gap-3.5"),
            talk,
            class_name="grid gap-5 sm:grid-cols-[minmax(0,1fr)_13rem] sm:grid-rows-[auto_1fr]",
        ),
        rx.el.p(
            "Added by ",
            detail.created_by,
            " on ",
            ui.moment(detail.created_at),
            rx.cond(detail.brought_by != "", rx.fragment(", imported by ", detail.brought_by)),
            " · ",
            ui.link(
                "Activity",
                to="/b/" + header.id.to_string() + "/activity?task=" + detail.id.to_string(),
                data_testid="task-activity",
                class_name="underline underline-offset-2 hover:text-ink",
            ),
            " · ",
            told(detail.id),
            class_name="text-xs text-muted",
        ),
        sight(detail.id),
        key=detail.id.to_string(),
        class_name="flex flex-col gap-4 p-5",
    )


def _field(detail: Any, may_edit: Any, name: str, label: str, test_id: str, save: Any) -> rx.Component:
    is_title = name == "title"
    look = (
        "-ml-2 text-lg font-semibold py-1 px-2 border-transparent "
        if is_title
        else "min-h-24 leading-relaxed px-3 py-2 border-line sm:min-h-40 "
    )
    return LiveField.create(
        value=detail[name],
        version=detail[name + "_version"],
        unsaved=Feedback.unsaved[name + ":" + detail.id.to_string()],
        unsent_name="tandem:unsent:" + Session.me.id.to_string() + ":" + name + ":" + detail.id.to_string(),
        connection=connection.current(),
        label=label,
        test_id=test_id,
        placeholder="" if is_title else "What is this about? Leaving the field saves.",
        multiline=not is_title,
        read_only=~may_edit,
        on_save=lambda text, version: save(detail.id, text, version),
        on_give_up=BoardPage.give_up_text(name, detail.id),
        field_class=look + "w-full resize-none overflow-hidden rounded-md border bg-raised placeholder:text-faint "
        "hover:border-strong-line focus:border-strong-line max-sm:text-base",
        note_class=ui.NOTE + "mt-2",
        button_class=ui.NOTE_BUTTON,
    )


def _in_trash(detail: rx.Var[TaskDetail], may_restore: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span("This task is in the trash."),
        rx.cond(
            may_restore,
            ui.button("Restore", on_click=BoardPage.restore_task(detail.id), data_testid="restore-task"),
        ),
        class_name="flex items-center justify-between gap-3 rounded-md bg-danger-soft px-3 py-2 text-sm",
    )


def _elsewhere(detail: rx.Var[TaskDetail]) -> rx.Component:
    there = "/b/" + detail.board_id.to_string() + "?task=" + detail.id.to_string()
    return rx.el.div(
        rx.el.p("This task is on another board.", role="alert"),
        ui.link("Open it there", to=there, class_name="font-medium text-accent hover:underline"),
        class_name="flex flex-col items-start gap-2 p-5",
    )
