"""Watching and muting: the open task, and in menus the lane, the board and the workspace."""

from typing import Any, Literal

import reflex as rx

from app.domain import watching
from app.domain.access import Actor
from app.domain.snapshots import Muted, WatchView
from app.domain.transaction import Transaction
from app.domain.watching import Place
from app.web import store, ui
from app.web.command import Id, command

mine = store.over(store.Mutes, Muted)["muted"]
watches = store.over(store.Watches, WatchView)


class Watching(rx.State):
    @command
    async def choose(
        self,
        tx: Transaction,
        actor: Actor,
        noun: Place,
        subject_id: Id,
        level: Literal["watching", "stopped", "muted", ""],
    ) -> None:
        await watching.choose(tx, actor, noun, subject_id, level or None)


def task_watch(task_id: Any) -> rx.Component:
    """A button that says whether the person is told of the open task, and changes that."""
    view = watches["w" + task_id.to_string()]
    is_muted = view.muted_by.length() > 0
    is_own = view.muted_by.contains("task")
    reasons = {
        "created": "You created it",
        "assigned": "You were assigned",
        "mentioned": "You were mentioned",
        "commented": "You commented",
        "watching_lane": "You watch its lane",
        "watching_board": "You watch its board",
        "watching_workspace": "You watch its workspace",
    }
    return rx.cond(
        view,
        ui.menu(
            ui.button(
                rx.cond(
                    is_muted,
                    rx.fragment(ui.icon("bell-off"), "Muted"),
                    rx.cond(
                        view.is_watching,
                        rx.fragment(ui.icon("bell-ring", class_name="text-accent"), "Watching"),
                        rx.fragment(ui.icon("bell"), "Not watching"),
                    ),
                ),
                data_testid="watch-task",
                data_state=rx.cond(is_muted, "muted", rx.cond(view.is_watching, "watching", "stopped")),
            ),
            ui.menu_label(
                rx.cond(
                    is_muted & ~is_own,
                    "Muted with its " + view.muted_by[0],
                    rx.cond(
                        view.is_watching,
                        rx.match(view.reason, *reasons.items(), "You watch it"),
                        "You are told only what is meant for you",
                    ),
                )
            ),
            rx.cond(
                view.is_watching & ~is_own,
                _item("bell", "Stop watching", "task", task_id, "stopped"),
                _item("bell-ring", "Watch", "task", task_id, "watching"),
            ),
            rx.cond(
                is_own,
                _item("bell", "Unmute", "task", task_id, ""),
                _item("bell-off", "Mute", "task", task_id, "muted"),
            ),
            align="start",
        ),
    )


@rx.memo
def watch_items(noun: rx.Var[str], subject_id: rx.Var[int]) -> rx.Component:
    """For the menu of a lane, a board or a workspace. By itself, as it is drawn only while the menu is open."""
    place = noun + ":" + subject_id.to_string()
    return rx.fragment(
        rx.cond(
            mine.watched.contains(place),
            _item("bell", "Stop watching", noun, subject_id, ""),
            _item("bell-ring", "Watch everything here", noun, subject_id, "watching"),
        ),
        rx.cond(
            mine.places.contains(place),
            _item("bell", "Unmute", noun, subject_id, ""),
            _item("bell-off", "Mute", noun, subject_id, "muted"),
        ),
    )


def _item(icon: str, words: str, noun: Any, subject_id: Any, level: str) -> rx.Component:
    act = words.partition(" ")[0].lower()
    return ui.menu_item(
        ui.icon(icon),
        words,
        on_select=Watching.choose(noun, subject_id, level),
        data_testid=f"{act}-" + noun,
    )
