"""The demo world as tests hold it: who is who, and where things are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import col

from app.db import Database
from app.domain import history, people, tasks, workspaces
from app.domain.access import Actor
from app.domain.drawings import Drawing
from app.domain.models import Change, Lane, Member, Person, Task
from app.domain.streams import STREAMS, topic
from app.domain.transaction import Transaction


class Undo(Exception):
    """Leaves a transaction without a trace."""


@dataclass
class World:
    """Ana owns the workspace, Ben is a member, Cleo a viewer.

    `announced` is the news of every commit, `notes` what a test keeps for later.
    """

    db: Database
    ana: Actor
    ben: Actor
    cleo: Actor
    workspace_id: int = 1
    board_id: int = 1
    lanes: dict[str, int] = field(default_factory=dict)
    tasks: dict[str, int] = field(default_factory=dict)
    announced: list[Mapping[str, int]] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def task_id(self) -> int:
        """A task that tests change when any will do: it is open, Ben's, in the middle of "To do", and not described."""
        return self.tasks["Check every page with a screen reader"]

    async def do(self, verb: Any, *arguments: Any, **options: Any) -> Any:
        """Call a verb in a transaction of its own."""
        async with self.db.transaction() as tx:
            return await verb(tx, *arguments, **options)

    async def rows(self, query: Select[Any]) -> list[Any]:
        async with self.db.reading() as tx:
            return list((await tx.session.execute(query)).scalars())

    async def row(self, table: type[Any], id: Any) -> Any:
        async with self.db.reading() as tx:
            return await tx.session.get(table, id)

    async def titles(self, lane: str) -> list[str]:
        """The titles in a lane, in order, without those in the trash."""
        here = (col(Task.lane_id) == self.lanes[lane]) & col(Task.trashed_at).is_(None)
        return await self.rows(select(Task.title).where(here).order_by(col(Task.rank)))

    async def role(self, person: Actor) -> str | None:
        member = await self.row(Member, (self.workspace_id, person.id))
        return member and member.role

    async def changes(self, name: str, after: int = 0) -> list[Change]:
        """The changes of a topic after a revision, whole."""
        later = (col(Change.topic) == name) & (col(Change.revision) > after)
        return await self.rows(select(Change).where(later).order_by(col(Change.revision)))

    async def revisions(self) -> dict[str, int]:
        """That of every topic there is."""
        async with self.db.reading() as tx:
            ids = [(noun, await tx.session.execute(select(col(table.id)))) for noun, table in STREAMS.items()]
            return await history.revisions(tx, [topic(noun, id) for noun, found in ids for id in found.scalars()])

    async def give_role(self, person: Actor, role: str) -> None:
        async with self.db.transaction() as tx:
            await give_role(tx, self, person, role)

    async def newcomer(self, name: str = "Dora") -> Actor:
        """Somebody with an account who is in no workspace."""
        person = await self.do(people.sign_up, name, f"{name.lower()}@tandem.example", "no password")
        return Actor(person.id, person.name)

    async def elsewhere(self) -> "Elsewhere":
        """Ben's own workspace, which is no business of the others."""
        workspace_id, board_id = await self.do(workspaces.create, self.ben, "Ben's garden")
        lane_id = (await self.rows(select(Lane.id).where(col(Lane.board_id) == board_id)))[0]
        [task_id] = await self.do(tasks.add, self.ben, lane_id, ["Water the tomatoes"])
        return Elsewhere(workspace_id, board_id, lane_id, task_id)


@dataclass(frozen=True)
class Elsewhere:
    workspace_id: int
    board_id: int
    lane_id: int
    task_id: int


async def give_role(tx: Transaction, world: World, person: Actor, role: str) -> None:
    """Set a role as the database has it, past every rule."""
    member = await tx.session.get_one(Member, (world.workspace_id, person.id))
    if member.role != role:
        member.role = role
        await tx.record("workspace", world.workspace_id, "member.role_changed", None, "member", person.id)


async def enter(db: Database) -> World:
    """The world in a database that was seeded."""
    async with db.reading() as tx:
        actors = {
            person.name: Actor(person.id, person.name)
            for person in (await tx.session.execute(select(Person))).scalars()
        }
        world = World(db, actors["Ana"], actors["Ben"], actors["Cleo"])
        lanes = select(Lane.name, Lane.id).where(col(Lane.board_id) == world.board_id).order_by(col(Lane.rank))
        world.lanes = dict((await tx.session.execute(lanes)).all())
        titles = select(Task.title, Task.id).where(col(Task.board_id) == world.board_id).order_by(col(Task.id))
        world.tasks = dict((await tx.session.execute(titles)).all())
    db.announce = world.announced.append
    return world


async def drawn(db: Database, drawing: Drawing) -> dict[str, Any] | None:
    """What a fresh drawing shows; None when there is nothing to draw."""
    async with db.reading() as tx:
        return dict(drawing.entities()) if await drawing.draw(tx) else None
