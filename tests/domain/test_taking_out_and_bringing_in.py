"""Boards that are taken away as a file and brought in from one: without loss, whole or not at all, in nobody's name."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.domain import (
    acquaintances,
    boards,
    comments,
    exporting,
    importing,
    lanes,
    moving,
    reactions,
    sharing,
    tasks,
    workspaces,
)
from app.domain import people as people_verbs
from app.domain.access import Actor
from app.domain.carried import Comment, File, Load, Someone
from app.domain.drawings.talk import TalkDrawing
from app.domain.drawings.task import TaskDrawing
from app.domain.errors import NotAllowed, NotFound
from app.domain.models import Audit, News
from app.domain.models import Comment as CommentRow
from app.domain.models import Task as TaskRow
from app.formats import source, written
from app.formats.tandem import TandemFile
from tests.support.loads import a_load, a_task
from tests.support.world import World, drawn

THEN = datetime(2027, 3, 31, 12, tzinfo=UTC)


async def exported(world: World, actor: Actor, id: int, reader=exporting.of_board) -> str:
    """The file that somebody has."""
    async with world.db.reading() as tx:
        load = (await reader(tx, actor, id)).load
        return "".join([part async for part in written.lines(load, THEN)])


def file_of(text: str, folder: Path) -> Load:
    path = folder / "file.json"
    path.write_text(text)
    return source.load(TandemFile(path))


async def furnish(world: World) -> None:
    """Something of everything that a file has."""
    await world.give_role(world.cleo, "commenter")
    task_id = world.task_id
    comment = await world.do(comments.add, world.cleo, task_id, "Which one, @[Ben](person:2)?", str(uuid4()))
    await world.do(comments.edit, world.cleo, comment, "Which ones, @[Ben](person:2) and @[Ana](person:1)?", 0)
    await world.do(comments.add, world.ben, task_id, "NVDA.\n\n> “first” <b> &", str(uuid4()))
    gone = await world.do(comments.add, world.ben, task_id, "Never mind", str(uuid4()))
    await world.do(comments.remove, world.ben, gone)
    await world.do(reactions.add, world.ana, comment, "heart")
    await world.do(reactions.add, world.ben, comment, "eyes")
    await world.do(tasks.describe, world.ana, task_id, "Line\n\n- with “quotes” and \\ and 🚲\n", 0)
    await world.do(tasks.trash, world.ana, world.tasks["Order stickers"])
    await world.do(moving.send, world.ana, task_id, world.lanes["Done"])
    await world.do(lanes.add, world.ana, world.board_id, "Empty, yet")


async def test_a_board_that_is_taken_out_and_brought_in_is_the_same(world: World, tmp_path: Path):
    await furnish(world)
    first = await exported(world, world.ana, world.board_id)
    assert all(words in first for words in ("ana@tandem.example", "Which one, @[Ben](person:2)?", "🚲", '"heart"'))
    assert "Order stickers" not in first and "Never mind" not in first
    [copy] = await world.do(importing.add, world.ana, world.workspace_id, file_of(first, tmp_path), "file")
    assert copy != world.board_id
    assert await exported(world, world.ana, copy) == first


async def test_so_is_a_workspace_with_private_and_archived_boards(world: World, tmp_path: Path):
    await furnish(world)
    private = await world.do(boards.create, world.ana, world.workspace_id, "Plans", is_private=True)
    await world.do(sharing.add, world.ana, private, world.ben.id)
    old = await world.do(boards.create, world.ana, world.workspace_id, "Old")
    await world.do(boards.archive, world.ana, old)
    await world.do(boards.create, world.ben, world.workspace_id, "Ben's own", is_private=True)
    first = await exported(world, world.ana, world.workspace_id, exporting.of_workspace)
    assert "Ben's own" not in first and '"insiders": [1, 2]' in first
    ids = await world.do(importing.add, world.ana, world.workspace_id, file_of(first, tmp_path), "file")
    assert len(ids) == 3
    had, has = (
        json.loads(first),
        json.loads(await exported(world, world.ana, world.workspace_id, exporting.of_workspace)),
    )
    assert has["boards"] == had["boards"] * 2
    assert {**has, "boards": had["boards"]} == had


async def test_a_new_workspace_is_made_of_a_file_and_keeps_the_names_of_those_who_are_not_in_it(
    world: World, tmp_path: Path
):
    await furnish(world)
    first = await exported(world, world.ana, world.workspace_id, exporting.of_workspace)
    workspace_id, _ = await world.do(importing.start, world.ana, "Tandem again", file_of(first, tmp_path), "file")
    made = json.loads(await exported(world, world.ana, workspace_id, exporting.of_workspace))
    assert made["workspace"] == {**json.loads(first)["workspace"], "name": "Tandem again"}
    assert [person["name"] for person in made["people"]] == ["Ana"]
    here, there = ({task["title"]: task for task in it["boards"][0]["tasks"]} for it in (json.loads(first), made))
    assert here.keys() == there.keys()
    task = there["Check every page with a screen reader"]
    assert task["assignees"] == [] and task["description"].endswith("\n\n---\n\nAssigned to: Ben")
    assert [said["author"] for said in task["comments"]] == ["Cleo", "Ben"]
    assert task["comments"][0]["body"] == "Which ones, @Ben and @[Ana](person:1)?"


async def test_what_a_file_claims_that_somebody_said_is_in_nobodys_name(world: World, tmp_path: Path):
    said = Comment("I approve of this", "Ben", THEN)
    [board_id] = await world.do(
        importing.add, world.ana, world.workspace_id, a_load(a_task(author="Ben", comments=(said,))), "everyone"
    )
    [task] = await world.rows(select(TaskRow).where(col(TaskRow.board_id) == board_id))
    [comment] = await world.rows(select(CommentRow).where(col(CommentRow.task_id) == task.id))
    assert (task.created_by, comment.created_by) == (world.ana.id, world.ana.id)
    shown = (await drawn(world.db, TalkDrawing(task.id)) or {})[f"c{comment.id}"]
    assert (shown.author, shown.author_id, shown.brought_by) == ("Ben", 0, "Ana")
    detail = (await drawn(world.db, TaskDrawing(task.id)) or {})[f"d{task.id}"]
    assert (detail.created_by, detail.brought_by) == ("Ben", "Ana")
    for person in (world.ana, world.ben):
        with pytest.raises(NotAllowed, match="Only its author can edit a comment"):
            await world.do(comments.edit, person, comment.id, "I do not", 0)
    before = await world.rows(select(News.id))
    await world.do(tasks.complete, world.ben, task.id)
    assert await world.rows(select(News.id)) == before, "Who brought in a thousand tasks does not watch them all."


async def test_what_has_no_place_here_stays_as_text(world: World):
    file = File("logo.png", 12_000, "image/png", "5" * 64, "Ben", THEN)
    people = {1: Someone("Ben"), 2: Someone("Nobody Here"), 3: Someone("Ben", "ben@tandem.example")}
    long = "x" * 19_990
    rows = [
        a_task("One", assignees=(1, 2), files=(file,), notes=("Labels: urgent",), description="As said."),
        a_task("Two", order=1, description=long, notes=("Labels: urgent",), comments=(Comment("Yes", "Cleo"),)),
    ]
    [board_id] = await world.do(importing.add, world.ana, world.workspace_id, a_load(*rows, people=people), "everyone")
    one, two = json.loads(await exported(world, world.ana, board_id))["boards"][0]["tasks"]
    assert one["assignees"] == [2]
    assert one["description"] == (
        "As said.\n\n---\n\nLabels: urgent\n\nAssigned to: Nobody Here\n\n"
        "Files that did not come along:\n- logo.png (12 KB)"
    )
    assert two["description"] == long
    assert [(said["author"], said["body"]) for said in two["comments"]] == [("Ana", "Labels: urgent"), ("Cleo", "Yes")]


async def test_people_are_found_by_address_only_for_those_who_may_see_addresses(world: World):
    people = {1: Someone("B. Smith", "BEN@tandem.example"), 2: Someone(" ana ", "somebody@else.example")}
    await world.do(people_verbs.sign_up, "Ana", "ana2@tandem.example", "no password")
    for person, known in ((world.ana, {1: 2, 2: 1}), (world.ben, {2: 1})):
        async with world.db.reading() as tx:
            here = await acquaintances.around(tx, person, world.workspace_id)
        assert here.recognised(people) == known


async def test_on_a_board_for_oneself_nobody_else_is_assigned_or_mentioned_and_nobody_learns_its_name(world: World):
    rows = [a_task(assignees=(1, 2), comments=(Comment("See @[Ben](person:1), @[Ana](person:2)", "Cleo"),))]
    people = {1: Someone("Ben"), 2: Someone("Ana")}
    before = (await world.revisions())["workspace:1"]
    [board_id] = await world.do(importing.add, world.ana, 1, a_load(*rows, people=people), "me")
    [task] = json.loads(await exported(world, world.ana, board_id))["boards"][0]["tasks"]
    assert task["assignees"] == [1] and task["description"] == "Assigned to: Ben"
    assert task["comments"][0]["body"] == "See @Ben, @[Ana](person:1)"
    assert [change.details for change in await world.changes("workspace:1", before)] == [{"source": "csv", "tasks": 1}]
    with pytest.raises(NotFound):
        await exported(world, world.ben, board_id)
    noted = await world.rows(select(Audit).where(Audit.kind == "board.imported"))
    assert [(entry.actor_id, entry.subject) for entry in noted] == [(1, f"board {board_id}")]


async def test_who_may_take_what_away_and_with_which_addresses(world: World):
    archived = await world.do(boards.create, world.ana, world.workspace_id, "Old")
    await world.do(boards.archive, world.ana, archived)
    stranger = await world.newcomer()
    assert "ben@tandem.example" in await exported(world, world.ana, world.board_id)
    assert '"name": "Old"' in await exported(world, world.ana, archived)
    assert "@tandem.example" not in await exported(world, world.ben, world.board_id)
    for person, id, reader, refusal in [
        (world.ben, 1, exporting.of_workspace, NotAllowed),
        (world.cleo, 1, exporting.of_board, NotAllowed),
        (stranger, 1, exporting.of_board, NotFound),
        (stranger, 1, exporting.of_workspace, NotFound),
        (stranger, 99_999, exporting.of_board, NotFound),
    ]:
        with pytest.raises(refusal):
            await exported(world, person, id, reader)
    await world.do(workspaces.delete, world.ana, world.workspace_id, "Tandem team")
    with pytest.raises(NotFound):
        await exported(world, world.ana, world.board_id)
