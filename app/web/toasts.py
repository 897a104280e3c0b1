"""The toasts of a tab: they leave by themselves, wait while the pointer is on them, and can be undone.

They come bottom right, and on phones, where one adds tasks at the bottom, under the header of a board.
"""

import reflex as rx

from app.domain.access import Actor
from app.domain.errors import Refusal
from app.domain.transaction import Transaction
from app.web.command import Id, command, local
from app.web.feedback import UNDO, Feedback


class Toasts(rx.State):
    @local
    async def dismiss(self, toast_id: Id) -> None:
        feedback = await self.get_state(Feedback)
        feedback.toasts = [toast for toast in feedback.toasts if toast.id != toast_id]

    @local
    async def apologise(self) -> None:
        """Say that something failed on our side."""
        feedback = await self.get_state(Feedback)
        feedback._refuse(Refusal("Something went wrong on our side. Nothing was changed; please try again."))

    @command
    async def undo(self, tx: Transaction, actor: Actor, toast_id: Id) -> None:
        toast = (await self.get_state(Feedback))._undoable(toast_id)
        await UNDO[toast.undo](tx, actor, toast.subject)
