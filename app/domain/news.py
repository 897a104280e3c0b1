"""News: a verb that changed something says so here, and those whom it concerns are told, once, where they want it.

Those whom a verb names are told in its own transaction, right behind its record. Those who watch may be hundreds: the
verb writes one row for all of them (`telling`), so that its author waits no longer, and they are told in a transaction
of their own as soon as it is committed (db.py), or by the scheduler where that was not to be. Either takes a number of
statements that is the same for two people and for two hundred. What they write is also the ledger: of every change it
says who was told, how, and why not.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, cast

from sqlalchemy import ColumnElement, Insert, bindparam, delete, insert, select
from sqlmodel import col

from app.domain import audience, outbox, quiet, telling
from app.domain.access import Actor
from app.domain.kinds import CHOICE_OF, CHOICES, FROM_OUTSIDE, TO_WATCHERS, WITHOUT_MAIL, NewsKind
from app.domain.models import Board, Member, Person, Task, Telling, Workspace, table
from app.domain.outbox import Channel, Letter
from app.domain.transaction import Transaction

LEAVING: tuple[Channel, ...] = ("email", "push")
UNSEEN = timedelta(minutes=2)
"""For how long something may be unread before it is written about by e-mail."""


def concerns() -> ColumnElement[bool]:
    """For `access.task_and`: whether anybody but the actor watches the task, so that there is somebody to tell."""
    return audience.anybody()


async def tell(
    tx: Transaction,
    kind: NewsKind,
    *,
    actor: Actor | None,
    workspace_id: int | None = None,
    board_id: int | None = None,
    task_id: int | None = None,
    also: Iterable[int] = (),
    details: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Tell those in `also` of the change that was recorded last.

    Never the actor, who did it, nor twice of one change: of two kinds the one that is told first counts. The workspace
    may be left out where there is a board; `details` are what the sentence needs besides.
    """
    topic, revision, at = tx.last
    if task_id:
        await tell_watchers(tx, task_id)  # What came before of the same task: an inbox is in the order of events.
    change = {
        "the_actor_id": actor.id if actor else None,
        "the_workspace": workspace_id,
        "the_board": board_id,
        "the_task": task_id,
        "the_change_topic": topic,
        "the_change_revision": revision,
        "the_at": at,
        "the_details": dict(details),
        "looking": list((await tx.looking([task_id]))[task_id]) if task_id else [],
    }
    await tx.session.flush()
    await _tell(tx, telling.NAMED, kind, change | {"also": list(also)})


async def tell_later(
    tx: Transaction,
    kind: NewsKind,
    actor: Actor,
    board_id: int,
    *task_ids: int,
    details: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Have everybody who watches these tasks told of the change that was recorded last, right after the commit."""
    topic, revision, at = tx.last
    await tx.session.flush()
    looking = await tx.looking(task_ids)
    rows = [
        {
            "task_id": task_id,
            "board_id": board_id,
            "kind": kind,
            "actor_id": actor.id,
            "change_topic": topic,
            "change_revision": revision,
            "at": at,
            "looking": sorted(looking[task_id]),
            "details": dict(details),
        }
        for task_id in task_ids
    ]
    await tx.session.execute(_LATER, rows)
    tx.to_tell.update(task_ids)


async def concerning(tx: Transaction, actor: Actor, task_ids: Collection[int]) -> Sequence[int]:
    """Those of the tasks that somebody else watches."""
    keys = {"actor_id": actor.id, "ids": list(task_ids)}
    return (await tx.session.execute(_CONCERNING, keys)).scalars().all()


async def tell_watchers(tx: Transaction, task_id: int) -> None:
    """Tell those who watch a task of what they are still to be told of it, in the order in which it happened.

    Who comes second waits for the first, and finds nothing left to do.
    """
    for row in sorted((await tx.session.execute(_TAKE, {"task": task_id})).all()):
        tx.keep()
        change = {
            "the_actor_id": row.actor_id,
            "the_workspace": None,
            "the_board": row.board_id,
            "the_task": task_id,
            "the_change_topic": row.change_topic,
            "the_change_revision": row.change_revision,
            "the_at": row.at,
            "the_details": row.details,
            "looking": row.looking,
        }
        await _tell(tx, telling.WATCHING, cast(NewsKind, row.kind), change)


async def left_over(tx: Transaction, before: datetime) -> Sequence[int]:
    """Tasks whose watchers were not told of something that happened before then, as when a worker was killed."""
    return (await tx.session.execute(_LEFT_OVER, {"moment": before})).scalars().all()


async def _tell(tx: Transaction, statement: Insert, kind: NewsKind, change: dict[str, Any]) -> None:
    choice = CHOICES[CHOICE_OF[kind]]
    told = change | {
        "the_kind": kind,
        "choice": CHOICE_OF[kind],
        "but": change["the_actor_id"] or 0,
        "is_outside": kind in FROM_OUTSIDE,
        "the_is_direct": kind not in TO_WATCHERS,
        "by_inbox": choice.inbox,
        "by_email": choice.email,
        "by_push": choice.push,
        "leaves": kind not in WITHOUT_MAIL,
        "letter": "email " if choice.at_once else "digest ",
    }
    rows = (await tx.session.execute(statement, told)).all()
    shown = sorted(row.person_id for row in rows if row.is_shown)
    if shown:
        await tx.hold_inboxes(shown)
        if change["the_task"]:
            await tx.session.execute(telling.SUPERSEDE, told)
    await _write(tx, kind, rows, told)
    if shown:
        await tx.record_in_inboxes(shown, "news.told", change["the_actor_id"], "news", change["the_task"] or 0)


async def tell_invited(tx: Transaction, actor: Actor, workspace_id: int, emails: Collection[str]) -> None:
    """Tell those here who have one of these addresses that they were invited just now; the link is in their mail."""
    members = select(col(Member.person_id)).where(col(Member.workspace_id) == workspace_id)
    query = select(col(Person.id)).where(col(Person.email).in_(emails), col(Person.id).not_in(members))
    if invited := (await tx.session.execute(query)).scalars().all():
        details = {"workspace": (await tx.session.get_one(Workspace, workspace_id)).name}
        await tell(tx, "invited", actor=actor, workspace_id=workspace_id, also=invited, details=details)


async def _write(tx: Transaction, kind: NewsKind, rows: Iterable[Any], told: dict[str, Any]) -> None:
    """Hand over what does not wait for the digest: when nobody has looked at it for a while, and not in the night."""
    leaving = [row for row in rows if not set(row.channels.split()).isdisjoint(LEAVING)]
    if not leaving:
        return
    awake = await quiet.over(tx, {row.person_id for row in leaving}, told["the_at"], UNSEEN)
    about = {"task_id": told["the_task"]}
    letters = [
        Letter(row.person_id, channel, kind, row.id, awake[row.person_id][channel], about)
        for row in leaving
        for channel in LEAVING
        if {channel} <= set(row.channels.split())
    ]
    await outbox.queue(tx, letters)


_later = table(Telling)
_LATER = insert(_later)
_OF_TASK = select(_later.c.id).where(_later.c.task_id == bindparam("task")).order_by(_later.c.id).with_for_update()
_TAKE = delete(_later).where(_later.c.id.in_(_OF_TASK)).returning(*_later.c)
_CONCERNING = (
    select(col(Task.id))
    .join(Board, col(Board.id) == col(Task.board_id))
    .where(col(Task.id).in_(bindparam("ids", expanding=True)), col(Task.trashed_at).is_(None), concerns())
    .order_by(col(Task.id))
)
_LEFT_OVER = select(_later.c.task_id).where(_later.c.at < bindparam("moment", type_=_later.c.at.type)).distinct()
