"""Comments: who may say, change and remove what, what is kept, whom a text mentions, and what of it is drawn."""

from typing import Any

import pytest
from sqlalchemy import select

from app.domain import (
    attachments,
    boards,
    comments,
    excerpts,
    members,
    mentions,
    people,
    reactions,
    sharing,
    tasks,
)
from app.domain.access import Actor
from app.domain.drawings.board import BoardDrawing
from app.domain.drawings.talk import NEWEST, TalkDrawing, WholeTalkDrawing
from app.domain.errors import Invalid, NotAllowed, NotFound
from app.domain.models import Mention
from app.domain.snapshots import CommentView, TalkView
from tests.domain.calls.boards import LOGO, ROOM
from tests.domain.test_statements import counted
from tests.support.world import World, drawn

_numbers = iter(range(10_000_000, 99_999_999))


async def say(world: World, who: Actor, body: str, task_id: int = 0, key: str = "") -> int:
    return await world.do(comments.add, who, task_id or world.task_id, body, key or str(next(_numbers)))


async def talk(world: World, drawing: type[TalkDrawing] = TalkDrawing) -> tuple[TalkView, list[CommentView]]:
    """The list of comments, and those that it shows."""
    shown = await drawn(world.db, drawing(world.task_id)) or {}
    view = shown[f"talk{world.task_id}"]
    return view, [shown[f"c{id}"] for id in view.comments]


async def mentioned(world: World) -> list[int]:
    return await world.rows(select(Mention.person_id).order_by(Mention.person_id))


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


async def test_a_name_counts_as_it_reads_and_the_id_behind_it_does_not(world: World):
    await say(world, world.ana, "@[Ben](person:2)" + "a" * (20_000 - len("@Ben")))
    assert mentions.plain("Ask @[Ben](person:2) or @[Cleo](person:3), not [x](person:4)") == (
        "Ask @Ben or @Cleo, not [x](person:4)"
    )


def test_a_line_about_a_comment_has_no_marks_and_no_quotes_unless_there_is_nothing_else():
    said = "> **Ana:**\n>\n> Too long?\n\n**No**, @[Ana](person:1):\n\n* [x] `2*3 * 4`\n# snake_case ~~no~~"
    assert excerpts.gist(said).split("\n") == ["", "", "", "", "No, @Ana:", "", "2*3 * 4", "snake_case no"]
    assert excerpts.gist("> Too long?") == "> Too long?"


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("_it_ is __very__ *easy*, **_really_** _**so**_", "it is very easy, really so"),
        ('see [the **plan**](https://x.example/a_(b)_c "Plan"), ![a map](map.png)', "see the plan, a map"),
        ("[](https://x.example) or <https://y.example/_z_>", "https://x.example or https://y.example/_z_"),
        ("at https://x.example/_next/a_b_", "at https://x.example/_next/a_b_"),
        ("`_it_` and `[a](b)`, a[0] (not one)", "_it_ and [a](b), a[0] (not one)"),
    ],
)
def test_a_line_about_a_comment_reads_as_the_comment_does(body: str, line: str):
    assert excerpts.gist(body) == line


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


async def test_mentions_are_kept_as_people_and_follow_the_text(world: World):
    mine = await say(world, world.ana, "@[Ben](person:2) and @[Ben](person:2), look.")
    assert await mentioned(world) == [world.ben.id]
    await world.do(comments.edit, world.ana, mine, "@[Cleo](person:3), look.", 0)
    assert await mentioned(world) == [world.cleo.id]
    await world.do(comments.edit, world.ana, mine, "Look.", 1)
    assert await mentioned(world) == []


async def test_only_those_who_see_a_private_board_can_be_mentioned_there(world: World):
    await world.do(sharing.close, world.ana, world.board_id, "everyone")
    await world.do(sharing.remove, world.ana, world.board_id, world.ben.id)
    with pytest.raises(NotFound, match="which “Ben” cannot"):
        await say(world, world.ana, "@[Ben](person:2)")
    await world.do(sharing.add, world.ana, world.board_id, world.ben.id)
    await say(world, world.ana, "@[Ben](person:2)")


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
    with counted(world.db) as statements:
        async with world.db.reading() as tx:
            assert await drawing.redraw(tx, changes)
    assert len([said for said in statements if said.startswith("SELECT")]) == 2
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
