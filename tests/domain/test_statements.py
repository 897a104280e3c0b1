"""What a command and an opened board cost in statements, whatever the size of the board."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from app.db import Database
from app.domain import boards, lanes, moving, tasks
from app.domain.drawings.board import BoardDrawing
from tests.support.world import World

A_COMMAND = 4
"""Count up the revision, find the thing, change it, record it."""
A_BOARD = 6


@contextmanager
def counted(db: Database) -> Iterator[list[str]]:
    """The statements that the block runs, without those that begin and end transactions."""
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(db.engine.sync_engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.engine.sync_engine, "before_cursor_execute", note)


COMMANDS: dict[str, Callable[[World], Awaitable[Any]]] = {
    "add": lambda w: w.do(tasks.add, w.ana, w.lanes["Doing"], ["One more"]),
    "rename": lambda w: w.do(tasks.rename, w.ana, w.task_id, "Renamed", 0),
    "describe": lambda w: w.do(tasks.describe, w.ana, w.task_id, "Described", 0),
    "complete": lambda w: w.do(tasks.complete, w.ana, w.task_id),
    "move": lambda w: w.do(moving.move, w.ana, w.task_id, w.lanes["Doing"], None),
    "send": lambda w: w.do(moving.send, w.ana, w.task_id, w.lanes["Doing"]),
    "up": lambda w: w.do(moving.shift, w.ana, w.task_id, "up"),
    "assign": lambda w: w.do(tasks.assign, w.ana, w.task_id, w.cleo.id),
    "due": lambda w: w.do(tasks.set_due, w.ana, w.task_id, date(2027, 1, 1)),
    "priority": lambda w: w.do(tasks.set_priority, w.ana, w.task_id, 4),
    "trash": lambda w: w.do(tasks.trash, w.ana, w.task_id),
    "rename lane": lambda w: w.do(lanes.rename, w.ana, w.lanes["Doing"], "At it"),
}


@pytest.mark.parametrize("name", COMMANDS)
async def test_a_command_takes_four_statements(world: World, name: str):
    with counted(world.db) as statements:
        await COMMANDS[name](world)
    assert statements, "The premise: the command did something."
    assert len(statements) <= A_COMMAND, "\n".join(statements)


async def test_opening_a_board_takes_as_many_statements_with_many_tasks_as_with_none(world: World):
    empty = await world.do(boards.create, world.ana, world.workspace_id, "Empty")
    await world.do(tasks.add, world.ana, world.lanes["To do"], [f"Task {number}" for number in range(200)])
    counts = []
    for board_id in (empty, world.board_id):
        with counted(world.db) as statements:
            async with world.db.reading() as tx:
                assert await BoardDrawing(board_id).draw(tx)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= A_BOARD
