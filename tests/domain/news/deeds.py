"""What somebody does of which Cleo is told: a deed for each kind of news."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import delete
from sqlmodel import col

from app.domain import members, moving, news, sharing, tasks, watching
from app.domain.access import Actor
from app.domain.kinds import TO_WATCHERS, NewsKind
from app.domain.models import Assignment, Insider, Task, now
from app.domain.transaction import Transaction
from tests.support.world import World, give_role

Deed = Callable[[Transaction, World, Actor, NewsKind], Awaitable[Any]]
"""What somebody does of which Cleo is told."""


async def assign(tx: Transaction, w: World, by: Actor, kind: NewsKind) -> None:
    await tasks.assign(tx, by, w.task_id, w.cleo.id)


async def unassign(tx: Transaction, w: World, by: Actor, kind: NewsKind) -> None:
    tx.session.add(Assignment(task_id=w.task_id, person_id=w.cleo.id))
    await tx.session.flush()
    await tasks.unassign(tx, by, w.task_id, w.cleo.id)


async def complete(tx: Transaction, w: World, by: Actor, kind: NewsKind) -> None:
    await watching.watch(tx, w.task_id, [w.cleo.id], "mentioned")
    await tasks.complete(tx, by, w.task_id)


async def reopen(tx: Transaction, w: World, by: Actor, kind: NewsKind) -> None:
    (await tx.session.get_one(Task, w.task_id)).completed_at = now()
    await watching.watch(tx, w.task_id, [w.cleo.id], "mentioned")
    await tasks.reopen(tx, by, w.task_id)


async def move(tx: Transaction, w: World, by: Actor, kind: NewsKind) -> None:
    await watching.watch(tx, w.task_id, [w.cleo.id], "mentioned")
    await moving.send(tx, by, w.task_id, w.lanes["Doing"])


async def say(tx: Transaction, w: World, by: Actor, kind: NewsKind) -> None:
    """A comment, a reminder: verbs that stand elsewhere record something of the board, and tell."""
    await watching.watch(tx, w.task_id, [w.cleo.id], "mentioned")
    await tx.record("board", w.board_id, f"comment.{kind}", by.id, "task", w.task_id)
    if kind in TO_WATCHERS:
        await news.tell_later(tx, kind, by, w.board_id, w.task_id)
    else:
        await news.tell(tx, kind, actor=by, board_id=w.board_id, task_id=w.task_id, also=[w.cleo.id])


async def about_workspace(tx: Transaction, w: World, by: Actor, kind: NewsKind) -> None:
    await tx.record("workspace", w.workspace_id, f"member.{kind}", by.id, "member", w.cleo.id)
    details = {"role": "admin", "workspace": "Tandem team"}
    await news.tell(tx, kind, actor=by, workspace_id=w.workspace_id, also=[w.cleo.id], details=details)


async def change_role(tx: Transaction, w: World, by: Actor, kind: NewsKind) -> None:
    if by == w.cleo:
        await give_role(tx, w, by, "owner")
    await members.change_role(tx, by, w.workspace_id, w.cleo.id, "admin")


async def remove(tx: Transaction, w: World, by: Actor, kind: NewsKind) -> None:
    if by == w.cleo:
        await members.leave(tx, by, w.workspace_id)
    else:
        await members.remove(tx, by, w.workspace_id, w.cleo.id)


async def let_in(tx: Transaction, w: World, by: Actor, kind: NewsKind) -> None:
    await sharing.close(tx, w.ana, w.board_id, "everyone")
    await tx.session.execute(delete(Insider).where(col(Insider.person_id) == w.cleo.id))
    if by == w.cleo:
        await about_workspace(tx, w, by, kind)
    else:
        await sharing.add(tx, by, w.board_id, w.cleo.id)


DEEDS: dict[NewsKind, Deed] = {
    "assigned": assign,
    "unassigned": unassign,
    "mentioned": say,
    "commented": say,
    "completed": complete,
    "reopened": reopen,
    "moved": move,
    "due_soon": say,
    "overdue": say,
    "reminded": say,
    "invited": about_workspace,
    "added": let_in,
    "role_changed": change_role,
    "removed": remove,
}
NOT_ON_A_BOARD = (about_workspace, change_role, remove)
