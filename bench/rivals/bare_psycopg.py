"""Moves by psycopg alone: the statements that the program sends, on its tables, with nothing around them.

`python -m bench.rivals.bare_psycopg <url> <actor id> <place>` reads boards as JSON, of which the last two are for
seeing how the program moves, and says "ready". For each line `{"loops": …, "seconds": …, "boards": …}` it has as many
connections move tasks of the first so many boards without a pause, and prints how many moves were committed in time.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

from psycopg import AsyncConnection, AsyncCursor
from sqlalchemy import make_url

from app.domain.access import Actor
from app.domain.streams import topic
from bench import statements
from bench.statements import Board, Kinds, Statement

PROCESSES = 2


class Rival:
    """The other end of it: as many processes as the program has workers."""

    def __init__(self, processes: list[asyncio.subprocess.Process]) -> None:
        self._processes = processes

    @classmethod
    async def start(cls, url: str, actor_id: int, boards: Sequence[Board]) -> "Rival":
        """On these boards; the last two for each process are those that it looks at the program's moves on."""
        pipe, processes = asyncio.subprocess.PIPE, []
        shared = boards[: -2 * PROCESSES]
        for place in range(PROCESSES):
            arguments = ("-m", "bench.rivals.bare_psycopg", url, str(actor_id), str(place))
            processes.append(await asyncio.create_subprocess_exec(sys.executable, *arguments, stdin=pipe, stdout=pipe))
        self = cls(processes)
        for place, process in enumerate(processes):
            looked_at = boards[len(shared) + 2 * place :][:2]
            self._tell(process, [[board.id, board.lanes, board.tasks] for board in (*shared, *looked_at)])
        assert await self._hear() == [b"ready\n"] * PROCESSES
        return self

    async def moves(self, boards: int, loops: int, seconds: float) -> float:
        """A second, of all processes together, by so many connections, on the first so many boards."""
        for process in self._processes:
            self._tell(process, {"loops": loops // PROCESSES, "seconds": seconds, "boards": boards})
        return sum(map(int, await self._hear())) / seconds

    async def end(self) -> None:
        for process in self._processes:
            assert process.stdin
            process.stdin.close()
            assert await process.wait() == 0

    def _tell(self, process: asyncio.subprocess.Process, words: object) -> None:
        assert process.stdin
        process.stdin.write(json.dumps(words).encode() + b"\n")

    async def _hear(self) -> list[bytes]:
        return [await process.stdout.readline() for process in self._processes if process.stdout]


class Loop:
    """One connection, which moves the same task of each board: to the bottom, to the other lane, and back."""

    def __init__(self, connection: AsyncConnection[Any], kinds: Kinds, boards: Sequence[Board], number: int) -> None:
        self._connection, self._kinds, self._boards, self._number = connection, kinds, boards, number
        self._ranks = count()

    async def run(self, seconds: float, most_boards: int) -> int:
        """Moves that were committed in that time."""
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        for moves, turn in enumerate(count(self._number)):
            kind = ("shift", "send", "send")[turn // most_boards % 3]
            board = self._boards[turn % most_boards]
            lanes = board.lanes if turn // most_boards % 3 == 1 else board.lanes[::-1]
            await self._move(self._kinds[kind], board, *lanes)
            if clock() > end:
                return moves
        raise AssertionError("Counting has no end.")

    async def _move(self, moved_by: Sequence[Statement], board: Board, from_id: int, lane_id: int) -> None:
        known: dict[str, Any] = {
            "task_id": board.tasks[self._number],
            "board_id": board.id,
            "topic": topic("board", board.id),
            "from_id": from_id,
            "lane_id": lane_id,
            "rank": f"z{self._number:02}{next(self._ranks):06}V",
            "now": datetime.now(UTC),
        }
        async with self._connection.cursor() as cursor:
            for statement in moved_by:
                await cursor.execute(statement.text, statement.parameters(known))  # type: ignore[arg-type]  # To psycopg a statement is a literal.
                await _learn_revision(cursor, known)
        await self._connection.commit()


async def _learn_revision(cursor: AsyncCursor[Any], known: dict[str, Any]) -> None:
    """The board's new revision, from whatever returns it first; all rows are fetched, as the program does."""
    if cursor.description is None:
        return
    names = [column.name for column in cursor.description]
    for row in await cursor.fetchall():
        if "revision" in names:
            known.setdefault("revision", row[names.index("revision")])


async def main(url: str, actor_id: str, place: str) -> None:
    lines = asyncio.StreamReader(limit=2**20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    told = json.loads(await lines.readline())
    *boards, one, other = [Board(id, (lanes[0], lanes[1]), tuple(tasks)) for id, lanes, tasks in told]
    kinds = await statements.of_moves(url, Actor(int(actor_id), ""), (one, other))
    address = make_url(url)
    loops: list[Loop] = []
    print("ready", flush=True)
    while line := await lines.readline():
        wanted = json.loads(line)
        while len(loops) < wanted["loops"]:
            options = {"host": address.query["host"], "user": address.username, "dbname": address.database}
            connection = await AsyncConnection.connect(**options)  # type: ignore[arg-type]  # Texts, all of them.
            loops.append(Loop(connection, kinds, boards, PROCESSES * len(loops) + int(place)))
        running = loops[: wanted["loops"]]
        print(
            sum(await asyncio.gather(*(loop.run(wanted["seconds"], wanted["boards"]) for loop in running))), flush=True
        )


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
