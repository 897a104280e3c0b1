"""What cannot be imported: it is named with where it stands, and nothing of its file is kept."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app.domain import acquaintances, importing
from app.domain.carried import Board, Comment, Row
from app.domain.errors import Invalid
from app.domain.models import Board as BoardRow
from app.domain.models import Task as TaskRow
from tests.support.loads import a_load, a_task
from tests.support.world import World


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (a_task(" \n"), "Row 2: A title needs at least one character."),
        (a_task("x" * 501), "Row 2: A title can have 500 characters at most; this one has 501."),
        (a_task(description="x" * 20_001), "Row 2: A description can have 20,000 characters at most; "),
        (a_task(lane=2), "Row 2: There is no such lane."),
        (a_task(due_on=date(3027, 1, 1)), "Row 2: A due date lies between the years 1970 and 2199."),
        (a_task(created_at=datetime(1, 1, 1, tzinfo=UTC)), "Row 2: A time lies between the years 1970 and 2199."),
        (a_task(comments=(Comment(""),)), "Row 2: A comment needs at least one character."),
        (a_task(comments=(Comment("x"),) * 1001), "Row 2: A task has 1,000 comments at most; this one has 1,001."),
        (Invalid("Row 2: “soon” is no day."), "Row 2: “soon” is no day."),
    ],
)
async def test_a_bad_row_is_named_and_nothing_of_its_file_is_kept(world: World, row: Row, sentence: str):
    before = [await world.revisions(), len(await world.rows(select(TaskRow.id)))]
    found = importing.survey(a_load().boards, {}, [a_task("Good"), row], acquaintances.Acquaintances({}))
    assert (found.count, found.tally.of(0)) == (1, 1)
    with pytest.raises(Invalid) as caught:
        await world.do(importing.add, world.ana, world.workspace_id, a_load(a_task("Good"), row), "everyone")
    assert caught.value.sentence.startswith(sentence) and found.wrong == [caught.value.sentence]
    assert [await world.revisions(), len(await world.rows(select(TaskRow.id)))] == before


@pytest.mark.parametrize(
    ("board", "sentence"),
    [
        (Board(" ", ("Now",)), "A board's name needs at least one character."),
        (Board("Beta", ()), "The board “Beta”: A board has 1 to 50 lanes; this one has 0."),
        (Board("Beta", ("Now",) * 51), "The board “Beta”: A board has 1 to 50 lanes; this one has 51."),
        (Board("Beta", ("Now", "")), "The board “Beta”: A lane's name needs at least one character."),
    ],
)
async def test_so_is_a_bad_board(world: World, board: Board, sentence: str):
    found = importing.survey([board], {}, [], acquaintances.Acquaintances({}))
    with pytest.raises(Invalid) as caught:
        await world.do(importing.add, world.ana, world.workspace_id, a_load(board=board), "everyone")
    assert found.wrong == [caught.value.sentence] == [sentence]


async def test_a_file_without_boards_one_that_is_too_large_and_a_workspace_that_is_full_say_so(world: World):
    rows = [a_task(f"Number {number}", order=number) for number in range(10_001)]
    full = "Row 2: A board holds 10,000 tasks at most, and “Beta” has more."
    for load, sentence in [
        (replace(a_load(), boards=[]), "There is no board in this file."),
        (a_load(*rows), full),
        (replace(a_load(), boards=[Board(f"Board {number}", ("Now",)) for number in range(100)]),
         "A workspace has 100 boards at most, and with this file it would have more."),
    ]:  # fmt: skip
        with pytest.raises(Invalid) as caught:
            await world.do(importing.add, world.ana, world.workspace_id, load, "everyone")
        assert caught.value.sentence == sentence
    found = importing.survey(a_load().boards, {}, rows, acquaintances.Acquaintances({}))
    assert (found.count, found.wrong) == (1, [full])
    assert len(await world.rows(select(BoardRow.id))) == 1
