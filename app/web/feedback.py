"""What a person is told: toasts, with an undo where there is one, and the typed text of a command that was refused."""

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from app.domain import boards, tasks
from app.domain.access import Actor
from app.domain.errors import Conflict, NotFound, Refusal
from app.domain.transaction import Transaction

MOST = 4
"""Toasts on show at once."""

UNDO: dict[str, Callable[[Transaction, Actor, int], Awaitable[None]]] = {
    "task.trashed": tasks.restore,
    "board.archived": boards.restore,
}
"""How to take back what a toast is about; called with the id of its subject."""

_numbers = itertools.count(1)


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
class Refused:
    """The last command that was refused, so that the field it came from can give the typed text back."""

    number: int = 0
    command: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Clash:
    """Two people changed one field: both texts, and the version that an answer is based on."""

    field: str = ""
    task_id: int = 0
    mine: str = ""
    theirs: str = ""
    version: int = 0


class Feedback(rx.State):
    toasts: list[Toast] = []
    refused: Refused = Refused()
    clash: Clash = Clash()

    def _say(self, said: Said) -> None:
        """Tell the person what has been done."""
        self._show(Toast(next(_numbers), "status", said.text, said.undo, said.subject))

    def _refuse(self, refusal: Refusal, command: str = "", arguments: dict[str, Any] | None = None) -> None:
        """Tell the person why not, and give back what they typed."""
        arguments = arguments or {}
        self.refused = Refused(next(_numbers), command, arguments)
        if isinstance(refusal, Conflict):
            task_id = arguments.get("task_id", 0)
            self.clash = Clash(refusal.field, task_id, refusal.mine, refusal.theirs, refusal.version)
        else:
            self._show(Toast(next(_numbers), "alert", refusal.sentence))

    def _show(self, toast: Toast) -> None:
        same = [shown for shown in self.toasts if shown.text != toast.text or shown.undo]
        self.toasts = [*same, toast][-MOST:]

    def _undoable(self, toast_id: int) -> Toast:
        """The toast whose undo was asked for; it is taken off the screen."""
        for toast in self.toasts:
            if toast.id == toast_id and toast.undo:
                self.toasts = [shown for shown in self.toasts if shown.id != toast_id]
                return toast
        raise NotFound("This can no longer be undone here.")
