"""One run: people at work, faults meanwhile, and what came of it."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from random import Random

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from app.domain.errors import Busy
from app.domain.models import Change
from tests.chaos import stage as stages
from tests.chaos.ledger import Entry, Ledger
from tests.chaos.player import Player
from tests.chaos.stage import Stage
from tests.chaos.verdict import Verdict, judge
from tests.chaos.witness import witnesses
from tests.live.nemesis import Nemesis, plan
from tests.support.log import unfolded

RATE = 100.0
"""Commands a second, of all people together."""
MOST_SHOWN = 8
"""Complaints of each run."""

Faults = Callable[[Nemesis], Awaitable[None]]


@dataclass
class Result:
    seed: int
    seconds: float
    people: int
    browsers: int
    commands: int
    changes: int
    faults: Counter[str]
    texts: list[Entry]
    """Those that were acknowledged."""
    verdict: Verdict
    log: str
    told: Counter[str]

    @property
    def acknowledged(self) -> int:
        return len(self.texts)

    @property
    def is_good(self) -> bool:
        return not self.verdict.complaints

    def report(self) -> str:
        """What is needed to find the reason of what went wrong."""
        complaints = self.verdict.complaints
        lines = [
            f"Seed {self.seed}: {self.commands} commands, {self.changes} changes, {self.acknowledged} acknowledged in "
            f"{self.seconds:.0f} s; faults {dict(self.faults)}; {len(complaints)} complaints, of which the first:",
            *complaints[:MOST_SHOWN],
            "What people were told:",
            *(f"{count:6} {text}" for text, count in self.told.most_common(MOST_SHOWN)),
            "The log's first traceback, and its end:",
            *_excerpt(unfolded(self.log)),
        ]
        return "\n".join(lines)


def _excerpt(log: str) -> list[str]:
    """The end of the first traceback, and the last lines, of which equal ones stand there once."""
    head, _, rest = log.partition("Traceback (most recent call last):\n")
    body = rest.splitlines()
    ending = next((number for number, line in enumerate(body) if line[:1].strip()), 0)
    last = list(dict.fromkeys(line[:300] for line in log.splitlines()[-500:] if line[:1].strip()))
    return [*head.splitlines()[-1:], *body[max(0, ending - 24) : ending + 1], "…", *last[-15:]]


def converge(seed: int, seconds: float, worker_kills: int = 0, cluster: bool = False, browsers: int = 0) -> "Run":
    """A fault every ten seconds, chosen by the seed; so many real browsers look on."""
    planned = plan(Random(f"{seed} plan"), seconds, worker_kills)
    return Run(seed, lambda nemesis: nemesis.carry_out(planned, seconds), RATE, cluster, browsers)


def kills(seed: int, workers: int, restarts: int, rate: float = 75.0) -> "Run":
    """So many workers killed, and so many restarts of PostgreSQL while people come back from it.

    Mostly everybody is back and at work again before the next; sometimes it hits a worker that is just starting. Of
    what they would do a third finds nobody to do it: so many commands a second are tried that fifty are made.
    """

    async def faults(nemesis: Nemesis) -> None:
        dice = Random(f"{seed} pauses")
        for number in range(workers):
            await asyncio.sleep(dice.uniform(0.5, 1.5))
            await nemesis.strike("kill_worker")
            if (number + 1) * restarts // workers > number * restarts // workers:
                await asyncio.sleep(dice.uniform(0.0, 1.0))
                await nemesis.strike("restart_postgresql")
            await nemesis.workers_are_back()
            if dice.random() < 0.8:
                await nemesis.everybody_is_back()
        await asyncio.sleep(1.0)

    return Run(seed, faults, rate)


@dataclass
class Run:
    seed: int
    faults: Faults
    rate: float
    cluster: bool = False
    browsers: int = 0

    async def __call__(self) -> Result:
        context = stages.built(self.cluster)
        stage = await asyncio.to_thread(context.__enter__)
        try:
            return await self._on(stage)
        finally:
            await asyncio.to_thread(context.__exit__, None, None, None)

    async def _on(self, stage: Stage) -> Result:
        ledger = Ledger()
        async with (
            stages.players(stage, self.seed, ledger) as (players, networks),
            witnesses(players[: self.browsers]) as looking,
        ):
            clients = [player.client for player in players]
            dice = Random(f"{self.seed} nemesis")
            nemesis = Nemesis(stage.servers, stage.redis, stage.postgresql, networks, clients, dice)
            before, started = await _changes(stage), time.monotonic()
            faults = asyncio.ensure_future(self.faults(nemesis))
            await play(players, self.rate, faults, Random(f"{self.seed} turns"))
            await faults
            seconds = time.monotonic() - started
            await nemesis.heal()
            async with stages.database(stage) as db:
                verdict = await judge(db, players, looking, ledger, stage.log)
            changes = await _changes(stage) - before
        return Result(
            self.seed,
            seconds,
            len(players),
            self.browsers,
            ledger.sent,
            changes,
            Counter(nemesis.happened),
            ledger.acknowledged,
            verdict,
            stage.log,
            ledger.told,
        )


async def play(players: Sequence[Player], rate: float, until: asyncio.Future[None], dice: Random) -> None:
    """Somebody who is ready acts, `rate` times a second, as far as the machine can; until that is done."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    while not until.done():
        for player in dice.sample(players, len(players)):
            if player.is_ready() and await player.act():
                break
        due = max(due + 1 / rate, loop.time() - 0.1)  # What could not be done in time is not made up for.
        await asyncio.sleep(due - loop.time())


async def _changes(stage: Stage) -> int:
    async with stages.database(stage) as db:
        while True:
            try:
                async with db.reading() as tx:
                    return (await tx.session.execute(select(func.count()).select_from(Change))).scalar_one()
            except (Busy, DBAPIError):
                await asyncio.sleep(0.1)
