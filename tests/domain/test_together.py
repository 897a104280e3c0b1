"""Several people at the same moment: one order, no gap, nobody gets in twice."""

import asyncio
from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from app.domain import invites, members, moving, people, tasks, workspaces
from app.domain.errors import NotFound
from app.domain.models import Assignment, Change, Invite, Member, Task
from tests.domain.test_invites import DAY
from tests.support.world import World


async def test_two_moves_into_one_slot_end_in_one_order(world: World):
    lane_id, anchor = world.lanes["Done"], world.tasks["Choose the name"]
    movers = [world.tasks[title] for title in await world.titles("To do")]
    for ours, theirs in combinations(movers, 2):
        await asyncio.gather(
            world.do(moving.move, world.ana, ours, lane_id, anchor),
            world.do(moving.move, world.ben, theirs, lane_id, anchor),
        )
        ids = await world.rows(select(Task.id).where(Task.lane_id == lane_id).order_by(Task.rank))
        place = ids.index(anchor)
        assert {ours, theirs} == set(ids[place + 1 : place + 3])
    ranks = await world.rows(select(Task.rank).where(Task.lane_id == lane_id))
    assert len(set(ranks)) == len(ranks)
    await assert_gapless(world)


async def test_thirty_who_add_at_once_each_get_a_revision_of_their_own(world: World):
    before = (await world.revisions())["board:1"]
    world.announced.clear()
    titles = [f"Idea {number}" for number in range(30)]
    await asyncio.gather(*(world.do(tasks.add, world.ana, world.lanes["To do"], [title]) for title in titles))
    assert set(await world.titles("To do")) >= set(titles)
    assert sorted(news["board:1"] for news in world.announced) == list(range(before + 1, before + 31))
    await assert_gapless(world)


async def test_two_who_rename_at_once_lose_neither_text(world: World):
    texts = ["What Ana wrote", "What Ben wrote"]
    answers = await asyncio.gather(
        *(world.do(tasks.rename, world.ana, world.task_id, text, 0) for text in texts), return_exceptions=True
    )
    [conflict] = [answer for answer in answers if answer is not None]
    assert {conflict.mine, conflict.theirs} == set(texts)


async def test_an_invitation_for_three_lets_three_of_twenty_in(world: World):
    token = await world.do(invites.create, world.ana, world.workspace_id, "member", DAY, 3)
    crowd = [await world.newcomer(f"Guest{number}") for number in range(20)]
    answers = await asyncio.gather(*(world.do(invites.accept, guest, token) for guest in crowd), return_exceptions=True)
    assert sorted(map(str, answers)) == sorted([str(world.workspace_id)] * 3 + [invites.REFUSED] * 17)
    assert (await world.rows(select(Invite.uses).where(Invite.max_uses == 3))) == [3]
    joined = await world.rows(select(Member.person_id).where(Member.workspace_id == world.workspace_id))
    assert len(joined) == 3 + 3
    await assert_gapless(world)


async def test_two_tabs_of_one_person_use_an_invitation_once(world: World):
    token = await world.do(invites.create, world.ana, world.workspace_id, "member", DAY, 5)
    dora = await world.newcomer("Dora")
    answers = await asyncio.gather(*(world.do(invites.accept, dora, token) for _ in range(2)))
    assert answers == [world.workspace_id] * 2
    assert (await world.rows(select(Invite.uses).where(Invite.max_uses == 5))) == [1]


async def test_two_owners_who_leave_at_once_leave_one_behind(world: World):
    await world.give_role(world.ben, "owner")
    answers = await asyncio.gather(
        *(world.do(members.leave, owner, world.workspace_id) for owner in (world.ana, world.ben)),
        return_exceptions=True,
    )
    assert sum(answer is None for answer in answers) == 1
    assert await world.rows(select(Member.role).where(Member.role == "owner")) == ["owner"]


async def test_two_sign_ups_with_one_address_make_one_account(world: World):
    answers = await asyncio.gather(
        *(world.do(people.sign_up, "Dora", "dora@tandem.example", "a hash") for _ in range(2)), return_exceptions=True
    )
    assert sum(hasattr(answer, "sentence") for answer in answers) == 1


async def test_whose_removal_is_waited_for_is_refused(world: World):
    """The command has looked Ben up and waits for the board; when it gets the board, Ben is out."""
    await world.do(tasks.unassign, world.ana, world.task_id, world.ben.id)
    async with world.db.transaction() as tx:
        await members.remove(tx, world.ana, world.workspace_id, world.ben.id)
        command = asyncio.create_task(world.do(tasks.complete, world.ben, world.task_id))
        await until_waiting(world, command)
    with pytest.raises(NotFound, match="This task is gone, or it is not shared with you"):
        await command
    assert (await world.row(Task, world.task_id)).completed_at is None


async def test_nobody_is_assigned_while_being_removed(world: World):
    task_id = world.tasks["Order stickers"]
    async with world.db.transaction() as tx:
        await members.remove(tx, world.ana, world.workspace_id, world.ben.id)
        command = asyncio.create_task(world.do(tasks.assign, world.ana, task_id, world.ben.id))
        await until_waiting(world, command)
    with pytest.raises(NotFound, match="Only people who can see this board can be assigned"):
        await command
    await assert_gapless(world)


async def test_nobody_who_is_being_assigned_is_removed_halfway(world: World):
    task_id = world.tasks["Order stickers"]
    async with world.db.transaction() as tx:
        await tasks.assign(tx, world.ana, task_id, world.ben.id)
        command = asyncio.create_task(world.do(members.remove, world.ana, world.workspace_id, world.ben.id))
        await until_waiting(world, command)
    await command
    assert world.ben.id not in await world.rows(select(Assignment.person_id))
    await assert_gapless(world)


async def test_what_waits_while_the_workspace_is_deleted_is_refused(world: World):
    """The command has found the workspace alive and waits for the board; when it gets the board, all is gone."""
    async with world.db.transaction() as tx:
        await workspaces.delete(tx, world.ana, world.workspace_id, "Tandem team")
        command = asyncio.create_task(world.do(tasks.complete, world.ben, world.task_id))
        await until_waiting(world, command)
    with pytest.raises(NotFound, match="This task is gone, or it is not shared with you"):
        await command
    assert (await world.row(Task, world.task_id)).completed_at is None


async def test_a_workspace_is_deleted_once_what_goes_on_at_its_boards_has_ended(world: World):
    async with world.db.transaction() as tx:
        await tasks.complete(tx, world.ben, world.task_id)
        command = asyncio.create_task(world.do(workspaces.delete, world.ana, world.workspace_id, "Tandem team"))
        await until_waiting(world, command)
    await command
    assert (await world.row(Task, world.task_id)).completed_at
    places = col(Change.topic).not_like("inbox:%")
    kinds = await world.rows(select(Change.kind).where(places).order_by(col(Change.id).desc()).limit(2))
    assert kinds == ["workspace.deleted", "task.completed"]


async def until_waiting(world: World, command: asyncio.Task[Any]) -> None:
    """Until the command waits for a lock that another transaction holds."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    await asyncio.sleep(0)  # On SQLite it waits for its turn from the first step.
    while not world.db.is_sqlite and not command.done():
        async with world.db.reading() as tx:
            if (await tx.session.execute(text(query))).scalar_one():
                return
    assert not command.done(), "It did not wait."


async def assert_gapless(world: World) -> None:
    for topic, revision in (await world.revisions()).items():
        assert [change.revision for change in await world.changes(topic)] == list(range(1, revision + 1))
