"""`bin/bench fan_out`: what it costs an author that two hundred people watch the task which they comment on.

Ana comments on two tasks in turn, one with two watchers and one with two hundred, and waits for each receipt before she
rests and goes on. How soon the last of those who watch has it in their inbox is measured beside it.
"""

import argparse
import asyncio
import uuid
from collections import defaultdict
from collections.abc import Callable
from statistics import median

from sqlalchemy import func, select
from sqlmodel import col

from app.domain.models import News
from bench import stage
from bench.machine import description
from bench.rounds import HEAD, ROUNDS, Ratio, compared, measured
from tests.live.client import ROOT, Client
from tests.live.story import Story
from tests.support.server import Server

FEW, MANY = 2, 200
COMMENTS, PAUSE = 20, 0.1
"""By each in a round, and seconds of rest after one."""
TALK = f"{ROOT}.app___web___board___talk_state____talk"
Samples = dict[str, list[float]]


class Author:
    """Somebody who comments, and waits for the receipt."""

    def __init__(self, story: Story, tab: Client) -> None:
        self._story, self._tab = story, tab
        self._clock = asyncio.get_running_loop().time

    async def comment(self, task_id: int, words: str = "This is what I found") -> float:
        """Seconds until the receipt was there."""
        key = str(uuid.uuid4())
        begun = self._clock()
        await self._tab.send(f"{TALK}.add_comment", task_id=task_id, body=words, key=key)
        await self._tab.until(lambda store: _has(store, key), "the comment is there")
        return self._clock() - begun

    async def until_told(self, task_id: int, people: int) -> float:
        """Comment; seconds until so many more rows are in inboxes, as fast as one can look."""
        told = select(func.count()).where(col(News.task_id) == task_id, col(News.is_shown))
        wanted = await self._count(told) + people
        begun = self._clock()
        await self.comment(task_id)
        while await self._count(told) < wanted:
            assert self._clock() - begun < 10, "Those who watch are never told."
            await asyncio.sleep(0.005)
        return self._clock() - begun

    async def _count(self, query) -> int:
        async with self._story.db.glancing() as tx:
            return (await tx.session.execute(query)).scalar_one()


def _has(store: dict, key: str) -> bool:
    return store["feedback"]["receipt"]["arguments"].get("key") == key


async def measure(server: Server, rounds: int) -> list[str]:
    story = await stage.board(server, 100)
    stage.people(story, MANY)
    few, many = story.tasks[0], (await story.fill("Doing", 1))[0]
    stage.watch(story, few, FEW)
    stage.watch(story, many, MANY)
    author = Author(story, await story.tab("Ana"))
    samples: dict[str, Samples] = defaultdict(lambda: defaultdict(list))
    for number in range(rounds + 1):
        taken: Samples = defaultdict(list)
        for turn in range(COMMENTS):
            pair = [("few", few), ("many", many), ("again", few)]
            for name, task_id in pair[turn % 3 :] + pair[: turn % 3]:
                taken[name].append(await author.comment(task_id))
                await asyncio.sleep(PAUSE)
        taken["told"].append(await author.until_told(many, MANY))
        if number:  # The first warms up caches and compiled statements.
            _keep(samples["p50"], taken, median)
            _keep(samples["p95"], taken, lambda values: sorted(values)[int(len(values) * 0.95)])
    await story.end()
    return [
        *(
            compared(
                f"author's wait for a comment, {MANY} watchers, {name}",
                Ratio(kept["many"], kept["few"]),
                "ms",
                f"{FEW} watchers",
                most=1.3,
            )
            for name, kept in samples.items()
        ),
        measured(f"until the last of {MANY} has it in their inbox", samples["p50"]["told"], "ms", 1000),
        "",
        f"Control, {FEW} watchers against themselves: {Ratio(samples['p50']['again'], samples['p50']['few'])}.",
    ]


def _keep(kept: Samples, taken: Samples, of: Callable[[list[float]], float]) -> None:
    for name, values in taken.items():
        kept[name].append(of(values) * 1000)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench fan_out")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = parser.parse_args()
    print(description(), HEAD, sep="\n\n", flush=True)
    with stage.program(MESSAGE_RATE_LIMIT="10000") as (server, _):
        print(*asyncio.run(measure(server, chosen.rounds)), sep="\n")


if __name__ == "__main__":
    main()
