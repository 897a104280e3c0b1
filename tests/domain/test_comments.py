"""Comments: who may say, change and remove what, and what is kept."""

import pytest

from app.domain import boards, comments, reactions, tasks
from app.domain.access import Actor
from app.domain.drawings.board import BoardDrawing
from app.domain.errors import Invalid, NotAllowed, NotFound
from tests.domain.saying import say, talk
from tests.support.world import World, drawn


async def count(world: World) -> int:
    return (await drawn(world.db, BoardDrawing(1)) or {})[f"t{world.task_id}"].comments


async def test_what_is_said_shows_in_the_open_task_and_is_counted_on_its_card(world: World):
    first, second = await say(world, world.ana, "NVDA **first**."), await say(world, world.ben, "\n  Then VoiceOver.\n")
    view, shown = await talk(world)
    assert (view.comments, view.count, view.is_cut) == ((first, second), 2, False)
    assert [(c.author, c.body, c.version, c.edited_at) for c in shown] == [
        ("Ana", "NVDA **first**.", 0, ""),
        ("Ben", "  Then VoiceOver.", 0, ""),
    ]
    assert await count(world) == 2
    await world.do(comments.remove, world.ana, first)
    assert (await talk(world))[0].comments == (second,)
    assert await count(world) == 1
    await world.do(comments.restore, world.ana, first)
    assert (await talk(world))[0].comments == (first, second), "It is back in its place."


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "A comment needs at least one character."),
        (" \n\u200b\u2800 ", "A comment needs at least one character."),
        ("a" * 20_001, "A comment can have 20,000 characters at most; this one has 20,001."),
        ("@[Zed](person:99999)", "Only people who can see this board can be mentioned, which “Zed” cannot."),
        (
            " ".join(f"@[P](person:{id})" for id in range(1, 52)),
            "A comment can mention 50 people at most; this one mentions 51.",
        ),
    ],
)
async def test_what_cannot_be_said_gets_a_sentence(world: World, body: str, sentence: str):
    mine = await say(world, world.ana, "Before")
    for verb, arguments in ((comments.add, (world.task_id, body, "01234567")), (comments.edit, (mine, body, 0))):
        with pytest.raises((Invalid, NotFound)) as refused:
            await world.do(verb, world.ana, *arguments)
        assert refused.value.sentence == sentence
    assert [comment.body for comment in (await talk(world))[1]] == ["Before"]


async def test_the_same_comment_sent_again_is_the_one_that_is_there(world: World):
    first = await say(world, world.ana, "Once", key="aaaaaaaa")
    assert await say(world, world.ana, "Once", key="aaaaaaaa") == first
    assert await say(world, world.ben, "Once", key="aaaaaaaa") != first, "Another's key is another key."
    with pytest.raises(Invalid, match="An earlier text of this comment was sent already"):
        await say(world, world.ana, "Twice", key="aaaaaaaa")
    assert await count(world) == 2


async def test_an_edit_keeps_what_it_said_before_and_only_its_author_makes_one(world: World):
    mine = await say(world, world.ben, "One")
    for version, body in enumerate(("Two", "Three", "Three")):
        await world.do(comments.edit, world.ben, mine, body, version)
    async with world.db.reading() as tx:
        assert [edit.body for edit in await comments.earlier(tx, world.cleo, mine)] == ["Two", "One"]
    [shown] = (await talk(world))[1]
    assert (shown.body, shown.version, shown.edited_at != "") == ("Three", 2, True)
    with pytest.raises(Invalid, match="You have edited this comment elsewhere meanwhile"):
        await world.do(comments.edit, world.ben, mine, "Four", 1)
    with pytest.raises(NotAllowed, match="Only its author can edit a comment"):
        await world.do(comments.edit, world.ana, mine, "Ana's", 2)


async def test_members_remove_their_own_comments_and_admins_all(world: World):
    anas, bens = await say(world, world.ana, "Mine"), await say(world, world.ben, "Mine too")
    with pytest.raises(NotAllowed, match="Only owners and admins can remove what others have said"):
        await world.do(comments.remove, world.ben, anas)
    await world.do(comments.remove, world.ben, bens)
    await world.do(comments.restore, world.ben, bens)
    await world.do(comments.remove, world.ana, bens)
    with pytest.raises(NotAllowed):
        await world.do(comments.restore, world.ben, bens)
    await world.do(comments.restore, world.ana, bens)
    assert (await talk(world))[0].comments == (anas, bens)


async def test_a_removed_comment_is_missing_and_so_is_one_that_is_not_shared(world: World):
    mine, stranger = await say(world, world.ana, "Mine"), await world.newcomer()
    for who in (stranger, world.ana):
        for verb, arguments in (
            (comments.edit, ("More", 0)),
            (comments.earlier, ()),
            (reactions.add, ("heart",)),
            (reactions.remove, ("heart",)),
        ):
            with pytest.raises(NotFound, match=comments.MISSING):
                await world.do(verb, who, mine, *arguments)
        await world.do(comments.remove, world.ana, mine)


async def test_in_the_trash_and_on_an_archived_board_nothing_is_said(world: World):
    mine = await say(world, world.ana, "Before")
    await world.do(tasks.trash, world.ana, world.task_id)
    for verb, arguments in ((say, ("More",)), (remove, (mine,))):
        with pytest.raises(NotFound, match="This task is in the trash"):
            await verb(world, world.ana, *arguments)
    await world.do(tasks.restore, world.ana, world.task_id)
    await world.do(boards.archive, world.ana, world.board_id)
    with pytest.raises(NotAllowed, match="This board is archived"):
        await say(world, world.ana, "More")


async def remove(world: World, who: Actor, comment_id: int) -> None:
    await world.do(comments.remove, who, comment_id)


async def test_reactions_tell_who_and_each_counts_once(world: World):
    mine = await say(world, world.ana, "Done!")
    for who in (world.ben, world.ana, world.ben):
        await world.do(reactions.add, who, mine, "party")
    await world.do(reactions.add, world.ben, mine, "thumbs_up")
    [shown] = (await talk(world))[1]
    assert [(r.kind, r.people, r.names) for r in shown.reactions] == [
        ("thumbs_up", (2,), "Ben"),
        ("party", (2, 1), "Ben and Ana"),
    ]
    await world.do(reactions.remove, world.ben, mine, "party")
    with pytest.raises(Invalid, match="There is no such reaction"):
        await world.do(reactions.add, world.ben, mine, "⚡")
    assert [r.names for r in (await talk(world))[1][0].reactions] == ["Ben", "Ana"]
