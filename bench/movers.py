"""Tabs that move tasks, each its own two, and notice when the move is on their own screen."""

import asyncio
import random
from collections.abc import Callable, Iterator, Sequence

from tests.live.client import Client, Store
from tests.live.story import Story

PATIENCE = 10.0
Move = tuple[str, dict[str, object], Callable[[Store], bool]]


class Mover:
    """Moves one of its tasks behind the other, to another lane and back, then the other one: every move is a change.

    It goes on where it was when it is given another tab.
    """

    tab: Client

    def __init__(self, story: Story, number: int) -> None:
        self.story = story
        self._pair = story.tasks[2 * number], story.tasks[2 * number + 1]
        self._home, self._away = story.lanes["To do"], story.lanes["Doing"]
        self._moves = self._in_turn()
        self._seen: asyncio.Future[float] | None = None
        self._is_done: Callable[[Store], bool] = lambda store: False

    def take(self, tab: Client) -> None:
        """Make the next moves in this tab."""
        self.tab = tab
        tab.on_delta = lambda delta, size: self._look()

    async def move(self) -> float:
        """Make the next move; when its change had reached this tab, by the loop's clock."""
        command, arguments, self._is_done = next(self._moves)
        self._seen = asyncio.get_running_loop().create_future()
        await self.tab.do(command, **arguments)
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._seen
        except TimeoutError:
            raise AssertionError(f"{command} {arguments} was never seen. Toasts: {self.tab.toasts}") from None

    def _look(self) -> None:
        if self._seen and not self._seen.done() and self._is_done(self.tab.store):
            self._seen.set_result(asyncio.get_running_loop().time())

    def _in_turn(self) -> Iterator[Move]:
        first, second = self._pair
        while True:
            is_behind = lambda store, one=first, other=second: self._stands(store, one, other)  # noqa: E731
            is_away = lambda store, one=first: store["cards"][f"t{one}"]["lane_id"] == self._away  # noqa: E731
            yield "shift_task", {"task_id": first, "where": "bottom"}, is_behind
            yield "send_task", {"task_id": first, "lane_id": self._away}, is_away
            yield "send_task", {"task_id": first, "lane_id": self._home}, is_behind
            first, second = second, first

    def _stands(self, store: Store, one: int, other: int) -> bool:
        """Whether one task stands behind the other in their lane."""
        order = store["lanes"][f"l{self._home}"]["tasks"]
        return one in order and order.index(one) > order.index(other)


async def saturate(movers: Sequence[Mover], loops: int, seconds: float) -> int:
    """Moves seen within the time by so many loops, each of which has the tab that has rested longest make the next."""
    clock = asyncio.get_running_loop().time
    free, end, seen = asyncio.Queue[Mover](), clock() + seconds, 0
    for mover in movers:
        free.put_nowait(mover)

    async def loop() -> None:
        nonlocal seen
        while clock() < end:
            mover = await free.get()
            if await mover.move() <= end:
                seen += 1
            free.put_nowait(mover)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(loops):
            tasks.create_task(loop())
    return seen


async def at_rate(movers: Sequence[Mover], rate: float, seconds: float, chance: random.Random) -> list[float]:
    """Moves so many a second, whether or not earlier ones are through; seconds from when each was due until seen.

    People do not take turns: the time from one move to the next varies as it would (exponentially).
    """
    clock = asyncio.get_running_loop().time
    free, waits, due = asyncio.Queue[Mover](), list[float](), clock()
    end = due + seconds
    for mover in movers:
        free.put_nowait(mover)

    async def one(due: float) -> None:
        mover = await free.get()
        waits.append(await mover.move() - due)
        free.put_nowait(mover)

    async with asyncio.TaskGroup() as tasks:
        while (due := due + chance.expovariate(rate)) < end:
            await asyncio.sleep(max(0.0, due - clock()))
            tasks.create_task(one(due))
    return waits


async def one_by_one(movers: Sequence[Mover], moves: int, pause: float) -> list[float]:
    """Seconds until each move was seen, when it has the program to itself."""
    clock, waits = asyncio.get_running_loop().time, []
    for number in range(moves):
        started = clock()
        waits.append(await movers[number % len(movers)].move() - started)
        await asyncio.sleep(pause)
    return waits
