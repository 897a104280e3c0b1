"""Fresh databases, quickly: each is a copy of a template that was migrated, and perhaps seeded, once in a run."""

import asyncio
import shutil
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from alembic import command
from alembic.config import Config

from app import seeds
from app.db import Database
from tests.support.services import PostgreSQL

ROOT = Path(__file__).parents[2]


class Store(Protocol):
    """Where databases are made; a template is "empty", without tables, or one of TEMPLATES."""

    def create(self, template: str = "empty") -> str:
        """A database of its own; its URL."""
        ...

    def drop(self, url: str) -> None: ...

    def renew(self, template: str) -> str:
        """A fresh database at the URL that the last one had, so that engines can keep what they compiled."""
        ...


class SQLiteStore:
    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers, self._templates = folder, count(), {}

    def create(self, template: str = "empty") -> str:
        file = self._folder / f"{next(self._numbers)}.db"
        if template != "empty":
            shutil.copy(self._template(template), file)
        return f"sqlite+aiosqlite:///{file}"

    def drop(self, url: str) -> None:
        for file in self._folder.glob(Path(url).name + "*"):
            file.unlink()

    def renew(self, template: str) -> str:
        fresh, current = self.create(template), self._folder / "current.db"
        self.drop(current.name)
        (self._folder / Path(fresh).name).rename(current)
        return f"sqlite+aiosqlite:///{current}"

    def _template(self, name: str) -> Path:
        if name not in self._templates:
            base, fill = TEMPLATES[name]
            url = self.create(base)
            fill(url)
            self._templates[name] = self._folder / Path(url).name
        return self._templates[name]


class PostgreSQLStore:
    """Makes the next copy of a template while a test runs on the last one, and drops old ones meanwhile."""

    def __init__(self, server: PostgreSQL) -> None:
        self._server, self._numbers, self._templates = server, count(), {"empty": "template1"}
        self._spares: dict[str, Future[str]] = {}
        self._threads = ThreadPoolExecutor(1)

    def create(self, template: str = "empty") -> str:
        if template not in self._templates:
            base, fill = TEMPLATES[template]
            url = self.create(base)
            fill(url)
            self._templates[template] = _name(url)
        ready = self._spares.pop(template, None) or self._threads.submit(self._copy, template)
        if template in TEMPLATES:
            self._spares[template] = self._threads.submit(self._copy, template)
        return self._server.url(ready.result())

    def drop(self, url: str) -> None:
        self._threads.submit(self._server.execute, f"DROP DATABASE {_name(url)} WITH (FORCE)")

    def renew(self, template: str) -> str:
        fresh = _name(self.create(template))
        self._server.execute("DROP DATABASE IF EXISTS current WITH (FORCE)")
        self._server.execute(f"ALTER DATABASE {fresh} RENAME TO current")
        return self._server.url("current")

    def close(self) -> None:
        self._threads.shutdown()

    def _copy(self, template: str) -> str:
        name = f"test_{next(self._numbers)}"
        self._server.execute(f"CREATE DATABASE {name} TEMPLATE {self._templates[template]}")
        return name


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def migrate(url: str, revision: str = "head") -> None:
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    apart(command.downgrade if revision == "base" else command.upgrade, config, revision)


def seed(url: str) -> None:
    async def load() -> None:
        db = Database(url)
        await seeds.load(db)
        await db.close()

    run(load())


TEMPLATES: dict[str, tuple[str, Callable[[str], None]]] = {"migrated": ("empty", migrate), "seeded": ("migrated", seed)}
"""What each is a copy of, and what is done to the copy."""


def run(work: Coroutine[Any, Any, object]) -> None:
    apart(asyncio.run, work)


def apart(work: Callable[..., object], *arguments: object) -> None:
    """Call it in a thread of its own: it starts an event loop, and the tests have one."""
    with ThreadPoolExecutor(1) as threads:
        threads.submit(work, *arguments).result()
