"""What of a talk is drawn, and what of it is drawn again."""

from typing import Any

from app.domain import attachments, comments, members, people, reactions, tasks
from app.domain.drawings.talk import NEWEST, TalkDrawing, WholeTalkDrawing
from tests.domain.calls.boards import LOGO, ROOM
from tests.domain.saying import say, talk
from tests.support.statements import sent
from tests.support.world import World, drawn


async def test_the_newest_are_shown_and_all_to_those_who_ask(world: World):
    ids = [await say(world, world.ana, f"{number}") for number in range(NEWEST + 3)]
    view, _ = await talk(world)
    assert (view.comments, view.count, view.is_cut) == (tuple(ids[3:]), NEWEST + 3, False)
    assert (await talk(world, WholeTalkDrawing))[0].comments == tuple(ids)
    for number in range(12):
        await say(world, world.ana, f"{number:019999}")
    view, _ = await talk(world, WholeTalkDrawing)
    assert (len(view.comments), view.is_cut) == (10, True)


async def test_what_changes_is_drawn_again_and_nothing_else(world: World):
    drawing: Any = TalkDrawing(world.task_id)
    first, second = await say(world, world.ana, "One"), await say(world, world.ben, "Two")
    async with world.db.reading() as tx:
        assert await drawing.draw(tx)
    seen, before = (await world.revisions())["board:1"], dict(drawing.entities())
    await world.do(comments.edit, world.ben, second, "Two and a half", 0)
    await world.do(reactions.add, world.ana, second, "eyes")
    third = await say(world, world.ana, "Three")
    await say(world, world.ana, "Elsewhere", task_id=world.tasks["Order stickers"])
    await world.do(tasks.complete, world.ana, world.task_id)
    await world.do(attachments.add, world.ana, world.task_id, LOGO, ROOM)
    changes = await world.changes("board:1", seen)
    assert not drawing.needs_snapshot(changes)
    with sent(world.db) as statements:
        async with world.db.reading() as tx:
            assert await drawing.redraw(tx, changes)
    assert len([text for text, _ in statements if text.startswith("SELECT")]) == 2
    after = dict(drawing.entities())
    assert after[f"c{first}"] is before[f"c{first}"]
    assert after == await drawn(world.db, TalkDrawing(world.task_id))
    assert {key for key in after if after[key] != before.get(key)} == {
        f"c{second}",
        f"c{third}",
        f"talk{world.task_id}",
    }
    await world.do(people.change_profile, world.ben, "Benjamin", "teal")
    changes = await world.changes(f"workspace:{world.workspace_id}", 0)
    async with world.db.reading() as tx:
        assert await drawing.redraw(tx, changes[-1:])
    assert drawing.entities()[f"c{second}"].author == "Benjamin"
    await world.do(members.remove, world.ana, world.workspace_id, world.ben.id)
    async with world.db.reading() as tx:
        assert await drawing.redraw(tx, (await world.changes(f"workspace:{world.workspace_id}"))[-1:])
    assert world.ben.id not in drawing.viewers
