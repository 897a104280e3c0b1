"""Where it is played: servers of its own, six boards in three workspaces, 24 people, and networks between them."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import cast

from app.db import Database
from app.domain import boards, invites, people, workspaces
from app.domain.access import Actor
from app.domain.invites import InvitedRole
from tests.chaos.ledger import Ledger
from tests.chaos.player import Player
from tests.live.client import Client, sign_up
from tests.live.proxy import Proxy
from tests.support.cluster import RedisCluster
from tests.support.server import UNHURRIED, Server, serving
from tests.support.services import CrashSafePostgreSQL, PostgreSQL, RedisServer, running
from tests.support.stores import PostgreSQLStore

WORKSPACES = 3
SEATS: tuple[tuple[int, str], ...] = (
    (0, "owner"),
    (0, "member"),
    (0, "member"),
    (0, "viewer"),
    (1, "admin"),
    (1, "admin"),
    (1, "member"),
    (1, "viewer"),
)
"""Of each workspace: at which of its two boards somebody sits, and as what they begin."""
PLAYERS = WORKSPACES * len(SEATS)
NETWORKS = 4
"""Between the players and each program, so that a fault of the network is one of some of them."""
WORKERS = 2
"""In all."""
SETTINGS = UNHURRIED | {
    "SECRET_KEY": "the same for every program, or nobody could go from one to the other",
}


@dataclass
class Stage:
    servers: list[Server]
    redis: RedisServer | RedisCluster
    postgresql: PostgreSQL

    @property
    def log(self) -> str:
        return "".join(server.log for server in self.servers)


@dataclass
class Seat:
    name: str
    person_id: int
    board_id: int
    cookie: str


@contextlib.contextmanager
def built(cluster: bool = False) -> Iterator[Stage]:
    """One program with two workers and a Redis; or two programs, of a worker each, with a Redis Cluster."""
    with contextlib.ExitStack() as stack:
        postgresql = stack.enter_context(running(CrashSafePostgreSQL))
        redis = stack.enter_context(running(RedisCluster if cluster else RedisServer))
        store = PostgreSQLStore(postgresql)
        settings = SETTINGS | {"DATABASE_URL": store.create("migrated"), "REDIS_URL": redis.url}
        store.close()
        programs = 2 if cluster else 1
        workers = str(WORKERS // programs)
        servers = [stack.enter_context(serving(WORKERS=workers, **settings)) for _ in range(programs)]
        yield Stage(servers, redis, postgresql)


async def seats(stage: Stage) -> list[Seat]:
    """Sign everybody up and give them their boards."""
    url, taken = stage.servers[0].url, []
    async with database(stage) as db:
        for number in range(WORKSPACES):
            names = [f"{role} {number}.{place}" for place, (_, role) in enumerate(SEATS)]
            cookies = [await sign_up(url, name, _address(name), "a long password") for name in names]
            actors = [await _actor(db, name) for name in names]
            board_ids = await _workspace(db, number, actors)
            for actor, cookie, (board, _) in zip(actors, cookies, SEATS, strict=True):
                taken.append(Seat(actor.name, actor.id, board_ids[board], cookie))
    return taken


@contextlib.asynccontextmanager
async def players(stage: Stage, seed: int, ledger: Ledger) -> AsyncIterator[tuple[list[Player], list[Proxy]]]:
    """Everybody at their board, by way of networks that can fail, spread over all programs."""
    taken = await seats(stage)
    async with contextlib.AsyncExitStack() as stack:
        networks = [
            await stack.enter_async_context(Proxy(server.url)) for _ in range(NETWORKS) for server in stage.servers
        ]
        everybody = []
        for number, seat in enumerate(taken):
            client = Client(networks[number % len(networks)].url, seat.cookie)
            dice = Random(f"{seed} {number}")
            everybody.append(Player(number, seat.name, seat.person_id, seat.board_id, client, ledger, dice))
            stack.push_async_callback(client.drop)
            await client.open(everybody[-1].path)
            client.come_back()
        yield everybody, networks


@contextlib.asynccontextmanager
async def database(stage: Stage) -> AsyncIterator[Database]:
    """For looking; nobody is told of what is changed through it."""
    db = Database(stage.servers[0].database_url)
    try:
        yield db
    finally:
        await db.close()


async def _workspace(db: Database, number: int, actors: list[Actor]) -> list[int]:
    """A workspace with two boards, and its people in it; the boards' ids."""
    owner, *others = actors
    async with db.transaction() as tx:
        workspace_id, first = await workspaces.create(tx, owner, f"Workspace {number}")
    async with db.transaction() as tx:
        second = await boards.create(tx, owner, workspace_id, "The other board")
    for actor, (_, role) in zip(others, SEATS[1:], strict=True):
        async with db.transaction() as tx:
            token = await invites.create(tx, owner, workspace_id, cast(InvitedRole, role), timedelta(days=1), 1)
            await invites.accept(tx, actor, token)
    return [first, second]


async def _actor(db: Database, name: str) -> Actor:
    async with db.reading() as tx:
        person = await people.with_email(tx, _address(name))
    assert person is not None
    return Actor(person.id, person.name)


def _address(name: str) -> str:
    return f"{name.replace(' ', '.')}@tandem.example"
