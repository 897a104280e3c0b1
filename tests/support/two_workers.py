"""The program in the size that most promises are about: PostgreSQL, Redis, two workers."""

import contextlib
from collections.abc import Iterator

from tests.support.server import Server, serving
from tests.support.services import RedisServer
from tests.support.stores import PostgreSQLStore


@contextlib.contextmanager
def two_workers(
    store: PostgreSQLStore, redis: RedisServer, *, begins: str = "seeded", may_fail: bool = False, **environment: str
) -> Iterator[Server]:
    """On a database of its own, which `begins` seeded or just migrated.

    Unless something in it `may_fail`, there is no traceback in its log in the end.
    """
    url = store.create(begins)
    with serving(DATABASE_URL=url, REDIS_URL=redis.url, WORKERS="2", **environment) as server:
        yield server
        assert may_fail or "Traceback" not in server.log, server.log
    store.drop(url)
