"""The database: the only place that commits, and that announces after the commit.

`transaction()` is for commands: it commits what was recorded, then rings the doorbell of every topic in the news, and
sees to it that those who watch what it changed are told.
`reading()` is for drawings: one snapshot of the database, and nothing can be written through it. `glancing()` is for
what needs no snapshot, as each statement is one: half the way to the database and back.

Both wait in line, first come first served, for one of a few connections: commands not for long, as a person waits for
the answer; drawings longer, as there is nothing else to show. A crowd that arrives at once is let in one by one.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.domain import history, news
from app.domain.direct import way
from app.domain.errors import Busy
from app.domain.transaction import Transaction
from app.engines import CONNECTING, READERS, WRITERS, AtHand, create_postgresql, create_sqlite
from app.troubles import TRY_AGAIN, in_sentences, is_passing, tell

PATIENCE = 0.7
"""Seconds that a command waits in line before its person is told to try again; for a lock it then waits LOCKED."""
PATIENCE_OF_DRAWINGS = 10.0
"""Seconds that a drawing waits in line."""
OVERRUN = 500
"""Drawings in line from which on nobody else should be let in."""

UNSURE = "The database was lost at this very moment. Look whether that was saved before you try again."

Announce = Callable[[Mapping[str, int]], None]


class Database:
    """An engine, and the two ways of using it. `announce` gets the news of every commit: topic and revision.

    `follow` is given the tasks whose watchers are to be told after a commit, and may do so beside everything else.
    """

    def __init__(self, url: str, announce: Announce = lambda news: None) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self.engine = create_sqlite(url) if self.is_sqlite else create_postgresql(url)
        self.announce = announce
        self.follow: Callable[[Collection[int]], Awaitable[None]] = self.tell_watchers
        reads = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reader = self.engine.execution_options(**({} if self.is_sqlite else reads))
        self._writer = self.engine.execution_options(writes=True)
        self._glancer = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._at_hand = AtHand()
        self._writers = Line(1 if self.is_sqlite else WRITERS)
        self._readers = Line(READERS)

    @property
    def is_overrun(self) -> bool:
        return self._readers.waiting > OVERRUN

    @property
    def waiting(self) -> int:
        """Drawings in line."""
        return self._readers.waiting

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Commit what the block recorded, then announce it. A block that recorded nothing leaves no trace."""
        connections = self._begun if self.is_sqlite else self._at_hand.transaction
        async with self._writers.turn(PATIENCE), in_sentences(), connections(self._writer) as tx:
            yield tx
            if not tx.is_silent:
                await tx.give_back()
                await self._commit(tx)
                self.announce(tx.news)
        if tx.to_tell:
            await self.follow(sorted(tx.to_tell))
        await asyncio.sleep(0)  # The news goes out before the rest of the command.

    async def tell_watchers(self, task_ids: Collection[int]) -> None:
        """Tell those who watch tasks of what they are still to be told of each; if it fails the scheduler does."""
        with contextlib.suppress(Busy):  # The log was told.
            for task_id in task_ids:
                async with self.transaction() as tx:
                    await news.tell_watchers(tx, task_id)

    @contextlib.asynccontextmanager
    async def unrecorded(self) -> AsyncIterator[AsyncSession]:
        """Write what nobody looks at together, such as sign-ins: committed, and not announced."""
        async with self._writers.turn(PATIENCE), in_sentences(), AsyncSession(self._writer) as session, session.begin():
            yield session

    @contextlib.asynccontextmanager
    async def reading(self, patience: float = PATIENCE_OF_DRAWINGS) -> AsyncIterator[Transaction]:
        """Read from one snapshot of the database, after `patience` seconds in line at most.

        It ends in a commit, though nothing was written: after a rollback psycopg forgets every prepared statement.
        """
        async with self._readers.turn(patience), in_sentences(), self._begun(self._reader) as tx:
            yield tx
            if not self.is_sqlite:
                await tx.commit()

    @contextlib.asynccontextmanager
    async def glancing(self) -> AsyncIterator[Transaction]:
        """Read statement by statement, each as new as can be. On SQLite it is a `reading`, at no more cost there."""
        if self.is_sqlite:
            async with self.reading() as tx:
                yield tx
            return
        async with (
            self._readers.turn(PATIENCE_OF_DRAWINGS),
            in_sentences(),
            self._at_hand.transaction(self._glancer) as tx,
        ):
            yield tx

    @contextlib.asynccontextmanager
    async def _begun(self, engine: AsyncEngine) -> AsyncIterator[Transaction]:
        """A transaction on a connection of the pool; what it has not committed is gone with it."""
        async with (
            engine.connect() as connection,
            contextlib.aclosing(Transaction(connection, await way(connection))) as tx,
        ):
            yield tx

    async def _commit(self, tx: Transaction) -> None:
        """A connection that is lost right here has kept the change or not: look, and tell it as it is."""
        try:
            await tx.commit()
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            end = time.monotonic() + CONNECTING
            while True:
                try:
                    async with AsyncSession(self._reader) as session:
                        if await history.is_kept(session, tx):
                            return
                    raise error
                except DBAPIError as again:
                    if again is error or not is_passing(again):
                        raise
                    if time.monotonic() > end:
                        raise Busy(UNSURE) from error
                    await asyncio.sleep(0.1)

    async def close(self) -> None:
        await self._at_hand.let_go()
        await self.engine.dispose()


class Line:
    """Who wants a connection waits here for a turn; so many have one at once."""

    def __init__(self, turns: int) -> None:
        self._turns = asyncio.Semaphore(turns)
        self.waiting = 0

    @contextlib.asynccontextmanager
    async def turn(self, patience: float) -> AsyncIterator[None]:
        """Busy after `patience` seconds of waiting."""
        if not self._turns.locked():
            await self._turns.acquire()  # At once: no need of a clock.
        else:
            self.waiting += 1
            try:
                await asyncio.wait_for(self._turns.acquire(), patience)
            except TimeoutError:
                tell(f"somebody waited {patience} s in line")
                raise Busy(TRY_AGAIN) from None
            finally:
                self.waiting -= 1
        try:
            yield
        finally:
            self._turns.release()
