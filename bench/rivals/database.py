"""The same work for every rival: the tables, and a move in one transaction, by psycopg and nothing else."""

import asyncio
import json
import os
from collections.abc import Iterable

import psycopg

TABLES = """
CREATE TABLE board (id int PRIMARY KEY, revision int NOT NULL DEFAULT 0);
CREATE TABLE task (id int PRIMARY KEY, board_id int NOT NULL REFERENCES board, lane int NOT NULL, rank int NOT NULL,
    title text NOT NULL, UNIQUE (board_id, lane, rank));
CREATE TABLE change (id serial PRIMARY KEY, board_id int NOT NULL REFERENCES board, revision int NOT NULL,
    kind text NOT NULL, task_id int NOT NULL, details jsonb NOT NULL, at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (board_id, revision));
"""
POOL = 4
"""Connections of each worker."""

Tasks = dict[int, tuple[int, int, str]]
"""Lane, rank and title by task id."""


def conninfo(url: str) -> str:
    return url.replace("+psycopg", "")


def begin(url: str, boards: Iterable[tuple[int, list[list[int]]]]) -> None:
    """Make the tables and the boards: each an id and the task ids of its lanes."""
    with psycopg.connect(conninfo(url)) as connection:
        connection.execute(TABLES)
        for board, lanes in boards:
            connection.execute("INSERT INTO board (id, revision) VALUES (%s, 100)", [board])
            rows = [
                (id, board, lane, rank, f"Task {id}") for lane, ids in enumerate(lanes) for rank, id in enumerate(ids)
            ]
            with connection.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO task (id, board_id, lane, rank, title) VALUES (%s, %s, %s, %s, %s)", rows
                )


def lanes(tasks: Tasks) -> dict[str, list[int]]:
    """Task ids by lane, in order: what every viewer must hold."""
    found: dict[str, list[int]] = {}
    for id, (lane, _, _) in sorted(tasks.items(), key=lambda item: item[1][:2]):
        found.setdefault(str(lane), []).append(id)
    return found


def held(url: str, board: int) -> dict[str, list[int]]:
    """The board as the database has it."""
    with psycopg.connect(conninfo(url)) as connection:
        rows = connection.execute("SELECT id, lane, rank, title FROM task WHERE board_id = %s", [board]).fetchall()
    return lanes({id: (lane, rank, title) for id, lane, rank, title in rows})


class Pool:
    """A few connections of a worker, opened when they are first wanted."""

    def __init__(self) -> None:
        self._free: asyncio.LifoQueue[psycopg.AsyncConnection] = asyncio.LifoQueue()
        self._left = POOL

    async def move(self, board: int, task: int, lane: int) -> tuple[int, str]:
        """Put a task at the end of a lane and commit; the revision, which is its rank too, and the title."""
        connection = await self._take()
        try:
            async with connection.transaction():
                [revision] = await self._row(
                    connection, "UPDATE board SET revision = revision + 1 WHERE id = %s RETURNING revision", board
                )
                [title] = await self._row(
                    connection,
                    "UPDATE task SET lane = %s, rank = %s WHERE id = %s RETURNING title",
                    lane,
                    revision,
                    task,
                )
                await connection.execute(
                    "INSERT INTO change (board_id, revision, kind, task_id, details) VALUES (%s, %s, %s, %s, %s)",
                    [board, revision, "task.moved", task, json.dumps({"to": lane, "title": title})],
                )
        finally:
            self._free.put_nowait(connection)
        return revision, title

    async def board(self, board: int) -> tuple[int, Tasks]:
        """Its revision and tasks, in one snapshot."""
        connection = await self._take()
        query = """SELECT board.revision, task.id, lane, rank, title FROM board JOIN task ON board_id = board.id
            WHERE board.id = %s"""
        try:
            async with connection.transaction():
                rows = await (await connection.execute(query, [board])).fetchall()
        finally:
            self._free.put_nowait(connection)
        return rows[0][0], {id: (lane, rank, title) for _, id, lane, rank, title in rows}

    async def _take(self) -> psycopg.AsyncConnection:
        if self._free.empty() and self._left:
            self._left -= 1
            return await psycopg.AsyncConnection.connect(conninfo(os.environ["DATABASE_URL"]))
        return await self._free.get()

    @staticmethod
    async def _row(connection: psycopg.AsyncConnection, query: str, *values: object) -> tuple:
        row = await (await connection.execute(query, values)).fetchone()  # type: ignore[arg-type]  # To psycopg a statement is a literal.
        assert row, f"Nothing was changed by {query}"
        return row
