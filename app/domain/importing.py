"""Boards out of a file: all of it in one transaction, of which nobody sees anything before it is whole.

Their workspace is held only at its end, so that a large file holds up nobody; whether the actor may is asked then once
more. People of the file are found again among the members, and can be assigned, mentioned, and on the list of a private
board. Of all others the names stay, as text. What they made and said is theirs by name alone (carried.py).
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlmodel import col

from app.domain import access, acquaintances, carried, fitting, limits, workspaces
from app.domain.access import Actor
from app.domain.acquaintances import Acquaintances
from app.domain.carried import Load, Row, Someone, Tally
from app.domain.errors import Invalid
from app.domain.models import Board, Workspace
from app.domain.transaction import Transaction
from app.domain.unloading import NO_BOARD, Arrival, SeenBy

NAMED = 10
"""Bad rows that a survey names; it counts the others."""


@dataclass
class Survey:
    """What an import would do: how much comes, who of the file is not known here, and what is wrong, in sentences."""

    tally: Tally
    unknown: list[str]
    wrong: list[str] = field(default_factory=list)
    count: int = 0
    """How many things are wrong."""

    @contextlib.contextmanager
    def noting(self) -> Iterator[None]:
        try:
            yield
        except Invalid as refusal:
            self.count += 1
            if len(self.wrong) < NAMED:
                self.wrong.append(refusal.sentence)


def survey(
    boards: Sequence[carried.Board], people: Mapping[int, Someone], rows: Iterable[Row], here: Acquaintances
) -> Survey:
    """Look through a file as `add` will, and change nothing."""
    known = here.recognised(people)
    unknown = {someone.name: None for key, someone in people.items() if key not in known}
    found = Survey(Tally(boards), [*unknown])
    with found.noting():
        if not boards:
            raise Invalid(NO_BOARD)
    for board in boards:
        with found.noting():
            fitting.fit_board(board)
    for row in rows:
        with found.noting():
            found.tally.add(fitting.fit(row))
    return found


async def add(tx: Transaction, actor: Actor, workspace_id: int, load: Load, seen_by: SeenBy) -> list[int]:
    """Put the boards of a file into a workspace; their ids."""
    here = await acquaintances.around(tx, actor, workspace_id)
    arrival = Arrival(tx, actor, workspace_id, load, seen_by, here)
    await arrival.unload()
    await access.workspace_for(tx, actor, workspace_id, "edit_boards")
    await _require_room(tx, workspace_id)
    return await arrival.record()


async def start(tx: Transaction, actor: Actor, name: str, load: Load, seen_by: SeenBy) -> tuple[int, list[int]]:
    """Make a new workspace of a file, with the actor as its owner; its id and those of its boards."""
    had = load.workspace or carried.Workspace(name)
    fresh = Workspace(name=name, description=had.description, shows_people=had.shows_people)
    workspace = await workspaces.found(tx, actor, fresh)
    return workspace.id, await add(tx, actor, workspace.id, load, seen_by)


async def _require_room(tx: Transaction, workspace_id: int) -> None:
    query = select(func.count()).where(col(Board.workspace_id) == workspace_id)
    if (await tx.session.execute(query)).scalar_one() > limits.BOARDS:
        raise Invalid(f"A workspace has {limits.BOARDS} boards at most, and with this file it would have more.")
