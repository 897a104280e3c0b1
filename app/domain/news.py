"""News: a verb that changed something says so here, and those whom it concerns are told, once, where they want it.

It runs in the verb's own transaction and right behind its record, in a number of statements that is the same for two
people and for two hundred. The rows are also the ledger: of every change they say who was told, how, and why not.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from app.domain import audience, outbox, quiet, telling
from app.domain.access import Actor
from app.domain.kinds import CHOICE_OF, CHOICES, FROM_OUTSIDE, TO_WATCHERS, WITHOUT_MAIL, NewsKind
from app.domain.models import Member, Person, Workspace
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
    """Tell people of the change that was recorded last: those in `also`, and for some kinds all who watch the task.

    Never the actor, who did it, nor twice of one change: of two kinds the one that is told first counts. The workspace
    may be left out where there is a board; `details` are what the sentence needs besides.
    """
    topic, revision, at = tx.last
    choice = CHOICES[CHOICE_OF[kind]]
    told = {
        "the_kind": kind,
        "choice": CHOICE_OF[kind],
        "the_actor_id": actor.id if actor else None,
        "but": actor.id if actor else 0,
        "is_outside": kind in FROM_OUTSIDE,
        "the_workspace": workspace_id,
        "the_board": board_id,
        "the_task": task_id,
        "the_change_topic": topic,
        "the_change_revision": revision,
        "the_at": at,
        "the_is_direct": kind not in TO_WATCHERS,
        "by_inbox": choice.inbox,
        "by_email": choice.email,
        "by_push": choice.push,
        "leaves": kind not in WITHOUT_MAIL,
        "letter": "email " if choice.at_once else "digest ",
        "also": list(also),
        "looking": list(await tx.looking(task_id)) if task_id else [],
        "the_details": dict(details),
    }
    await tx.session.flush()
    statement = telling.WATCHING if kind in TO_WATCHERS else telling.NAMED
    rows = (await tx.session.execute(statement, told)).all()
    shown = sorted(row.person_id for row in rows if row.is_shown)
    if task_id and shown:
        await tx.session.execute(telling.SUPERSEDE, told)
    if choice.at_once:
        await _write(tx, kind, rows, told)
    if shown:
        await tx.record_in_inboxes(shown, "news.told", told["the_actor_id"], "news", task_id or 0)


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
