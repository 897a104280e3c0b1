"""What a command and an opened board cost in statements, whatever the size of the board."""

from collections.abc import Awaitable, Callable, Collection
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.domain import boards, history, lanes, moving, tasks, watching
from app.domain.drawings.board import BoardDrawing
from app.domain.models import Inbox, Member, News, Person
from tests.support.statements import sent
from tests.support.world import World

A_COMMAND = 4
"""Count up the revision, find the thing, change it, record it."""
LATER = 1
"""Note that those who watch are to be told."""
TELLING = 6
"""Take what is still to be told; write the news; hold the inboxes, count them up, record it in each; let go of what the
news supersede."""
WRITING = 2
"""Ask for quiet hours, and put what is to be sent into the outbox."""
A_BOARD = 6


ANAS_OWN = "Agree on the price of the team plan"
"""A task that nobody but Ana watches."""
COMMANDS: dict[str, Callable[[World], Awaitable[Any]]] = {
    "add": lambda w: w.do(tasks.add, w.ana, w.lanes["Doing"], ["One more"]),
    "rename": lambda w: w.do(tasks.rename, w.ana, w.task_id, "Renamed", 0),
    "describe": lambda w: w.do(tasks.describe, w.ana, w.task_id, "Described", 0),
    "complete": lambda w: w.do(tasks.complete, w.ana, w.tasks[ANAS_OWN]),
    "move": lambda w: w.do(moving.move, w.ana, w.tasks[ANAS_OWN], w.lanes["Doing"], None),
    "send": lambda w: w.do(moving.send, w.ana, w.tasks[ANAS_OWN], w.lanes["Doing"]),
    "up": lambda w: w.do(moving.shift, w.ana, w.task_id, "up"),
    "assign": lambda w: w.do(tasks.assign, w.ana, w.task_id, w.ana.id),
    "due": lambda w: w.do(tasks.set_due, w.ana, w.task_id, date(2027, 1, 1)),
    "priority": lambda w: w.do(tasks.set_priority, w.ana, w.task_id, 4),
    "trash": lambda w: w.do(tasks.trash, w.ana, w.task_id),
    "rename lane": lambda w: w.do(lanes.rename, w.ana, w.lanes["Doing"], "At it"),
}


@pytest.mark.parametrize("name", COMMANDS)
async def test_a_command_that_tells_nobody_takes_four_statements(world: World, name: str):
    with sent(world.db) as statements:
        await COMMANDS[name](world)
    assert statements, "The premise: the command did something."
    assert len(statements) <= A_COMMAND, "\n".join(text for text, _ in statements)


async def test_two_hundred_who_watch_cost_as_many_statements_as_two_and_the_author_a_single_row(world: World):
    few, many = world.tasks["Order stickers"], world.task_id
    crowd = await gather_a_crowd(world, 200)
    for task_id, people in ((few, crowd[:2]), (many, crowd)):
        async with world.db.transaction() as tx:
            tx.keep()
            await watching.watch(tx, task_id, people, "mentioned")
    left: list[Collection[int]] = []
    world.db.follow = noting(left)
    counts = []
    for task_id, told in ((few, 3), (many, 201)):
        with sent(world.db) as authors:
            await world.do(tasks.complete, world.ana, task_id)
        assert left.pop() == [task_id]
        with sent(world.db) as statements:
            await world.db.tell_watchers([task_id])
        counts.append((len(authors), len(statements)))
        shown = col(News.task_id) == task_id, col(News.kind) == "completed", col(News.is_shown)
        assert len(await world.rows(select(col(News.id)).where(*shown))) == told
    a_command = A_COMMAND if world.db.is_sqlite else A_COMMAND - 1  # It is changed and recorded in one there.
    assert counts[0] == counts[1] == (a_command + LATER, TELLING)


def noting(left: list[Collection[int]]) -> Callable[[Collection[int]], Awaitable[None]]:
    async def note(task_ids: Collection[int]) -> None:
        left.append(task_ids)

    return note


async def test_a_command_that_has_somebody_written_to_takes_two_more(world: World):
    with sent(world.db) as statements:
        await world.do(tasks.assign, world.ana, world.tasks[ANAS_OWN], world.cleo.id)
    assert len(statements) <= A_COMMAND + TELLING + WRITING, "\n".join(text for text, _ in statements)


async def test_who_asks_after_no_topic_asks_the_database_nothing(world: World):
    async with world.db.reading() as tx:
        with sent(world.db) as statements:
            assert not await history.changes_after(tx, {}, 500)
            assert not await history.revisions(tx, [])
    assert statements == []


async def gather_a_crowd(world: World, size: int) -> list[int]:
    """So many more members of the workspace."""
    async with world.db.unrecorded() as session:
        people = [
            Person(name=f"P {number}", email=f"p{number}@tandem.example", color="teal", password_hash="")
            for number in range(size)
        ]
        session.add_all(people)
        await session.flush()
        for person in people:
            session.add(Inbox(id=person.id))
            session.add(Member(workspace_id=world.workspace_id, person_id=person.id, role="member"))
        return [person.id for person in people]


async def test_opening_a_board_takes_as_many_statements_with_many_tasks_as_with_none(world: World):
    empty = await world.do(boards.create, world.ana, world.workspace_id, "Empty")
    await world.do(tasks.add, world.ana, world.lanes["To do"], [f"Task {number}" for number in range(200)])
    counts = []
    for board_id in (empty, world.board_id):
        with sent(world.db) as statements:
            async with world.db.reading() as tx:
                assert await BoardDrawing(board_id).draw(tx)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= A_BOARD
