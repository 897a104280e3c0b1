"""Statements that a change costs in every worker, sent to psycopg as they are.

PostgreSQL answers one of these in less time than SQLAlchemy's session, greenlet, context and result need around it
(bench/README.md has the figures). So SQLAlchemy builds them, compiles each once, and converts what goes in and out,
and psycopg's own cursor runs them, several in one go where nobody needs an answer in between: a worker that waits for
one has other things to do first when it comes, and a board stays locked meanwhile. SQLite, where a thread costs more
than all that, has them run by SQLAlchemy. Whoever calls cannot tell: rows have names in both, and errors are
SQLAlchemy's.

Only what SQLAlchemy documents is relied on; tests/domain/test_direct.py holds both ways to the same answers.
"""

import contextlib
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NoReturn

from sqlalchemy import Insert, Select, Update, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession
from sqlalchemy.types import TypeEngine

Values = Mapping[str, Any]
_Convert = Callable[[Any], Any]


class Way:
    """From one transaction to psycopg's own connection, of which SQLAlchemy's pool has given it the use."""

    def __init__(self, connection: AsyncConnection, driver: Any) -> None:
        self.connection, self.driver = connection, driver
        assert connection.dialect.dbapi is not None
        self.error = connection.dialect.dbapi.Error
        """The base of what the driver raises."""
        self.waiting: list[Asked] = []
        """What is to be run before anything else on this connection, and whose answer nobody waits for."""

    @property
    def is_open(self) -> bool:
        """Whether a transaction was begun that was not ended."""
        return self.driver.info.transaction_status != 0  # IDLE, in libpq.

    async def answers(self, *asked: "Asked", commits: bool = False) -> list[Sequence[Any]]:
        """The rows of each, sent in one go with what waits before, and with the commit if that is wanted after."""
        together, self.waiting = [*self.waiting, *asked], []
        sent = [(statement.compiled(self, values), values) for statement, values in together]
        try:
            several = len(sent) + commits > 1  # Alone it goes without a pipeline, which costs something, too.
            async with self.driver.pipeline() if several else contextlib.nullcontext():
                cursors = [await self._execute(*one) for one in sent]
                if commits:
                    await self.driver.commit()
            return [await compiled.received(cursor) for (compiled, _), cursor in zip(sent, cursors, strict=True)]
        except self.error as error:
            await self._fail(error, "; ".join(compiled.text for compiled, _ in sent) or "COMMIT")

    async def _execute(self, compiled: "_Compiled", values: Values) -> Any:
        return await self.driver.execute(compiled.query, compiled.sent(values))

    async def _fail(self, error: Exception, statement: str) -> NoReturn:
        """Raise what SQLAlchemy would. Of a lost connection it finds out itself, and lets go of all that are as old."""
        if self.driver.closed:
            await self.connection.exec_driver_sql("SELECT 1")
        dialect = self.connection.dialect
        raise DBAPIError.instance(statement, {}, error, self.error, dialect=dialect) from error


async def way(connection: AsyncConnection) -> Way | None:
    """None where the driver is another."""
    if connection.dialect.driver != "psycopg":
        return None
    made = Way(connection, (await connection.get_raw_connection()).driver_connection)
    assert connection.sync_connection is not None
    connection.sync_connection.info[Way] = made
    return made


def keep_in_order(engine: AsyncEngine) -> None:
    """Have what waits on a connection run before the statements that SQLAlchemy runs there.

    Not before its commits: one that fails before it begins leaves SQLAlchemy believing that the transaction is over.
    """

    def run_what_waits(connection: Connection, *_: Any) -> None:
        way: Way | None = connection.info.get(Way)
        if way is not None and way.waiting:
            connection.connection.run_async(lambda _: way.answers())

    event.listen(engine.sync_engine, "before_cursor_execute", run_what_waits)


class Direct:
    """A statement of tables (not of models), compiled once; its parameters are all named, and none of them a list."""

    def __init__(self, statement: Select[*tuple[Any, ...]] | Insert | Update) -> None:
        self.statement = statement
        self._compiled: _Compiled | None = None

    async def through(self, session: AsyncSession, values: Values) -> Sequence[Any]:
        """Have SQLAlchemy run it; all its rows, or none if it returns none."""
        result = await (await session.connection()).execute(self.statement, values)
        return result.all() if result.returns_rows else ()

    def compiled(self, way: Way, values: Values) -> "_Compiled":
        """What psycopg is sent for it; the first values tell which parameters it has."""
        if self._compiled is None:
            self._compiled = _Compiled(self.statement, way.connection.dialect, values.keys())
        return self._compiled


Asked = tuple[Direct, Values]


class _Compiled:
    """A statement in psycopg's words, with what its parameters and columns are converted by, where they need it."""

    def __init__(
        self, statement: Select[*tuple[Any, ...]] | Insert | Update, dialect: Dialect, names: Iterable[str]
    ) -> None:
        inserted = list(names) if isinstance(statement, Insert) and statement.select is None else None
        compiled = statement.compile(dialect=dialect, column_keys=inserted)
        self.text = str(compiled)
        self.query = self.text.encode()
        self._binds = _converters(dialect, {name: bind.type for name, bind in compiled.binds.items()}, _bind)
        fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        self._constants = {
            name: self._binds[name](value) if name in self._binds else value for name, value in fixed.items()
        }
        columns = list(statement.exported_columns)
        self.returns_rows = bool(columns)
        self._row = namedtuple("Row", [str(column.key) for column in columns], rename=True)
        types = {place: column.type for place, column in enumerate(columns)}
        self._results = _converters(dialect, types, _result)

    def sent(self, values: Values) -> dict[str, Any]:
        sent = {**self._constants, **values}
        for name, convert in self._binds.items():
            if name in values:
                sent[name] = convert(values[name])
        return sent

    async def received(self, cursor: Any) -> Sequence[Any]:
        if not self.returns_rows:
            return ()
        rows = await cursor.fetchall()
        if not self._results:
            return [self._row._make(row) for row in rows]
        converted = []
        for row in rows:
            cells = list(row)
            for place, convert in self._results.items():
                cells[place] = convert(cells[place])
            converted.append(self._row._make(cells))
        return converted


def _bind(type_: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    return type_.bind_processor(dialect)


def _result(type_: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    return type_.result_processor(dialect, None)


def _converters(
    dialect: Dialect,
    types: Mapping[Any, TypeEngine[Any]],
    converter: Callable[[TypeEngine[Any], Dialect], _Convert | None],
) -> dict[Any, _Convert]:
    found = {at: converter(type_.dialect_impl(dialect), dialect) for at, type_ in types.items()}
    return {at: convert for at, convert in found.items() if convert is not None}
