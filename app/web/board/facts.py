"""What is known of the open task beside its texts: where it is, whose, until when; and what one is told of it."""

from typing import Any

import reflex as rx

from app.domain.snapshots import TaskDetail
from app.domain.tasks import PRIORITIES
from app.web import ui
from app.web.board.card import cards, header, lanes, people
from app.web.board.due_field import DueField
from app.web.board.reminders import reminders
from app.web.board.state import BoardPage
from app.web.board.watching import task_watch


def facts(detail: rx.Var[TaskDetail], may_edit: Any) -> rx.Component:
    task = cards["t" + detail.id.to_string()]
    return rx.cond(task, rx.fragment(_state(task, may_edit), _own(task, may_edit)))


def _state(task: Any, may_edit: Any) -> rx.Component:
    """What everybody sees of it: one under the other, or on a phone two in a row."""
    return rx.el.div(
        _complete(task, may_edit),
        task_watch(task.id),
        rx.el.div(_lane(task, may_edit), class_name="col-span-2"),
        rx.el.div(_assignees(task, may_edit), class_name="col-span-2 min-w-0"),
        ui.labelled(
            "Due",
            DueField.create(
                value=task.due_on,
                disabled=~may_edit,
                test_id="task-due",
                field_class=ui.INPUT + ui.LINE,
                note_class="text-xs text-danger",
                on_save=lambda day: BoardPage.set_due(task.id, day),
            ),
        ),
        ui.labelled(
            "Priority",
            ui.select(
                *(rx.el.option(words.capitalize(), value=str(i)) for i, words in enumerate(PRIORITIES)),
                value=task.priority.to_string(),
                on_change=lambda level: BoardPage.set_priority(task.id, level),
                disabled=~may_edit,
                data_testid="task-priority",
            ),
        ),
        class_name="grid grid-cols-2 gap-x-3 gap-y-3.5 sm:flex sm:flex-col",
    )


def _own(task: Any, may_edit: Any) -> rx.Component:
    """What is not needed in passing: on a phone it stands below the talk."""
    return rx.el.div(
        reminders(task.id, task.due_on),
        rx.cond(
            may_edit,
            ui.button(
                ui.icon("trash-2"),
                "Move to trash",
                kind="quiet",
                on_click=BoardPage.trash_task(task.id),
                data_testid="trash-task",
                class_name="self-start -ml-2",
            ),
        ),
        class_name="flex flex-col gap-3.5 max-sm:order-1 max-sm:border-t max-sm:border-line max-sm:pt-4",
    )


def _lane(task: Any, may_edit: Any) -> rx.Component:
    return ui.labelled(
        "Lane",
        ui.select(
            rx.foreach(
                header.lanes,
                lambda id: rx.el.option(lanes["l" + id.to_string()].name, value=id.to_string(), key=id.to_string()),
            ),
            value=task.lane_id.to_string(),
            on_change=lambda id: BoardPage.send_task(task.id, id.to(int)),
            disabled=~may_edit,
            data_testid="task-lane",
        ),
    )


def _complete(task: Any, may_edit: Any) -> rx.Component:
    return ui.button(
        rx.cond(
            task.is_done,
            rx.fragment(ui.icon("circle-check", class_name="text-good"), "Completed"),
            rx.fragment(ui.icon("circle"), "Mark complete"),
        ),
        on_click=rx.cond(task.is_done, BoardPage.reopen_task(task.id), BoardPage.complete_task(task.id)),
        disabled=~may_edit,
        aria_pressed=task.is_done,
    )


def _assignees(task: Any, may_edit: Any) -> rx.Component:
    def row(person_id: rx.Var[int]) -> rx.Component:
        person = people["p" + person_id.to_string()]
        is_on = task.assignees.contains(person_id)
        return rx.el.label(
            rx.el.input(
                type="checkbox",
                checked=is_on,
                disabled=~may_edit,
                on_change=rx.cond(is_on, BoardPage.unassign(task.id, person_id), BoardPage.assign(task.id, person_id)),
                data_testid="assign-" + person_id.to_string(),
                class_name="size-4 accent-[var(--accent)]",
            ),
            ui.avatar(person, "size-5 text-[0.5625rem]"),
            rx.el.span(person.name, class_name="min-w-0 truncate"),
            key=person_id.to_string(),
            class_name="flex min-w-0 items-center gap-2 rounded px-1.5 py-1 text-sm hover:bg-hover",
        )

    return rx.el.fieldset(
        rx.el.legend("Assigned to", class_name="pb-1 text-sm font-medium"),
        rx.el.div(
            rx.foreach(header.members, row),
            class_name="max-h-44 overflow-y-auto rounded-md border border-line p-1 max-sm:flex max-sm:max-h-24 "
            "max-sm:flex-wrap",
        ),
    )
