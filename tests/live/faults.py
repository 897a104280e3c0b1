"""What the fault tests share: how long they are, how a fault is made, and who notices what meanwhile.

`LONG=1` runs the long forms; without it each test is as short as its promise allows.
"""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

import psycopg

from tests.live.client import Client, Gone
from tests.live.story import Story
from tests.support.services import PostgreSQL

T = TypeVar("T")

QUICK = 0.5
"""Seconds: a doorbell takes a tenth of that, the safety query two seconds."""


def sized(short: T, long: T) -> T:
    """The one or the other, by LONG."""
    return long if os.environ.get("LONG") == "1" else short


def crash(server: PostgreSQL) -> None:
    """It ends at once, without writing down what it has in memory; `start` recovers what was committed."""
    server._process.send_signal(signal.SIGQUIT)
    server._process.wait(10)


def address(url: str) -> str:
    """A SQLAlchemy URL of PostgreSQL as psycopg wants it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


class DurablePostgreSQL(PostgreSQL):
    """One that loses no commit when its processes are killed; only the machine's memory is still trusted."""

    settings = tuple(
        setting for setting in PostgreSQL.settings if not setting.startswith(("synchronous_commit", "full_page"))
    )


async def query(url: str, statement: str, **values: Any) -> list[Any]:
    """Run a statement beside the program; its rows, if it has any."""

    def run() -> list[Any]:
        with psycopg.connect(address(url), autocommit=True) as connection:
            cursor = connection.execute(statement, values)  # type: ignore[arg-type]  # To psycopg a statement is a literal.
            return cursor.fetchall() if cursor.description else []

    return await asyncio.to_thread(run)


async def wait_until(is_so: Callable[[], object], words: str, patience: float = 20.0) -> None:
    """Look again and again, where nothing tells when it is so."""
    deadline = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < deadline, f"Waited {patience:.0f} s until {words}, in vain."
        await asyncio.sleep(0.02)


async def in_batches(makes: Iterable[Callable[[], Awaitable[T]]], at_once: int = 10) -> list[T]:
    """Do many things, a few at a time; their results in order."""
    turn = asyncio.Semaphore(at_once)

    async def one(make: Callable[[], Awaitable[T]]) -> T:
        async with turn:
            return await make()

    return list(await asyncio.gather(*(one(make) for make in makes)))


async def come_back(tab: Client, patience: float = 20.0) -> None:
    """Reconnect at once and, where that fails, again and again: what a browser does."""
    deadline = time.monotonic() + patience
    while True:
        try:
            await tab.reconnect()
            return
        except Gone:
            await tab.drop()
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.05)


async def seconds_to_arrive(author: Client, task_id: int, *others: Client, patience: float = 10.0) -> float:
    """From sending a change to its having reached every other tab."""
    is_done = not author.store["cards"][f"t{task_id}"]["is_done"]
    started = time.monotonic()
    await author.do("complete_task" if is_done else "reopen_task", task_id=task_id)
    for tab in (author, *others):
        await tab.until(
            lambda _, tab=tab: tab.store["cards"][f"t{task_id}"]["is_done"] == is_done,
            f"task {task_id} is{' not' * (not is_done)} done",
            patience,
        )
    return time.monotonic() - started


@dataclass
class Writer:
    """Sets one due date after the other on a task that is its alone, and keeps what became of each."""

    story: Story
    tab: Client
    task_id: int
    sent: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    refused: list[tuple[float, str]] = field(default_factory=list)
    """When, by time.monotonic(), and with which sentence."""
    unanswered: list[str] = field(default_factory=list)
    """The connection ended before there was an answer."""

    async def write(self, ends: asyncio.Event, pause: float = 0.02, comes_back: bool = True) -> None:
        """Until told to end; a lost connection is taken up again, or is the end."""
        while not ends.is_set():
            try:
                await self._set_one()
            except Gone:
                if not comes_back:
                    return
                await come_back(self.tab)
            await asyncio.sleep(pause)

    async def _set_one(self) -> None:
        day = (date(1990, 1, 1) + timedelta(len(self.sent))).isoformat()
        number = self._refusal["number"]
        try:
            await self.tab.do("set_due", task_id=self.task_id, due_on=day)
            self.sent.append(day)
            await self.tab.until(lambda _: self._has(day) or self._refusal["number"] != number, f"{day} is answered")
        except Gone:
            self.unanswered += self.sent[-1:] if self.sent and self.sent[-1] == day else []
            raise
        if self._has(day):
            self.acknowledged.append(day)
        else:
            assert self._refusal["arguments"] == {"task_id": self.task_id, "due_on": day}, "What was sent comes back."
            self.refused.append((time.monotonic(), self.tab.toasts[-1]))

    @property
    def _refusal(self) -> dict[str, Any]:
        return self.tab.store.get("feedback", {}).get("refused") or {"number": 0}

    def _has(self, day: str) -> bool:
        return self.tab.store["cards"][f"t{self.task_id}"]["due_on"] == day


async def writers(story: Story, tabs: list[Client]) -> list[Writer]:
    """One for each tab, each with a task of its own."""
    assert len(tabs) <= len(story.tasks), "Not enough tasks."
    return [Writer(story, tab, task_id) for tab, task_id in zip(tabs, story.tasks, strict=False)]


async def require_everything_acknowledged(story: Story, writers: list[Writer]) -> None:
    """Each acknowledged change stands in the history once, and nothing stands there twice."""
    statement = "SELECT entity_id, details->>'to' FROM change WHERE topic = %(topic)s AND kind = 'task.due_set'"
    rows = await query(story.server.database_url, statement, topic=f"board:{story.board_id}")
    recorded = [(task_id, day) for task_id, day in rows]
    assert len(set(recorded)) == len(recorded), "A change was made twice."
    for writer in writers:
        lost = {(writer.task_id, day) for day in writer.acknowledged} - set(recorded)
        assert not lost, f"Acknowledged and not in the database: {lost}"
    revisions = await story.revisions()
    assert revisions == list(range(1, len(revisions) + 1))
