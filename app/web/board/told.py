"""The ledger of a task: who was told of what, how, and why or why not; for everybody who can see the task."""

from typing import Any

import reflex as rx

from app.domain.drawings import ledger
from app.domain.snapshots import Told
from app.web import live, ui
from app.web.command import Id, local
from app.web.session import actor, me_at


class Ledger(rx.State):
    task_id: int = 0
    """Whose ledger is open; 0 for none."""
    lines: list[Told] = []

    @local
    async def show(self, task_id: Id) -> None:
        me = await me_at(self)
        async with live.current().db.reading() as tx:
            self.lines = await ledger.of_task(tx, actor(me), task_id)
        self.task_id = task_id

    @local
    def leave(self, is_open: bool) -> None:
        if not is_open:
            self.task_id, self.lines = 0, []


def told(task_id: Any) -> rx.Component:
    return rx.fragment(
        rx.el.button(
            "Who was told",
            type="button",
            on_click=Ledger.show(task_id),
            data_testid="who-was-told",
            class_name="rounded underline underline-offset-2 hover:text-ink",
        ),
        ui.dialog(
            rx.cond(
                Ledger.lines.length() > 0,
                rx.el.ol(
                    rx.foreach(Ledger.lines, _line),
                    aria_label="Newest first",
                    class_name="divide-y divide-line",
                ),
                rx.el.p("Nobody had to be told of anything yet.", class_name="text-muted"),
            ),
            title="Who was told",
            open=Ledger.task_id == task_id,
            on_open_change=Ledger.leave,
            data_testid="ledger",
        ),
    )


def _line(line: rx.Var[Told]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(line.person, class_name="font-medium"),
            rx.el.span(line.how, class_name="text-muted"),
            class_name="flex flex-wrap gap-x-2",
        ),
        rx.el.span(
            line.what, " · ", line.why, " · ", ui.moment(line.at, has_time=True), class_name="text-xs text-muted"
        ),
        key=line.id.to_string(),
        data_testid="told-" + line.id.to_string(),
        class_name="flex flex-col gap-0.5 py-2 text-sm break-words",
    )
