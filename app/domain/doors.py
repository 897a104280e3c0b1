"""Why somebody may no longer look at what was on their screen: the sentence on the door, from the change behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, or_, select

from app.domain.models import Change, Person, table
from app.domain.transaction import Transaction


@dataclass(frozen=True)
class Reason:
    """`topic` and `revision` are those of the change."""

    sentence: str
    topic: str
    revision: int
    kind: str


async def reason(tx: Transaction, topics: Sequence[str], person_id: int) -> Reason | None:
    """The newest change of these topics that can have shown this person out; None if there is none."""
    row = (await tx.session.execute(_NEWEST, {"topics": list(topics), "person_id": person_id})).first()
    if row is None:
        return None
    who, whom = ("You", "yourself") if row.actor_id == person_id else (row.name or "Somebody", "you")
    workspace = row.details.get("workspace") or row.details.get("name") or "this workspace"
    sentence = _SENTENCES[row.kind].format(who=who, whom=whom, workspace=workspace)
    return Reason(sentence, row.topic, row.revision, row.kind)


_SENTENCES = {
    "member.removed": "{who} removed you from {workspace}.",
    "member.left": "You left {workspace}.",
    "insider.removed": "{who} took you off the list of this board.",
    "insider.left": "{who} left this board.",
    "board.made_private": "{who} made this board private.",
    "workspace.deleted": "{who} deleted {workspace}.",
    "instance.admins_changed": "{who} took admin away from {whom}.",
}
_change, _person = table(Change), table(Person)
_is_about_them = _change.c.entity_id == bindparam("person_id")
_is_theirs = and_(_change.c.entity == "member", _is_about_them)
_NEWEST = (
    select(_change.c.topic, _change.c.revision, _change.c.kind, _change.c.actor_id, _change.c.details, _person.c.name)
    .outerjoin(_person, _person.c.id == _change.c.actor_id)
    .where(
        _change.c.topic.in_(bindparam("topics", expanding=True)),
        or_(
            _change.c.kind.in_(["board.made_private", "workspace.deleted"]),
            and_(_change.c.kind.in_(["member.removed", "member.left", "insider.removed", "insider.left"]), _is_theirs),
            and_(_change.c.kind == "instance.admins_changed", _is_about_them),
        ),
    )
    .order_by(_change.c.id.desc())
    .limit(1)
)
