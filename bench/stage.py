"""What the benchmarks of our own program stand on: two workers, boards of n tasks, people who are signed in.

Boards and people are written straight into the database, before anybody looks: ten thousand tasks in a second, and no
password hashed. Ids of tasks begin at `FIRST_ID`, so that those of a small board are as long as those of a large one.
"""

import contextlib
import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
from starlette.responses import Response

from app.domain import ranks
from app.web import cookies
from bench.machine import DurablePostgreSQL, durable_postgresql
from tests.live import story as stories
from tests.live.story import Story
from tests.support.server import UNHURRIED, Server, serving
from tests.support.services import RedisServer, running
from tests.support.stores import PostgreSQLStore

FIRST_ID = 100_000
ASIDE = 45
"""Tasks of a board that lie in its second lane; the others fill the first. Both show as many at every size."""
SECRET_KEY = os.environ["SECRET_KEY"] = secrets.token_urlsafe(48)
"""Sign-ins are signed in this process too (`sign_in`), which reads its settings once."""
TITLES = (
    "Ask five friendly teams",
    "Write the announcement, and have somebody read it",
    "Check every page with a screen reader and a keyboard",
)


@contextlib.contextmanager
def program(**settings: str) -> Iterator[tuple[Server, DurablePostgreSQL]]:
    """The program on two workers, with a PostgreSQL that keeps what it commits and a Redis."""
    with durable_postgresql() as postgresql, running(RedisServer) as redis:
        store = PostgreSQLStore(postgresql)
        url = store.create("seeded")
        store.close()
        with _connected(url) as database:
            database.execute(f"ALTER SEQUENCE task_id_seq RESTART WITH {FIRST_ID}")
        ours = {"DATABASE_URL": url, "REDIS_URL": redis.url, "WORKERS": "2", "SECRET_KEY": SECRET_KEY}
        with serving(**ours | UNHURRIED | settings) as server:
            yield server, postgresql


async def board(server: Server, count: int, **lanes: int) -> Story:
    """A new board of so many tasks: in its first lane, but for those that `lanes` (by name) and ASIDE put elsewhere."""
    story = await stories.begin(server, first=1)
    shares = lanes or {"Doing": ASIDE}
    with _connected(server.database_url) as database:
        _fill(database, story, "To do", count - 1 - sum(shares.values()))
        for name, share in shares.items():
            _fill(database, story, name, share)
        database.execute("ANALYZE task")  # As the database does by itself a minute after so many rows.
    return story


def people(story: Story, count: int) -> list[str]:
    """The Cookie headers of so many new members of the story's workspace, each signed in."""
    with _connected(story.server.database_url) as database:
        return [_newcomer(database, story.workspace_id, number) for number in range(count)]


def watch(story: Story, task_id: int, count: int) -> None:
    """Have so many new members of the story's workspace watch a task, as those do who have commented on it."""
    with _connected(story.server.database_url) as database:
        database.execute(
            "INSERT INTO watch (person_id, noun, subject_id, level, reason) SELECT person_id, 'task', %s, 'watching', "
            "'commented' FROM member WHERE workspace_id = %s AND role = 'member' ORDER BY person_id DESC LIMIT %s",
            (task_id, story.workspace_id, count),
        )
        database.execute("ANALYZE watch, person, member, inbox")


def sign_in(database: psycopg.Connection, person_id: int) -> str:
    """The Cookie header of a new sign-in."""
    session_id, now = secrets.token_hex(16), datetime.now(UTC)
    row = (session_id, person_id, now, now, now + timedelta(days=1))
    database.execute(
        "INSERT INTO session (id, person_id, device, address, created_at, last_seen_at, expires_at) "
        "VALUES (%s, %s, 'bench', '', %s, %s, %s)",
        row,
    )
    response = Response()
    cookies.set_session(response, session_id, person_id)
    return response.headers["set-cookie"].partition(";")[0]


def backends(server: Server) -> list[int]:
    """The process ids of the database's side of the program's connections."""
    with _connected(server.database_url) as database:
        query = (
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
        return [row[0] for row in database.execute(query).fetchall()]


def readings_of_lanes(server: Server) -> int:
    """How often the lanes of boards were read, ever: once for each whole drawing of a board."""
    with _connected(server.database_url) as database:
        query = "SELECT seq_scan + coalesce(idx_scan, 0) FROM pg_stat_user_tables WHERE relname = 'lane'"
        [count] = database.execute(query).fetchone() or [0]
        return count


def _newcomer(database: psycopg.Connection, workspace_id: int, number: int) -> str:
    now = datetime.now(UTC)
    name = f"Guest {number}"
    row = database.execute(
        "INSERT INTO person (email, name, color, password_hash, is_admin, revision, created_at) "
        "VALUES (%s, %s, 'blue', '', false, 0, %s) RETURNING id",
        (f"guest{number}.{workspace_id}@tandem.example", name, now),
    ).fetchone()
    assert row is not None
    member = (workspace_id, row[0], now)
    database.execute(
        "INSERT INTO member (workspace_id, person_id, role, joined_at) VALUES (%s, %s, 'member', %s)", member
    )
    database.execute("INSERT INTO inbox (id, revision) VALUES (%s, 0)", row[:1])
    return sign_in(database, row[0])


def _fill(database: psycopg.Connection, story: Story, lane: str, count: int) -> None:
    """Put so many tasks at the end of a lane."""
    lane_id, author, now = story.lanes[lane], story.people["Ana"].id, datetime.now(UTC)
    [rank] = database.execute("SELECT max(rank) FROM task WHERE lane_id = %s", (lane_id,)).fetchone() or [None]
    columns = (
        "board_id, lane_id, rank, title, title_version, description, description_version, priority, created_by, "
        "created_at"
    )
    with database.cursor() as cursor, cursor.copy(f"COPY task ({columns}) FROM STDIN") as copy:
        for number in range(count):
            rank = ranks.between(rank, None)
            title = f"{TITLES[number % len(TITLES)]} {number:05}"
            copy.write_row((story.board_id, lane_id, rank, title, 0, "", 0, number % 5, author, now))


def _connected(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True)
