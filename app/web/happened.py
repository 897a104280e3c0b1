"""Parts: things that happened, those of one person at one time together."""

from typing import Any

import reflex as rx

from app.domain.snapshots import ActivityEntry, ActivityGroup, PersonCard
from app.web import dates, store, ui, url
from app.web.ago import Ago

people = store.over(store.People, PersonCard)
FEW = 4
"""Things of a group that are shown; the others are there when asked for."""


def happened_together(group: rx.Var[ActivityGroup]) -> rx.Component:
    person = people["p" + group.actor_id.to_string()]
    rest = group.lines.length() - FEW
    return rx.el.li(
        rx.cond(
            person,
            ui.avatar(person),
            rx.el.span(
                ui.icon("user", 15),
                class_name="flex size-7 shrink-0 items-center justify-center rounded-full bg-hover text-muted",
            ),
        ),
        rx.el.div(
            rx.el.p(group.actor, class_name="font-medium"),
            rx.el.ul(rx.foreach(group.lines[:FEW], _entry), class_name="flex flex-col gap-1"),
            rx.cond(
                rest > 0,
                rx.el.details(
                    rx.el.summary("and ", rest, " more", class_name="w-fit text-xs text-muted hover:text-ink"),
                    rx.el.ul(rx.foreach(group.lines[FEW:], _entry), class_name="flex flex-col gap-1 pt-1"),
                ),
            ),
            class_name="flex min-w-0 flex-1 flex-col gap-1",
        ),
        key=group.id.to_string(),
        class_name="flex gap-3 text-sm",
    )


def _entry(entry: rx.Var[ActivityEntry]) -> rx.Component:
    board = "/b/" + entry.board_id.to_string()
    subject = rx.cond(
        (entry.subject != "") & (entry.task_id > 0) & (entry.board_id > 0),
        ui.link(entry.subject, to=board + "?task=" + entry.task_id.to_string(), class_name="text-ink hover:underline"),
        rx.el.span(entry.subject, class_name="text-ink"),
    )
    return rx.el.li(
        rx.el.span(
            entry.words,
            rx.cond(entry.subject != "", rx.fragment(" ", subject)),
            rx.cond((entry.before != "") & (entry.after != ""), _changed(entry)),
            rx.cond((url.path_part("workspace") != "") & (entry.board != ""), rx.fragment(" · ", entry.board)),
            class_name="min-w-0 text-muted break-words",
        ),
        rx.cond(
            (entry.before == "") & (entry.after != ""),
            rx.el.q(entry.after, class_name="min-w-0 text-muted break-words"),
        ),
        _then(entry, board),
        key=entry.id.to_string(),
        data_testid="entry-" + entry.id.to_string(),
        data_kind=entry.kind,
        class_name="flex flex-wrap items-baseline gap-x-2",
    )


def _changed(entry: rx.Var[ActivityEntry]) -> rx.Component:
    return rx.fragment(
        ": ",
        rx.el.del_(_value(entry, entry.before), class_name="text-faint"),
        rx.el.span(" → ", aria_label="to"),
        rx.el.ins(_value(entry, entry.after), class_name="text-ink no-underline"),
    )


def _value(entry: rx.Var[ActivityEntry], value: rx.Var[str]) -> rx.Var[str]:
    """What it was or is, of which a day is in ISO."""
    return rx.cond((entry.kind == "task.due_set") & (value != "none"), dates.day(value), value).to(str)


def _then(entry: rx.Var[ActivityEntry], board: Any) -> rx.Component:
    """When; on a board it leads to what had happened by then."""
    when = rx.el.span(Ago.create(at=entry.at), class_name="text-xs text-faint")
    return rx.cond(
        url.path_part("board") != "",
        ui.link(
            Ago.create(at=entry.at),
            to=board + "/activity?until=" + entry.revision.to_string(),
            class_name="text-xs text-faint hover:underline",
        ),
        when,
    )
