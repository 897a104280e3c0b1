"""Who has a task open now: their avatars in its dialog, and a dot for each of the others on its card."""

import reflex as rx

from app.domain.snapshots import PersonCard
from app.web import store, ui
from app.web.session import Session

people = store.over(store.People, PersonCard)


@rx.memo
def lookers(task_id: rx.Var[int]) -> rx.Component:
    """Everybody who has it open, me too."""
    ids = store.open_by(task_id)
    return rx.el.span(
        rx.cond(ids, rx.foreach(ids, _avatar)),
        role="group",
        aria_label="People who have this task open",
        data_testid="lookers",
        class_name="flex min-h-8 items-center -space-x-1.5 pt-0.5",
    )


def _avatar(person_id: rx.Var[int]) -> rx.Component:
    person, id = people["p" + person_id.to_string()], person_id.to_string()
    look = "size-6 text-[0.625rem] ring-2 ring-raised"
    return rx.cond(person, ui.avatar(person, look, data_testid="looker-" + id, data_name=person.name, key=id))


@rx.memo
def dots(ids: rx.Var[list[int]]) -> rx.Component:
    """The others; in the colour of each, with their names to be read."""
    return rx.el.span(
        rx.foreach(ids, lambda id: rx.cond(id == Session.me.id, rx.fragment(), _dot(id))),
        class_name="flex items-center gap-0.5 empty:hidden",
    )


def _dot(person_id: rx.Var[int]) -> rx.Component:
    person = people["p" + person_id.to_string()]
    return rx.cond(
        person,
        rx.el.span(
            role="img",
            aria_label=person.name + " has this open",
            title=person.name + " has this open",
            data_testid="dot-" + person_id.to_string(),
            style={"background": ui.hue(person.color)},
            class_name="size-2 rounded-full",
        ),
    )
