"""Whom a comment mentions: kept as people, and read as names."""

import pytest
from sqlalchemy import select

from app.domain import comments, mentions, sharing
from app.domain.errors import NotFound
from app.domain.models import Mention
from tests.domain.saying import say
from tests.support.world import World


async def mentioned(world: World) -> list[int]:
    return await world.rows(select(Mention.person_id).order_by(Mention.person_id))


async def test_a_name_counts_as_it_reads_and_the_id_behind_it_does_not(world: World):
    await say(world, world.ana, "@[Ben](person:2)" + "a" * (20_000 - len("@Ben")))
    assert mentions.plain("Ask @[Ben](person:2) or @[Cleo](person:3), not [x](person:4)") == (
        "Ask @Ben or @Cleo, not [x](person:4)"
    )


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
