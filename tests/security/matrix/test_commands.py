"""The authorisation matrix of the socket: everybody x every command x every kind of object, on the running program.

A cell is right when what was refused wrote nothing anywhere and showed nothing of anybody's, when a foreign object
answers just as a missing one, and when what is allowed is done.
"""

import itertools
from dataclasses import dataclass

import pytest

from tests.security.matrix import registry
from tests.security.matrix.commands import ROWS, Row
from tests.security.matrix.place import Place
from tests.security.matrix.stage import Stage
from tests.security.matrix.standings import DEAD, OUTSIDE, STANDINGS
from tests.security.matrix.tab import SIGN_IN, Answer, Tab

pytestmark = pytest.mark.asyncio(loop_scope="package")
OBJECTS, PAIRS = ("own", "foreign", "missing"), ("own and foreign", "own and missing")


@dataclass
class Cell:
    row: Row
    object: str
    place: Place
    answer: Answer


class Judge:
    """Asks for every cell of one standing and keeps what was wrong."""

    def __init__(self, stage: Stage, standing: str, tab: Tab) -> None:
        self.stage, self.standing, self.tab = stage, standing, tab
        self.wrong: list[str] = []
        self.cells = 0

    def require(self, is_so: object, row: Row, words: str, answer: Answer) -> None:
        if not is_so:
            self.wrong.append(f"{self.standing}, {row.name}: {words}; {answer.received[:600]}")

    async def ask(self, row: Row, first: Place, second: Place) -> Answer:
        """In a tab of its own if it is to show something, for that depends on what was shown before."""
        if row.does != "shows":
            return await self.tab.ask(row.handler, row.path(first), **row.sends(first, second))
        tab = await self.stage.tab(self.standing)
        try:
            return await tab.ask(row.handler, row.path(first), **row.sends(first, second))
        finally:
            await tab.close()

    async def refusals(self, row: Row) -> None:
        """The cells in which nothing may be written."""
        own, foreign, missing = self.stage.own, self.stage.foreign, self.stage.missing
        places = {"own": (own, own), "foreign": (foreign, foreign), "missing": (missing, missing)}
        if self.standing in row.may and row.does == "writes":
            del places["own"]  # That is for `permission`.
            if not row.is_about:
                places.clear()
        if row.is_pair:
            places |= {"own and foreign": (own, foreign), "own and missing": (own, missing)}
        cells = {name: Cell(row, name, pair[1], await self.ask(row, *pair)) for name, pair in places.items()}
        self.cells += len(cells)
        for cell in cells.values():
            self._show_nothing_of_others(cell)
            if row.does != "tab":
                self._refused(cell)
        alike = [cells[name] for name in PAIRS if name in cells], self._alike(row, cells)
        for one, other in itertools.chain(*map(itertools.pairwise, alike)):
            same = one.answer.shape(one.place) == other.answer.shape(other.place)
            self.require(same, row, f"{one.object} and {other.object} differ", other.answer)

    def _alike(self, row: Row, cells: dict[str, Cell]) -> list[Cell]:
        """Those that must answer the same: what is foreign is missing, and to those outside everything is."""
        names = ["foreign", "missing"]
        if self.standing in OUTSIDE and self.standing not in row.may:
            names = [*names, "own", *PAIRS]
        return [cells[name] for name in names if name in cells]

    def _show_nothing_of_others(self, cell: Cell) -> None:
        words = cell.answer.received
        self.require(self.stage.foreign.marker not in words, cell.row, f"{cell.object}: foreign words", cell.answer)
        for place in (self.stage.own, self.stage.foreign):
            is_hidden = place.hidden_marker not in words or (self.standing == "owner" and place is self.stage.own)
            self.require(is_hidden, cell.row, f"{cell.object}: words of a hidden board", cell.answer)
        if self.standing not in cell.row.reveals:
            self.require(
                self.stage.own.marker not in words, cell.row, f"{cell.object}: words of the place", cell.answer
            )

    def _refused(self, cell: Cell) -> None:
        row, answer = cell.row, cell.answer
        if row.does == "shows":
            self._shown(cell)
        elif self.standing in DEAD:
            self.require("signed out" in answer.refusal, row, f"{cell.object}: not told to sign in", answer)
        elif not row.is_pair or cell.object in OBJECTS:
            self.require(answer.refusal, row, f"{cell.object}: not refused", answer)

    def _shown(self, cell: Cell) -> None:
        row, answer, may = cell.row, cell.answer, self.standing in cell.row.may
        if self.standing in DEAD and not may:
            self.require(answer.goes_to == SIGN_IN and not answer.shown, row, "not sent to sign in", answer)
        elif may and (cell.object == "own" or not row.is_about):
            self.require(not answer.door and answer.goes_to != SIGN_IN, row, f"{cell.object}: not shown", answer)
            own = self.stage.own
            is_there = own.marker in answer.received or own.workspace_name in answer.received
            self.require(is_there or not row.is_about, row, "shows nothing", answer)
        elif row.may != frozenset(STANDINGS):
            self.require(answer.door, row, f"{cell.object}: not shown the door", answer)

    async def permissions(self, row: Row) -> None:
        """The cells in which a change must be written: on a fresh object each."""
        if self.standing not in row.may or row.does != "writes":
            return
        me = self.stage.somebody[self.standing]
        for _ in OBJECTS if not row.is_about else ("own",):
            place = await self.stage.a_place() if row.is_about else self.stage.missing
            before = await self.stage.written_by(me.id)
            answer = await self.ask(row, place, place)
            self.cells += 1
            self.require(not answer.refusal, row, f"refused: {answer.refusal}", answer)
            self._show_nothing_of_others(Cell(row, "own", place, answer))
            if self.standing not in row.already:
                self.require(await self.stage.written_by(me.id) > before, row, "nothing was written", answer)


async def test_every_command_has_its_row():
    assert sorted(row.handler for row in ROWS) == registry.commands(), (
        "A command has no row in tests/security/matrix/commands/, or a row no command."
    )


@pytest.mark.parametrize("standing", STANDINGS)
async def test_everybody_gets_what_is_theirs_and_nothing_else(stage: Stage, standing: str):
    tab = await stage.tab(standing)
    judge = Judge(stage, standing, tab)
    before = await stage.contents()
    for row in ROWS:
        await judge.refusals(row)
    after = await stage.contents()
    assert after == before, f"Written to by the {standing}: {[name for name in after if after[name] != before[name]]}"
    for row in ROWS:
        await judge.permissions(row)
    await tab.close()
    assert not judge.wrong, "\n".join(judge.wrong)
    assert judge.cells == sum(len(OBJECTS) + len(PAIRS) * row.is_pair for row in ROWS)
