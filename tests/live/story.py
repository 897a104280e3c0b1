"""Ana, Ben and Cleo on a board of their own, on the running program; what each test of togetherness starts from."""

import dataclasses
import json
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app import seeds
from app.db import Database
from app.domain import history, invites, tasks, workspaces
from app.domain.access import Actor
from app.domain.drawings.board import BoardDrawing
from app.domain.models import Lane, Person
from app.domain.streams import topic
from tests.live.client import PATIENCE, Client, sign_in
from tests.support.server import Server
from tests.support.world import drawn

PASSWORDS = {name: (email, password) for name, email, password in seeds.SIGN_INS}
_cookies: dict[tuple[str, str], str] = {}


@dataclass
class Story:
    """Ana owns the workspace, Ben is a member, Cleo a viewer; the board has three lanes and `first` tasks in "To do".

    `db` is for looking, and for changes that nobody is told of: its doorbells are not connected.
    """

    server: Server
    db: Database
    people: dict[str, Actor]
    workspace_id: int
    board_id: int
    lanes: dict[str, int]
    tasks: list[int]
    tabs: list[Client] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/b/{self.board_id}"

    async def tab(self, name: str, path: str = "", via: str = "", **where: str) -> Client:
        """A tab of that person, open on the board; `on` and `not_on` name workers, `via` is the address of a proxy."""
        client = await self.unopened(name, via)
        return await client.open(path or self.path, **where)

    async def unopened(self, name: str, via: str = "") -> Client:
        key = (self.server.url, name)
        if key not in _cookies:
            _cookies[key] = await sign_in(self.server.url, *PASSWORDS[name])
        client = Client(via or self.server.url, _cookies[key])
        self.tabs.append(client)
        return client

    async def on_two_workers(self, name: str = "Ana", other: str = "Ben") -> tuple[Client, Client]:
        """Two tabs that two different processes serve."""
        one = await self.tab(name)
        two = await self.tab(other, not_on=one.worker)
        assert one.worker_pid != two.worker_pid
        assert {one.worker_pid, two.worker_pid} == set(self.server.workers)
        return one, two

    async def drawing(self) -> dict[str, Any]:
        """The board as a fresh reading of the database shows it, in the words of JSON."""
        entities = await drawn(self.db, BoardDrawing(self.board_id))
        return {key: json.loads(json.dumps(dataclasses.asdict(entity))) for key, entity in (entities or {}).items()}

    async def all_equal(self, *tabs: Client, patience: float = PATIENCE) -> None:
        """Every tab shows what the database holds."""
        expected = await self.drawing()
        assert expected, "The database has no such board."
        for tab in tabs:
            try:
                await tab.until(lambda _, tab=tab: tab.board == expected, "the board equals the database", patience)
            except AssertionError as error:
                raise AssertionError(f"{error}\n{_differences(tab.board, expected)}") from None
        assert await self.drawing() == expected, "Somebody changed the board while it was compared."

    async def revisions(self) -> list[int]:
        """Those of all changes of the board, in the order in which they were made."""
        async with self.db.reading() as tx:
            changes = await history.changes_after(tx, {topic("board", self.board_id): 0}, 100_000)
            return [change.revision for change in changes]

    async def fill(self, lane: str, count: int) -> list[int]:
        """Put tasks into a lane in the database, as many at a time as fit; their ids."""
        ids: list[int] = []
        for start in range(0, count, 200):
            titles = [f"Task {number}" for number in range(start, min(start + 200, count))]
            async with self.db.transaction() as tx:
                ids += await tasks.add(tx, self.people["Ana"], self.lanes[lane], titles)
        return ids

    async def end(self) -> None:
        for tab in self.tabs:
            await tab.close()
        await self.db.close()


async def begin(server: Server, first: int = 5) -> Story:
    db = Database(server.database_url)
    async with db.reading() as tx:
        people = {
            person.name: Actor(person.id, person.name)
            for person in (await tx.session.execute(select(Person))).scalars()
        }
    async with db.transaction() as tx:
        workspace_id, board_id = await workspaces.create(tx, people["Ana"], "Tandem team")
        for name, role in (("Ben", "member"), ("Cleo", "viewer")):
            token = await invites.create(tx, people["Ana"], workspace_id, role, timedelta(days=1), 1)
            await invites.accept(tx, people[name], token)
        query = select(Lane.name, Lane.id).where(col(Lane.board_id) == board_id)
        lanes = dict((await tx.session.execute(query)).all())
        ids = await tasks.add(tx, people["Ana"], lanes["To do"], [f"Task {number}" for number in range(first)])
    return Story(server, db, people, workspace_id, board_id, lanes, ids)


def titles(client: Client) -> list[str]:
    """Those of the tasks on show."""
    return [entity["title"] for key, entity in client.board.items() if re.fullmatch(r"t\d+", key) and entity]


def _differences(shown: dict[str, Any], expected: dict[str, Any]) -> str:
    keys = [key for key in {**shown, **expected} if shown.get(key) != expected.get(key)]
    return "\n".join(f"{key}: shown {shown.get(key)}, expected {expected.get(key)}" for key in keys[:5])
