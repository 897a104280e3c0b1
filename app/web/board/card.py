"""A card in a lane. It is memoised: a patch draws only the cards that it changed."""

import reflex as rx

from app.domain.snapshots import BoardHeader, LaneView, PersonCard, TaskCard
from app.web import dates, store, ui
from app.web.board.lookers import dots
from app.web.board.state import BoardPage

header = store.over(store.Header, BoardHeader)["h"]
lanes = store.over(store.Lanes, LaneView)
cards = store.over(store.Cards, TaskCard)
people = store.over(store.People, PersonCard)
PRIORITIES = {
    1: ("arrow-down", "Low priority", "text-muted"),
    2: ("equal", "Medium priority", "text-accent"),
    3: ("arrow-up", "High priority", "text-warn"),
    4: ("circle-alert", "Urgent", "text-danger"),
}


def task_path(task_id: rx.Var[int]) -> rx.Var[str]:
    return "/b/" + header.id.to_string() + "?task=" + task_id.to_string()


@rx.memo
def card(task: rx.Var[TaskCard], may_edit: rx.Var[bool], open_by: rx.Var[list[int]]) -> rx.Component:
    """`open_by` are the ids of those who have the task open."""
    id = task.id.to_string()
    return rx.el.article(
        rx.el.div(
            complete_button(task, may_edit),
            ui.link(
                rx.el.span(task.title, data_testid="title", class_name="line-clamp-6"),
                to=task_path(task.id),
                title=task.title,
                class_name=rx.cond(task.is_done, "text-muted line-through decoration-strong-line ", "")
                + "min-w-0 flex-1 break-words pt-px after:absolute after:inset-0 after:rounded-lg",
            ),
            rx.cond(open_by, dots(ids=open_by)),
            rx.cond(may_edit, _menu(task)),
            class_name="flex items-start gap-2",
        ),
        rx.cond(
            (task.priority > 0)
            | (task.due_on != "")
            | task.has_description
            | (task.files > 0)
            | (task.comments > 0)
            | (task.assignees.length() > 0),
            _facts(task),
        ),
        data_testid="task-" + id,
        data_done=task.is_done,
        class_name="group relative flex shrink-0 flex-col gap-2 rounded-lg border border-line bg-raised px-2.5 py-2 "
        "shadow-card hover:border-strong-line",
    )


def complete_button(task: rx.Var[TaskCard], may_edit: rx.Var[bool]) -> rx.Component:
    return rx.el.button(
        rx.cond(task.is_done, ui.icon("circle-check", 18), ui.icon("circle", 18)),
        type="button",
        disabled=~may_edit,
        on_click=rx.cond(task.is_done, BoardPage.reopen_task(task.id), BoardPage.complete_task(task.id)),
        aria_label=rx.cond(task.is_done, "Reopen ", "Complete ") + task.title,
        aria_pressed=task.is_done,
        data_testid="complete-" + task.id.to_string(),
        class_name=rx.cond(task.is_done, "text-good ", "text-faint hover:text-good ")
        + "relative z-10 shrink-0 rounded-full pt-px",
    )


def _facts(task: rx.Var[TaskCard]) -> rx.Component:
    return rx.el.div(
        rx.match(
            task.priority,
            *(
                (level, rx.el.span(ui.icon(name, 15), title=words, aria_label=words, role="img", class_name=color))
                for level, (name, words, color) in PRIORITIES.items()
            ),
            rx.fragment(),
        ),
        rx.cond(task.due_on != "", due_mark(task)),
        rx.cond(
            task.has_description, rx.el.span(ui.icon("text", 15), title="Has a description", class_name="text-faint")
        ),
        _counted(task, task.files, "paperclip", "file"),
        _counted(task, task.comments, "message-square", "comment"),
        rx.el.span(
            rx.foreach(
                task.assignees,
                lambda person_id: ui.avatar(
                    people["p" + person_id.to_string()], "size-5 text-[0.5625rem]", key=person_id.to_string()
                ),
            ),
            class_name="ml-auto flex -space-x-1",
        ),
        class_name="flex min-h-5 items-center gap-2.5 pl-6.5",
    )


def _counted(task: rx.Var[TaskCard], count: rx.Var[int], icon: str, noun: str) -> rx.Component:
    return rx.cond(
        count > 0,
        rx.el.span(
            ui.icon(icon, 14),
            count,
            title=count.to_string() + rx.cond(count == 1, f" {noun}", f" {noun}s"),
            data_testid=f"{noun}s-of-" + task.id.to_string(),
            class_name="flex items-center gap-0.5 text-xs text-faint tabular-nums",
        ),
    )


def due_mark(task: rx.Var[TaskCard]) -> rx.Component:
    """The due date; in red once it has passed and the task is open."""
    day = f'new Date({task.due_on!s} + "T00:00")'
    is_late = f"(!{task.is_done!s} && {day} < new Date().setHours(0, 0, 0, 0))"
    data = task._get_all_var_data()
    return rx.el.span(
        ui.icon("calendar", 14),
        dates.day(task.due_on, "brief"),
        title="Due " + dates.day(task.due_on),
        class_name=rx.cond(rx.Var(is_late, _var_type=bool, _var_data=data), "text-danger", "text-muted")
        + " flex items-center gap-1 text-xs",
    )


def _menu(task: rx.Var[TaskCard]) -> rx.Component:
    id = task.id.to_string()
    return ui.menu(
        ui.icon_button(
            "ellipsis",
            "Actions for " + task.title,
            kind="small",
            data_testid="task-menu-" + id,
            class_name="on-hover relative z-10 -mr-1",
        ),
        ui.menu_label("Move to"),
        lane_items(task_id=task.id, task_lane_id=task.lane_id),
        ui.menu_line(),
        *(
            ui.menu_item(ui.icon(icon), words, on_select=BoardPage.shift_task(task.id, where))
            for icon, words, where in (
                ("arrow-up-to-line", "To the top", "top"),
                ("arrow-up", "Up", "up"),
                ("arrow-down", "Down", "down"),
                ("arrow-down-to-line", "To the bottom", "bottom"),
            )
        ),
        ui.menu_line(),
        ui.menu_item(ui.icon("trash-2"), "Move to trash", is_danger=True, on_select=BoardPage.trash_task(task.id)),
    )


@rx.memo
def lane_items(task_id: rx.Var[int], task_lane_id: rx.Var[int]) -> rx.Component:
    """Where the task can go. By itself, since it is drawn only while the menu is open: a card need not follow lanes."""
    return rx.fragment(
        rx.foreach(header.lanes, lambda lane_id: _lane_item(task_id, task_lane_id, lanes["l" + lane_id.to_string()]))
    )


def _lane_item(task_id: rx.Var[int], task_lane_id: rx.Var[int], lane: rx.Var[LaneView]) -> rx.Component:
    return ui.menu_item(
        ui.icon("arrow-right"),
        lane.name,
        disabled=lane.id == task_lane_id,
        on_select=BoardPage.send_task(task_id, lane.id),
        key=lane.id.to_string(),
    )
