"""Who watches what, and who wants to hear nothing of it: a task, a lane, a board or a workspace.

What is muted anywhere around a task is silent. Whoever created a task, or is on it, watches it without a row here.
"""

from collections.abc import Iterable
from typing import Any, Literal

from sqlalchemy import Select, bindparam, delete, exists, insert, literal, select
from sqlmodel import col

from app.domain import locks
from app.domain.access import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.models import Board, Lane, Member, Person, Task, Watch, Workspace, table
from app.domain.transaction import Transaction

Place = Literal["task", "lane", "board", "workspace"]
Level = Literal["watching", "stopped", "muted"]
Reason = Literal["assigned", "commented", "mentioned"]


async def choose(tx: Transaction, actor: Actor, noun: Place, subject_id: int, level: Level | None) -> None:
    """Watch, stop watching or mute something that the actor can see; None leaves it to what they do there."""
    if noun not in _SEEN or level not in ("watching", "stopped", "muted", None):
        raise Invalid("You can watch or mute a task, a lane, a board or a workspace.")
    await tx.advance("inbox", actor.id)
    keys = {"person_id": actor.id, "subject_id": subject_id}
    if (await tx.session.execute(_SEEN[noun], keys)).first() is None:
        raise NotFound(f"This {noun} is gone, or it is not shared with you.")
    row = await tx.session.get(Watch, (actor.id, noun, subject_id))
    if (row and row.level) == level:
        return
    if row is not None:
        await tx.session.delete(row)
        await tx.session.flush()
    if level is not None:
        tx.session.add(Watch(person_id=actor.id, noun=noun, subject_id=subject_id, level=level))
    await tx.record("inbox", actor.id, "watch.chosen", actor.id, noun, subject_id, level=level)


async def watch(tx: Transaction, task_id: int, people: Iterable[int], reason: Reason) -> None:
    """Have people watch a task for what they did there or what was done to them, unless they have chosen otherwise."""
    await tx.session.flush()
    await tx.session.execute(_WATCH, {"task": task_id, "people": list(people), "because": reason})


async def forget_lane(tx: Transaction, lane_id: int) -> None:
    """A lane is deleted, and its id may come to be another's."""
    await tx.session.execute(delete(Watch).where(col(Watch.noun) == "lane", col(Watch.subject_id) == lane_id))


def _shared(found: Select[Any], subject: Any) -> Select[Any]:
    """Of what a query on boards and workspaces finds, the one that a person can see."""
    is_mine = exists().where(
        col(Member.workspace_id) == col(Workspace.id), col(Member.person_id) == bindparam("person_id")
    )
    return found.where(subject == bindparam("subject_id"), is_mine, col(Workspace.deleted_at).is_(None))


_on_boards = col(Workspace.id) == col(Board.workspace_id)
_board = select(col(Board.id)).join(Workspace, _on_boards).where(locks.is_shared_with(bindparam("person_id")))
_SEEN: dict[str, Select[Any]] = {
    "task": _shared(_board.join(Task, col(Task.board_id) == col(Board.id)), col(Task.id)),
    "lane": _shared(_board.join(Lane, col(Lane.board_id) == col(Board.id)), col(Lane.id)),
    "board": _shared(_board, col(Board.id)),
    "workspace": _shared(select(col(Workspace.id)), col(Workspace.id)),
}
_person, _watch = table(Person).c, table(Watch).c
_decided = exists().where(_watch.person_id == _person.id, _watch.noun == "task", _watch.subject_id == bindparam("task"))
_WATCH = insert(table(Watch)).from_select(
    [_watch.person_id, _watch.noun, _watch.subject_id, _watch.level, _watch.reason],
    select(
        _person.id,
        literal("task", _watch.noun.type),
        bindparam("task", type_=_watch.subject_id.type),
        literal("watching", _watch.level.type),
        bindparam("because", type_=_watch.reason.type),
    ).where(_person.id.in_(bindparam("people", expanding=True)), ~_decided),
    include_defaults=False,
)
