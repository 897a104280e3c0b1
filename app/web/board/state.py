"""What people do on a board. Each handler says who, does one thing, and answers."""

from collections.abc import Mapping

import reflex as rx

from app.domain import attachments, boards, lanes, moving, tasks
from app.domain.access import Actor
from app.domain.errors import NotFound
from app.domain.transaction import Transaction
from app.web import live
from app.web.command import Day, Id, Text, Word, command, local, opens
from app.web.dialogs import Dialogs
from app.web.feedback import Feedback, Receipt, Said
from app.web.typed import number


class BoardPage(rx.State):
    shown: dict[str, int] = {}
    """How many tasks of a lane this tab shows, by lane id, where it is more than at first."""

    @opens
    async def open(self, actor: Actor) -> rx.event.EventSpec | None:
        board_id = number(self.router.url.path.rpartition("/")[2])
        sid, query = self.router.session.session_id, self.router.url.query_parameters
        task = _of_task(actor, query)
        is_sharing = (await self.get_state(Dialogs)).name == "sharing"  # As in a tab whose connection broke.
        aside = [*task, f"board_receipts:{board_id}"] if is_sharing else task
        refused = await live.current().tabs.enter(sid, actor.id, f"home:{actor.id}", f"board:{board_id}", aside=aside)
        if set(task) & set(refused):
            (await self.get_state(Feedback))._refuse(NotFound("This task is gone, or it is not shared with you."))
            return rx.redirect(f"/b/{board_id}")
        for lane_id, wanted in self.shown.items():  # Of a connection that broke the room has forgotten what it wanted.
            await live.current().widen(sid, board_id, int(lane_id), wanted)
        return None

    @local
    async def show_more(self, board_id: Id, lane_id: Id, wanted: Id) -> None:
        self.shown = self.shown | {str(lane_id): wanted}
        await live.current().widen(self.router.session.session_id, board_id, lane_id, wanted)

    @local
    async def give_up_text(self, field: Word, task_id: Id) -> None:
        (await self.get_state(Feedback))._give_up(field, task_id)

    @command
    async def add_tasks(
        self, tx: Transaction, actor: Actor, lane_id: Id, titles: list[Text], key: Word = ""
    ) -> Receipt:
        await tasks.add(tx, actor, lane_id, titles, key)
        return Receipt()

    @command
    async def rename_task(self, tx: Transaction, actor: Actor, task_id: Id, title: Text, based_on: int) -> None:
        await tasks.rename(tx, actor, task_id, title, based_on)

    @command
    async def describe_task(self, tx: Transaction, actor: Actor, task_id: Id, description: Text, based_on: int) -> None:
        await tasks.describe(tx, actor, task_id, description, based_on)

    @command
    async def complete_task(self, tx: Transaction, actor: Actor, task_id: Id) -> None:
        await tasks.complete(tx, actor, task_id)

    @command
    async def reopen_task(self, tx: Transaction, actor: Actor, task_id: Id) -> None:
        await tasks.reopen(tx, actor, task_id)

    @command
    async def send_task(self, tx: Transaction, actor: Actor, task_id: Id, lane_id: Id) -> None:
        await moving.send(tx, actor, task_id, lane_id)

    @command
    async def shift_task(self, tx: Transaction, actor: Actor, task_id: Id, where: Word) -> None:
        await moving.shift(tx, actor, task_id, where)

    @command
    async def set_due(self, tx: Transaction, actor: Actor, task_id: Id, due_on: Day) -> None:
        await tasks.set_due(tx, actor, task_id, due_on)

    @command
    async def set_priority(self, tx: Transaction, actor: Actor, task_id: Id, priority: Word) -> None:
        await tasks.set_priority(tx, actor, task_id, number(priority))

    @command
    async def assign(self, tx: Transaction, actor: Actor, task_id: Id, person_id: Id) -> None:
        await tasks.assign(tx, actor, task_id, person_id)

    @command
    async def unassign(self, tx: Transaction, actor: Actor, task_id: Id, person_id: Id) -> None:
        await tasks.unassign(tx, actor, task_id, person_id)

    @command
    async def trash_task(self, tx: Transaction, actor: Actor, task_id: Id) -> Said:
        await tasks.trash(tx, actor, task_id)
        return Said("Task moved to the trash.", undo="task.trashed", subject=task_id)

    @command
    async def restore_task(self, tx: Transaction, actor: Actor, task_id: Id) -> None:
        await tasks.restore(tx, actor, task_id)

    @command
    async def remove_file(self, tx: Transaction, actor: Actor, file_id: Id) -> Said:
        await attachments.remove(tx, actor, file_id)
        return Said("File removed.", undo="task.detached", subject=file_id)

    @command
    async def rename_board(
        self, tx: Transaction, actor: Actor, board_id: Id, name: Text, seen: Text | None = None
    ) -> rx.event.EventSpec:
        await boards.rename(tx, actor, board_id, name, seen)
        return Dialogs.close()

    @command
    async def archive_board(self, tx: Transaction, actor: Actor, board_id: Id) -> Said:
        await boards.archive(tx, actor, board_id)
        return Said("Board archived.", undo="board.archived", subject=board_id)

    @command
    async def restore_board(self, tx: Transaction, actor: Actor, board_id: Id) -> None:
        await boards.restore(tx, actor, board_id)

    @command(creates=True)
    async def add_lane(self, tx: Transaction, actor: Actor, board_id: Id, name: Text) -> rx.event.EventSpec:
        await lanes.add(tx, actor, board_id, name)
        return Dialogs.close()

    @command
    async def rename_lane(
        self, tx: Transaction, actor: Actor, lane_id: Id, name: Text, seen: Text | None = None
    ) -> rx.event.EventSpec:
        await lanes.rename(tx, actor, lane_id, name, seen)
        return Dialogs.close()

    @command
    async def shift_lane(self, tx: Transaction, actor: Actor, lane_id: Id, where: Word) -> None:
        await lanes.shift(tx, actor, lane_id, where)

    @command
    async def delete_lane(self, tx: Transaction, actor: Actor, lane_id: Id, tasks_to: Word) -> rx.event.EventSpec:
        await lanes.delete(tx, actor, lane_id, number(tasks_to) or None)
        return Dialogs.close()


def _of_task(actor: Actor, asked: Mapping[str, str]) -> list[str]:
    """The rooms of the open task, by what the address asks for: of a long talk it shows the end, or all."""
    if not asked.get("task"):
        return []
    task_id = number(asked["task"])
    talk = "whole-talk" if asked.get("comments") or asked.get("comment") else "talk"
    return [f"task:{task_id}", f"{talk}:{task_id}", f"watch:{actor.id}:{task_id}"]
