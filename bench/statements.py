"""The statements of a move as the program really sends them, with blanks where one move differs from another.

Each kind of move is made a few times, on boards and tasks of which no two ids are alike, while what goes to psycopg is
noted. A value that is the same every time stays as it is; one that differs must be something that is known here
(`_known`), or the program sends something that whoever replays this has to learn first.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Json
from sqlalchemy import select
from sqlmodel import col

from app.db import Database
from app.domain import moving
from app.domain.access import Actor
from app.domain.models import Task
from app.domain.streams import topic
from app.domain.transaction import Transaction
from tests.support.statements import Sent
from tests.support.statements import sent as sent_to


@dataclass(frozen=True)
class Board:
    """Where moves are made: tasks that stand in the first of two lanes."""

    id: int
    lanes: tuple[int, int]
    tasks: tuple[int, ...]


@dataclass(frozen=True)
class Statement:
    text: str
    constants: Mapping[str, Any]
    blanks: Mapping[str, str]
    """Of parameters, by name: what they ask for."""

    def parameters(self, known: Mapping[str, Any]) -> dict[str, Any]:
        return {**self.constants, **{name: known[slot] for name, slot in self.blanks.items()}}


Kinds = Mapping[str, Sequence[Statement]]


async def of_moves(url: str, actor: Actor, boards: Sequence[Board]) -> Kinds:
    """The statements of `shift` (to the bottom) and of `send`, between BEGIN and COMMIT; moves tasks of `boards`."""
    db = Database(url)

    async def shift(tx: Transaction, board: Board) -> None:
        await moving.shift(tx, actor, board.tasks[0], "bottom")

    async def send(tx: Transaction, board: Board) -> None:
        await moving.send(tx, actor, board.tasks[0], board.lanes[1])

    try:
        async with db.transaction() as tx:  # Or revisions and ranks would be alike on all boards.
            await moving.shift(tx, actor, boards[0].tasks[1], "bottom")
            await moving.send(tx, actor, boards[0].tasks[2], boards[0].lanes[1])
        return {name: await _taken(db, verb, boards) for name, verb in (("shift", shift), ("send", send))}
    finally:
        await db.close()


async def _taken(
    db: Database, verb: Callable[[Transaction, Board], Awaitable[None]], boards: Sequence[Board]
) -> list[Statement]:
    takes: list[tuple[Sent, dict[str, Any]]] = []
    for board in boards:
        with sent_to(db) as sent:
            async with db.transaction() as tx:
                await verb(tx, board)
        takes.append((sent, await _known(db, board, tx.news)))
    first, others = takes[0][0], [sent for sent, _ in takes[1:]]
    assert others and first, "A move that sends nothing, or is made once, tells nothing."
    alike = [slot for slot in takes[0][1] if len({known[slot] for _, known in takes}) < len(takes)]
    assert not alike, f"These do not tell moves apart: {alike}."
    assert all([text for text, _ in sent] == [text for text, _ in first] for sent in others), "Moves of a kind differ."
    return [_statement(number, takes) for number in range(len(first))]


async def _known(db: Database, board: Board, news: Mapping[str, int]) -> dict[str, Any]:
    """What each slot held in the move that was just made."""
    async with db.reading() as tx:
        where = col(Task.id) == board.tasks[0]
        lane_id, rank = (await tx.session.execute(select(col(Task.lane_id), col(Task.rank)).where(where))).one()
    name = topic("board", board.id)
    assert name in news, "The move changed nothing."
    return {
        "task_id": board.tasks[0],
        "lane_id": lane_id,
        "from_id": board.lanes[0],
        "board_id": board.id,
        "topic": name,
        "revision": news[name],
        "rank": rank,
    }


def _statement(number: int, takes: Sequence[tuple[Sent, dict[str, Any]]]) -> Statement:
    text, first = takes[0][0][number]
    constants, blanks = {}, {}
    for name, value in first.items():
        values = [sent[number][1][name] for sent, _ in takes]
        if isinstance(value, Json) or all(other == value for other in values):
            constants[name] = value  # Of JSON the size is what counts.
        elif isinstance(value, datetime):
            blanks[name] = "now"
        else:
            blanks[name] = _slot(name, values, [known for _, known in takes])
    return Statement(text, constants, blanks)


def _slot(name: str, values: Sequence[Any], known: Sequence[Mapping[str, Any]]) -> str:
    fitting = [slot for slot in known[0] if [each[slot] for each in known] == list(values)]
    assert fitting, f"Nothing here is known to be {values}, which moves send as {name}."
    return fitting[0]
