"""The running program with somebody of every standing, and the places that they try to get at."""

import itertools
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from sqlalchemy import select, text
from sqlmodel import col

from app.db import Database
from app.domain import members
from app.domain.access import Actor
from app.domain.models import Person
from app.files import Files
from tests.live.client import sign_in, sign_up
from tests.security.matrix import place
from tests.security.matrix.place import Place
from tests.security.matrix.standings import ROLES, STANDINGS, Somebody
from tests.security.matrix.tab import Tab
from tests.support.server import Server

PASSWORD = "a door with ten locks"
NOT_WRITING = ("seen_at", "last_seen_at")
"""Columns that merely tell that somebody was here."""
BY_THE_CLOCK = ("lease", "job")
"""Tables that the scheduler writes to by itself; of what goes out it is the columns that tell what became of it."""
BECAME = ("details", "sealed", "tries", "tried_at", "holder", "handed_at", "sent_at", "given_up_at", "why", "skipped")


@dataclass
class Stage:
    server: Server
    db: Database
    browser: httpx.AsyncClient
    somebody: dict[str, Somebody]
    ids: dict[str, int]
    own: Place = field(default_factory=Place)
    """One in which everybody has been what they are."""
    foreign: Place = field(default_factory=Place)
    missing: Place = field(default_factory=Place)
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _as_of: str = ""
    """The transaction up to which `_digest` was taken."""
    _digest: dict[str, str] = field(default_factory=dict)

    @property
    def files(self) -> Files:
        """Where the program keeps those of its people."""
        return Files(self.server.data_dir / "files")

    async def a_place(self) -> Place:
        """A fresh one of the owner's, with everybody in their role."""
        owner = Actor(self.ids["owner"], "owner")
        roles = {self.ids[standing]: role for standing, role in ROLES.items() if standing != "owner"}
        made = await place.make(self.db, self.files, owner, roles, self.ids["at work"], self.ids["idle"])
        async with self.db.transaction() as tx:
            await members.remove(tx, owner, made.workspace_id, self.ids["removed"])
        return made

    async def tab(self, standing: str) -> Tab:
        return await Tab(self.server.url, self.somebody[standing].cookie).open()

    async def contents(self) -> dict[str, str]:
        """A digest of every table: what was written anywhere shows. Taken anew only when something was."""
        async with self.db.unrecorded() as session:
            newest = (await session.execute(text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text"))).scalar_one()
            if newest != self._as_of:
                tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
                names = set((await session.execute(text(tables))).scalars()) - {*BY_THE_CLOCK}
                queries = {name: _digest_of(name) for name in sorted(names)}
                self._digest = {
                    name: (await session.execute(text(query))).scalar_one() for name, query in queries.items()
                }
                self._as_of = newest
        return self._digest

    async def written_by(self, person_id: int) -> int:
        """How many changes are this person's."""
        async with self.db.unrecorded() as session:
            query = text("SELECT count(*) FROM change WHERE actor_id = :id")
            return (await session.execute(query, {"id": person_id})).scalar_one()


def _digest_of(name: str) -> str:
    less = NOT_WRITING + (BECAME if name == "outgoing" else ())
    row = " - ".join(["to_jsonb(t)", *(f"'{column}'" for column in less)])
    return f"""SELECT md5(coalesce(string_agg(({row})::text, '|' ORDER BY ({row})::text), '')) FROM "{name}" t"""


@asynccontextmanager
async def stage(server: Server) -> AsyncIterator[Stage]:
    db = Database(server.database_url)
    await place.begin(db)
    cookies = {name: await _account(server, name) for name in (*STANDINGS[1:], "at work", "idle", "fay", "gus", "hal")}
    async with db.reading() as tx:
        query = select(col(Person.name), col(Person.id))
        ids = dict((await tx.session.execute(query)).all())
    somebody = {name: Somebody(name, ids.get(name, 0), cookies.get(name, "")) for name in STANDINGS}
    await _end_sessions(db, ids)
    async with httpx.AsyncClient(base_url=server.url) as browser:
        made = Stage(server, db, browser, somebody, ids)
        made.own = await made.a_place()
        made.foreign = await place.make(db, made.files, Actor(ids["fay"], "fay"), {}, ids["gus"], ids["hal"])
        await _revoke(db, made.foreign)
        yield made
    await db.close()


async def _account(server: Server, name: str) -> str:
    return await sign_up(server.url, name, _address(name), PASSWORD)


async def another_session(server: Server, name: str) -> str:
    """The Cookie header of somebody who signs in once more."""
    return await sign_in(server.url, _address(name), PASSWORD)


async def newcomers_session(server: Server) -> str:
    """The Cookie header of somebody who has just signed up."""
    return await _account(server, f"newcomer {secrets.token_hex(4)}")


def _address(name: str) -> str:
    return f"{name.replace(' ', '.')}@matrix.example"


async def _end_sessions(db: Database, ids: dict[str, int]) -> None:
    """Before anybody has used them, so that no worker remembers that they were good."""
    async with db.unrecorded() as session:
        for name, column in (("expired", "expires_at"), ("revoked", "revoked_at")):
            ending = f"UPDATE session SET {column} = now() - interval '1 minute' WHERE person_id = :id"
            await session.execute(text(ending), {"id": ids[name]})


async def _revoke(db: Database, foreign: Place) -> None:
    """A link is for whoever has it, so that one that is nobody's business is one that was revoked."""
    async with db.unrecorded() as session:
        ending = "UPDATE invite SET revoked_at = now() WHERE id = :id"
        await session.execute(text(ending), {"id": foreign.invite_id})
