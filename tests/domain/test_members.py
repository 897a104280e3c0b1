"""Members: roles, removing, leaving. A workspace always keeps an owner."""

import pytest
from sqlalchemy import select

from app.domain import members, tasks
from app.domain.errors import Invalid, NotAllowed, NotFound
from app.domain.models import Assignment
from tests.support.world import World


async def test_an_admin_gives_roles(world: World):
    await world.do(members.change_role, world.ana, world.workspace_id, world.ben.id, "admin")
    await world.do(members.change_role, world.ben, world.workspace_id, world.cleo.id, "member")
    assert await world.role(world.cleo) == "member"
    await world.do(tasks.complete, world.cleo, world.task_id)


async def test_only_owners_make_and_unmake_owners(world: World):
    await world.give_role(world.ben, "admin")
    for verb, person, *role in (
        (members.change_role, world.cleo, "owner"),
        (members.change_role, world.ben, "owner"),
        (members.change_role, world.ana, "viewer"),
        (members.remove, world.ana),
    ):
        with pytest.raises(NotAllowed, match="Only an owner can make or unmake an owner"):
            await world.do(verb, world.ben, world.workspace_id, person.id, *role)
    await world.do(members.change_role, world.ana, world.workspace_id, world.ben.id, "owner")
    await world.do(members.change_role, world.ben, world.workspace_id, world.ana.id, "viewer")
    assert (await world.role(world.ana), await world.role(world.ben)) == ("viewer", "owner")


async def test_the_last_owner_can_neither_leave_nor_be_removed_nor_be_lowered(world: World):
    for verb, *arguments in (
        (members.leave,),
        (members.remove, world.ana.id),
        (members.change_role, world.ana.id, "admin"),
    ):
        with pytest.raises(Invalid, match="A workspace keeps at least one owner"):
            await world.do(verb, world.ana, world.workspace_id, *arguments)
    await world.give_role(world.ben, "owner")
    await world.do(members.leave, world.ana, world.workspace_id)
    assert await world.role(world.ana) is None


async def test_a_role_that_does_not_exist_gets_a_sentence(world: World):
    for role in ("king", "", "Owner"):
        with pytest.raises(Invalid, match="A role is one of owner, admin, member, commenter, viewer"):
            await world.do(members.change_role, world.ana, world.workspace_id, world.ben.id, role)


async def test_who_is_removed_is_off_every_task_and_can_do_nothing_more(world: World):
    mine = select(Assignment.task_id).where(Assignment.person_id == world.ben.id)
    assert await world.rows(mine)
    await world.do(members.remove, world.ana, world.workspace_id, world.ben.id)
    assert await world.rows(mine) == []
    with pytest.raises(NotFound, match="This task is gone, or it is not shared with you"):
        await world.do(tasks.complete, world.ben, world.task_id)
    with pytest.raises(NotFound, match="This person is not a member of the workspace any more"):
        await world.do(members.remove, world.ana, world.workspace_id, world.ben.id)


async def test_leaving_keeps_the_tasks_of_other_workspaces(world: World):
    garden = await world.elsewhere()
    await world.do(tasks.assign, world.ben, garden.task_id, world.ben.id)
    await world.do(members.leave, world.ben, world.workspace_id)
    assert await world.rows(select(Assignment.task_id).where(Assignment.person_id == world.ben.id)) == [garden.task_id]


async def test_an_owner_hands_the_workspace_over_in_one_step(world: World):
    await world.do(members.hand_over, world.ana, world.workspace_id, world.cleo.id)
    assert (await world.role(world.ana), await world.role(world.cleo)) == ("admin", "owner")
    with pytest.raises(NotAllowed, match="Only an owner can hand over the workspace"):
        await world.do(members.hand_over, world.ana, world.workspace_id, world.ben.id)


async def test_a_workspace_is_handed_to_somebody_else_who_is_in_it(world: World):
    dora = await world.newcomer()
    for person_id in (dora.id, 99_999):
        with pytest.raises(NotFound, match="not a member of the workspace any more"):
            await world.do(members.hand_over, world.ana, world.workspace_id, person_id)
    with pytest.raises(Invalid, match="You are an owner already"):
        await world.do(members.hand_over, world.ana, world.workspace_id, world.ana.id)
    assert await world.role(world.ana) == "owner"
