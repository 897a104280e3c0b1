"""What has revisions and a history, and the statements that count the one up and write the other.

Building a statement costs more than running it, so what every write does is built once, here and in access.py.
"""

from functools import cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, String, Update, bindparam, insert, literal, select, update
from sqlalchemy import cast as as_type

from app.domain.direct import Direct
from app.domain.models import Board, Change, Inbox, Instance, Person, Task, Workspace, table

Noun = Literal["board", "workspace", "person", "instance", "inbox"]
STREAMS: dict[Noun, type[Board] | type[Workspace] | type[Person] | type[Instance] | type[Inbox]] = {
    "board": Board,
    "workspace": Workspace,
    "person": Person,
    "instance": Instance,
    "inbox": Inbox,
}
"""The tables whose rows have a revision, by the noun of their topics: `board:12`."""


def topic(noun: Noun, id: int) -> str:
    return f"{noun}:{id}"


def counting_up(noun: Noun, where: ColumnElement[bool]) -> Direct:
    """The statement for `advance`: counts up the revision of the one row that `where` finds, by tables alone."""
    rows = table(STREAMS[noun])
    counted = update(rows).where(where).values(revision=rows.c.revision + 1)
    return Direct(counted.returning(rows.c.id, rows.c.revision))


ONE = {noun: counting_up(noun, table(stream).c.id == bindparam("subject")) for noun, stream in STREAMS.items()}
CHANGE = Direct(insert(table(Change)).inline())
_change = table(Change).c
TOLD: tuple[ColumnElement[Any], ...] = (
    _change.topic,
    _change.revision,
    _change.kind,
    _change.actor_id,
    _change.entity,
    _change.entity_id,
    _change.details,
    _change.at,
)
"""The columns of a change that tell what happened."""
_inbox = table(Inbox)
_THESE = _inbox.c.id.in_(bindparam("ids", expanding=True))
HOLD_INBOXES = select(_inbox.c.id).where(_THESE).order_by(_inbox.c.id).with_for_update()
"""In one order, so that of two who tell the same people neither waits for the other in a ring."""
COUNT_INBOXES = counting_up("inbox", _THESE).statement
INBOX_CHANGES = insert(table(Change)).from_select(
    TOLD,
    select(
        literal("inbox:", String) + as_type(_inbox.c.id, String),
        _inbox.c.revision,
        bindparam("the_kind", type_=_change.kind.type),
        bindparam("the_actor_id", type_=_change.actor_id.type),
        bindparam("the_entity", type_=_change.entity.type),
        bindparam("the_entity_id", type_=_change.entity_id.type),
        bindparam("the_details", type_=_change.details.type),
        bindparam("the_at", type_=_change.at.type),
    ).where(_THESE),
    include_defaults=False,
)


@cache
def setting(columns: tuple[str, ...]) -> Direct:
    """The statement of `Transaction.write`."""
    return Direct(_set(columns))


@cache
def changing(columns: tuple[str, ...]) -> Direct:
    """That one and CHANGE in one; SQLite has no such thing."""
    row = select(*(bindparam(column.key, type_=column.type) for column in TOLD))
    recorded = insert(table(Change)).inline().from_select(TOLD, row, include_defaults=False)
    return Direct(recorded.add_cte(_set(columns).returning(table(Task).c.id).cte()))


def _set(columns: tuple[str, ...]) -> Update:
    rows = table(Task)
    values = {name: bindparam(f"new_{name}", type_=rows.c[name].type) for name in columns}
    return update(rows).where(rows.c.id == bindparam("entity_id")).values(values)
