"""What a person is told: toasts, with an undo where there is one, and the typed text of a command that was refused."""

import itertools
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from app.domain import attachments, boards, comments, inbox, tasks
from app.domain.access import Actor
from app.domain.errors import Conflict, NotFound, Refusal
from app.domain.transaction import Transaction
from app.web import store

DOUBLE_CLICK = 1.0
"""Seconds in which the same click again is a double click."""
MOST = 4
"""Toasts on show at once."""

UNDO: dict[str, Callable[[Transaction, Actor, int], Awaitable[None]]] = {
    "task.trashed": tasks.restore,
    "task.detached": attachments.restore,
    "comment.removed": comments.restore,
    "board.archived": boards.restore,
    "news.finished": inbox.take_back,
    "news.snoozed": inbox.wake,
    "news.all_read": inbox.unread_all,
}
"""How to take back what a toast is about; called with the id of its subject."""

_numbers = itertools.count(1)


def _number() -> int:
    """One that no other answer has, on whichever worker: a tab may have come from another."""
    return time.time_ns() // 1000


@dataclass(frozen=True)
class Toast:
    """`tone` is status or alert, which is also its ARIA role; `undo` a key of UNDO or empty."""

    id: int
    tone: str
    text: str
    undo: str = ""
    subject: int = 0


@dataclass(frozen=True)
class Said:
    """What a handler returns to have a toast shown once its change is committed."""

    text: str
    undo: str = ""
    subject: int = 0


@dataclass(frozen=True)
class Receipt:
    """What a handler returns to have its browser told that just this command was carried out."""


@dataclass(frozen=True)
class Answered:
    """A command with its answer: the last one that was refused, so that the field it came from can give the typed text
    back; or the last one that gave a receipt, so that the field knows that nothing is to be given back."""

    number: int = 0
    command: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Unsaved:
    """A text that was refused, kept until its field is saved or given up, also when its dialog was closed.

    If somebody else was first, it is a clash: `theirs` is their text, and `version` what an answer is based on.
    """

    mine: str
    is_clash: bool = False
    theirs: str = ""
    version: int = 0


class Feedback(store.Kept, rx.State):
    toasts: list[Toast] = []
    refused: Answered = Answered()
    receipt: Answered = Answered()
    unsaved: dict[str, Unsaved] = {}
    """By field and task: `title:17`."""
    _done: tuple[str, dict[str, Any], float] = ("", {}, 0.0)
    """The last command that was carried out, its arguments and when."""

    def _say(self, said: Said) -> None:
        """Tell the person what has been done."""
        self._show(Toast(next(_numbers), "status", said.text, said.undo, said.subject))

    def _give_receipt(self, command: str, arguments: dict[str, Any]) -> None:
        self.receipt = Answered(_number(), command, arguments)

    def _refuse(self, refusal: Refusal, command: str = "", arguments: dict[str, Any] | None = None) -> None:
        """Tell the person why not, and give back what they typed."""
        arguments = arguments or {}
        self.refused = Answered(_number(), command, arguments)
        if isinstance(refusal, Conflict):
            self._keep(arguments, Unsaved(refusal.mine, True, refusal.theirs, refusal.version))
            return
        if "based_on" in arguments:
            self._keep(arguments, Unsaved(str(arguments.get(_field(arguments), ""))))
        self._show(Toast(next(_numbers), "alert", refusal.sentence))

    def _has_just_done(self, command: str, arguments: dict[str, Any]) -> bool:
        """Whether this is the second click of a double click."""
        return self._done[:2] == (command, arguments) and time.monotonic() - self._done[2] < DOUBLE_CLICK

    def _succeed(self, command: str, arguments: dict[str, Any]) -> None:
        """A command was carried out: what was said against an earlier try is out of date."""
        self._done = (command, arguments, time.monotonic())
        if any(toast.tone == "alert" for toast in self.toasts):
            self.toasts = [toast for toast in self.toasts if toast.tone != "alert"]
        if "based_on" in arguments:
            self._give_up(_field(arguments), arguments["task_id"])

    def _keep(self, arguments: dict[str, Any], text: Unsaved) -> None:
        self.unsaved = self.unsaved | {f"{_field(arguments)}:{arguments.get('task_id')}": text}

    def _give_up(self, field: str, task_id: int) -> None:
        if f"{field}:{task_id}" in self.unsaved:
            self.unsaved = {key: text for key, text in self.unsaved.items() if key != f"{field}:{task_id}"}

    def _show(self, toast: Toast) -> None:
        """It takes the place of one that says the same; of refusals also with another number: "this one has 502"."""
        others = [shown for shown in self.toasts if shown.undo or _sense(shown) != _sense(toast)]
        self.toasts = [*others, toast][-MOST:]

    def _undoable(self, toast_id: int) -> Toast:
        """The toast whose undo was asked for; it is taken off the screen."""
        for toast in self.toasts:
            if toast.id == toast_id and toast.undo:
                self.toasts = [shown for shown in self.toasts if shown.id != toast_id]
                return toast
        raise NotFound("This can no longer be undone here.")


def _sense(toast: Toast) -> tuple[str, str]:
    return toast.tone, re.sub(r"\d[\d,.]*", "0", toast.text) if toast.tone == "alert" else toast.text


def _field(arguments: dict[str, Any]) -> str:
    """Which text an edit is about: one that says what it is based on has the text under the field's own name."""
    return next((name for name in ("title", "description") if name in arguments), "")
