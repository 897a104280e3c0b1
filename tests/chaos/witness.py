"""Real browsers that look on while the others work: what is painted must end up right too, not only what is held."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from playwright.async_api import Error, async_playwright
from sqlalchemy import select
from sqlmodel import col

from app.db import Database
from app.domain.models import Lane, Task
from tests.browser.tab import Board, Tab, launch
from tests.chaos.player import Player

WINDOW = 50
"""Tasks of a lane that are painted at least."""


@dataclass
class Witness:
    """A browser at the board of a player, in that player's name and on that player's network."""

    player: Player
    tab: Tab

    async def painted(self) -> Board:
        """What the page shows; nothing while it cannot be asked."""
        try:
            return await self.tab.board()
        except Error:
            return {}


@contextlib.asynccontextmanager
async def witnesses(players: Sequence[Player]) -> AsyncIterator[list[Witness]]:
    """One for each of these players."""
    async with async_playwright() as playwright, contextlib.AsyncExitStack() as stack:
        looking = []
        for player in players:
            browser = await launch(playwright)
            stack.push_async_callback(browser.close)
            tab = await Tab.start(browser, player.client.url, player.client.cookie)
            await tab.open(f"/b/{player.board_id}")
            looking.append(Witness(player, tab))
        yield looking


async def misled(db: Database, looking: Sequence[Witness], deadline: float) -> list[str]:
    """Which browsers still show something else than the database holds at `deadline`, by time.monotonic()."""
    while wrong := [words for witness in looking if (words := await _difference(db, witness))]:
        if time.monotonic() > deadline:
            break
        await asyncio.sleep(0.2)
    return wrong


async def _difference(db: Database, witness: Witness) -> str:
    """What is wrong on this screen, in words; empty if nothing is."""
    painted, right = await witness.painted(), await kept(db, witness.player.board_id)
    where = f"The browser of {witness.player.name} at board {witness.player.board_id}"
    if list(painted) != list(right):
        return f"{where} shows the lanes {list(painted)} instead of {list(right)}."
    for lane, cards in painted.items():
        expected = right[lane][: max(len(cards), WINDOW)]
        if cards != expected:
            place = next(
                (n for n, pair in enumerate(zip(cards, expected, strict=False)) if pair[0] != pair[1]), len(cards)
            )
            return f"{where} shows {len(cards)} tasks in {lane}, of which number {place} is the first that is wrong."
    return ""


async def kept(db: Database, board_id: int) -> Board:
    """The board as the database has it, by statements of our own."""
    lanes = select(Lane.id, Lane.name).where(col(Lane.board_id) == board_id).order_by(col(Lane.rank))
    tasks = (
        select(Task.title, Task.completed_at, Task.lane_id)
        .where(col(Task.board_id) == board_id, col(Task.trashed_at).is_(None))
        .order_by(col(Task.rank))
    )
    async with db.reading() as tx:
        names = {lane.id: lane.name for lane in (await tx.session.execute(lanes)).all()}
        found: Board = {name: [] for name in names.values()}
        for title, completed_at, lane_id in (await tx.session.execute(tasks)).all():
            found[names[lane_id]].append([title, completed_at is not None])  # type: ignore[arg-type]  # As a page tells it.
    return found
