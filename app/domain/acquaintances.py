"""Who somebody in a file is here: people of a file are found again among the members of the workspace it goes to."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from app.domain import access, permissions
from app.domain.access import Actor
from app.domain.carried import Someone
from app.domain.errors import NotFound
from app.domain.models import Member, Person
from app.domain.transaction import Transaction


@dataclass(frozen=True)
class Acquaintances:
    """Members by id; their addresses are there if whoever imports may see those, and can guess at none otherwise."""

    members: Mapping[int, Someone]

    def recognised(self, people: Mapping[int, Someone]) -> dict[int, int]:
        """By id in the file, the id here: by e-mail address, else by a name that just one of the members has."""
        by_email = {member.email.casefold(): id for id, member in self.members.items() if member.email}
        by_name: dict[str, list[int]] = {}
        for id, member in self.members.items():
            by_name.setdefault(_plain(member.name), []).append(id)
        found: dict[int, int] = {}
        for key, someone in people.items():
            called = by_name.get(_plain(someone.name), [])
            if id := by_email.get(someone.email.casefold()) or (called[0] if len(called) == 1 else None):
                found[key] = id
        return found


async def around(tx: Transaction, actor: Actor, workspace_id: int | None) -> Acquaintances:
    """The members of a workspace where the actor may add boards; in one that is still to be made, just the actor."""
    if workspace_id is None:
        return Acquaintances({actor.id: Someone(actor.name)})
    role = await access.role_in(tx, actor.id, workspace_id)
    if role is None:
        raise NotFound("There is no such workspace, or you are not a member of it.")
    permissions.require(role, "edit_boards")
    shows = permissions.may(role, "see_addresses")
    query = select(col(Person.id), col(Person.name), col(Person.email))
    query = query.join(Member, col(Member.person_id) == col(Person.id)).where(col(Member.workspace_id) == workspace_id)
    rows = (await tx.session.execute(query)).all()
    return Acquaintances({row.id: Someone(row.name, row.email if shows else "") for row in rows})


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
