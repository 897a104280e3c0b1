"""The figures as their page shows them: read again every few seconds, by whoever looks."""

import os
from dataclasses import dataclass
from typing import Any

import reflex as rx

from app import settings_shown, version
from app.domain import instance
from app.domain.access import Actor
from app.domain.drawings import outgoing
from app.domain.drawings.census import Census, census
from app.figures.points import points
from app.figures.summary import stats
from app.web import figures, health, live
from app.web.command import local, opens
from app.web.session import actor, me_at

NOTHING = "\N{EN DASH}"


@dataclass(frozen=True)
class Delay:
    """Milliseconds, in words."""

    p50: str = NOTHING
    p95: str = NOTHING
    p99: str = NOTHING


@dataclass(frozen=True)
class Now:
    """`note` says why these are not the figures of all workers."""

    note: str = ""
    people: int = 0
    connections: int = 0
    rooms: int = 0
    memory: str = ""
    a_connection: str = NOTHING
    emit: Delay = Delay()
    command: Delay = Delay()
    painted: Delay = Delay()
    doorbells: str = ""
    errors: str = ""
    catch_ups: int = 0
    safety_hits: int = 0
    waiting: int = 0
    given_up: int = 0


@dataclass(frozen=True)
class PartRow:
    name: str
    is_well: bool
    words: str


@dataclass(frozen=True)
class WorkerRow:
    name: str
    pid: int
    connections: int
    rooms: int
    memory: str
    doorbells_ring: bool


@dataclass(frozen=True)
class BoardRow:
    id: int
    reports: int
    p50: str
    p95: str


@dataclass(frozen=True)
class Row:
    """Something that was refused or cut off, and how often; or a setting and its value."""

    name: str
    value: str
    is_default: bool = False


class FiguresPage(rx.State):
    now: Now = Now()
    points: list[dict[str, Any]] = []
    parts: list[PartRow] = []
    workers: list[WorkerRow] = []
    boards: list[BoardRow] = []
    refusals: list[Row] = []
    census: Census = Census()
    settings: list[Row] = []
    version: str = ""
    notes: list[str] = []

    @opens
    async def open(self, actor: Actor) -> None:
        await live.current().tabs.enter(self.router.session.session_id, actor.id, f"home:{actor.id}")
        await self._read(actor)
        self.settings = [Row(*row) for row in settings_shown.in_force(os.environ)]
        self.version, self.notes = version.newest()[0], list(version.newest()[1])

    @local
    async def look(self) -> None:
        await self._read(actor(await me_at(self)))

    async def _read(self, actor: Actor) -> None:
        async with live.current().db.reading() as tx:
            await instance.require_admin(tx, actor)
            waiting, given_up = await outgoing.counts(tx)
            self.census = await census(tx)
        own = figures.current()
        view = await own.look()
        found = stats(view, own.history.lately(view))
        self.now = _now(found, waiting, given_up)
        self.points = [dict(point) for point in points(await own.history.hour())]
        self.parts = [PartRow(part.name, part.is_well, part.words) for part in await health.current().parts()]
        self.workers, self.refusals = _workers(found["connections"]["by_worker"]), _refusals(found["errors"])
        self.boards = [
            BoardRow(row["board"], int(row["count"]), _ms(row["p50"]), _ms(row["p95"]))
            for row in found["painted_ms_by_board"][:10]
        ]


def _now(found: dict[str, Any], waiting: int, given_up: int) -> Now:
    rings, memory = found["doorbells_a_second"], found["memory"]
    return Now(
        note=found.get("note", ""),
        people=found["people_online"],
        connections=found["connections"]["total"],
        rooms=found["rooms"],
        memory=_mib(memory["total_bytes"]),
        a_connection=NOTHING if memory["bytes_per_connection"] is None else _kib(memory["bytes_per_connection"]),
        emit=_delay(found["event_to_emit_ms"]),
        command=_delay(found["command_ms"]),
        painted=_delay(found["painted_ms"]),
        doorbells=f"{rings['published']:.1f} out, {rings['received']:.1f} in",
        errors=f"{found['errors']['share_of_commands']:.1%}",
        catch_ups=found["catch_ups"],
        safety_hits=found["safety_hits"],
        waiting=waiting,
        given_up=given_up,
    )


def _workers(told: list[dict[str, Any]]) -> list[WorkerRow]:
    return [
        WorkerRow(
            f"{worker['instance']} · {worker['worker'] + 1}",
            worker["pid"],
            worker["connections"],
            worker["rooms"],
            _mib(worker["memory_bytes"]),
            worker["doorbells_ring"],
        )
        for worker in told
    ]


def _refusals(errors: dict[str, Any]) -> list[Row]:
    """What has been refused or cut off at all, most often first."""
    kinds = {
        "handshakes_refused": "Connection refused",
        "connections_cut": "Connection cut off",
        "commands_refused": "Command refused",
    }
    found = [(f"{words}: {reason}", n) for kind, words in kinds.items() for reason, n in errors[kind].items() if n]
    return [Row(name, str(count)) for name, count in sorted(found, key=lambda row: -row[1])]


def _delay(found: dict[str, Any]) -> Delay:
    return Delay(_ms(found["p50"]), _ms(found["p95"]), _ms(found["p99"]))


def _ms(milliseconds: float | None) -> str:
    if milliseconds is None:
        return NOTHING
    return f"{milliseconds / 1000:.1f} s" if milliseconds >= 1000 else f"{milliseconds:.0f} ms"


def _mib(count: int) -> str:
    return f"{count / 2**20:.0f} MiB"


def _kib(count: int) -> str:
    return f"{count / 2**10:.0f} KiB"
