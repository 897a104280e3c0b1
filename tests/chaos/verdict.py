"""Whether all is well afterwards: every screen equals the database, which holds what it acknowledged, once."""

import asyncio
import dataclasses
import json
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from app.db import Database
from app.domain.drawings.board import BoardDrawing
from app.domain.drawings.home import HomeDrawing
from app.domain.drawings.task import TaskDrawing
from app.domain.models import Change, Lane, Task
from app.domain.streams import STREAMS, topic
from app.web.deltas import HOMES
from tests.chaos.doorbells import silent
from tests.chaos.ledger import Entry, Ledger
from tests.chaos.player import Player
from tests.chaos.witness import Witness, misled
from tests.live.page import short
from tests.support.log import unfolded
from tests.support.world import drawn

SETTLING = 10.0
"""Seconds after the last change, after which every screen must be right."""
QUIET, ENDLESS = 1.0, 60.0
"""Seconds without a change, after which all that people asked for is done; and seconds that this may take."""
APOLOGY = "Something went wrong on our side"
CHAINED = ("was the direct cause of the following exception:", "another exception occurred:")
"""How Python links a traceback to the one that follows."""


@dataclass
class Verdict:
    """Each list says what is wrong, in words; all are empty when all is well."""

    unequal: list[str] = field(default_factory=list)
    misled: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    went_back: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    stumbled: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    done_after: float = 0.0
    """Seconds until the last command was carried out that had been sent."""
    settled_after: float = 0.0
    """Seconds from then until every screen was right."""
    unsure: int = 0
    """Texts whose author was told that they were not saved, and that were saved."""

    @property
    def complaints(self) -> list[str]:
        screens = (self.unequal, self.misled, self.went_back, self.silent)
        kept = (self.lost, self.doubled, self.disordered, self.stumbled)
        return [complaint for complaints in (*screens, *kept) for complaint in complaints]


async def judge(
    db: Database, players: Sequence[Player], looking: Sequence[Witness], ledger: Ledger, log: str
) -> Verdict:
    """Let what was asked for be done; wait until every screen is right, SETTLING seconds at most; look at the rest."""
    verdict = Verdict(done_after=await _work_is_done(db))
    started = time.monotonic()
    while unequal := await _unequal(db, players):
        if time.monotonic() - started > SETTLING:
            verdict.unequal = unequal
            break
        await asyncio.sleep(0.2)
    verdict.misled = await misled(db, looking, started + SETTLING)
    verdict.settled_after = time.monotonic() - started
    verdict.went_back = [f"{player.name}: {player.client.went_back}" for player in players if player.client.went_back]
    await _judge_texts(db, ledger, verdict)
    verdict.disordered = [*await _gaps(db), *await _misplaced(db)]
    verdict.stumbled = [*tracebacks(log), *_apologies(players, ledger)]
    verdict.silent = [] if verdict.unequal else await silent(players)
    return verdict


async def _work_is_done(db: Database) -> float:
    """Wait until nothing changes any more; after how many seconds the last change was seen."""
    started = last = time.monotonic()
    count = -1
    while time.monotonic() - last < QUIET:
        async with db.reading() as tx:
            newest = (await tx.session.execute(select(func.count()).select_from(Change))).scalar_one()
        if newest != count:
            count, last = newest, time.monotonic()
        assert last - started < ENDLESS, "Commands of people are still carried out, a minute after the last was sent."
        await asyncio.sleep(0.1)
    return last - started


async def _unequal(db: Database, players: Sequence[Player]) -> list[str]:
    """Who shows something else than a fresh reading, with what is known about them."""
    boards = {id: _json(await drawn(db, BoardDrawing(id))) for id in {player.board_id for player in players}}
    tasks = {id: await drawn(db, TaskDrawing(id)) or {} for id in {player.open_task for player in players} if id}
    complaints = []
    for player in players:
        shown, expected = dict(player.client.board), dict(boards[player.board_id])
        home = await drawn(db, HomeDrawing(player.person_id)) or {}
        for key, entity in {**home, **tasks.get(player.open_task, {})}.items():
            store = player.client.store.get(short(HOMES[type(entity)].get_full_name()), {})
            shown[key], expected[key] = store.get(key), entity
        expected |= _json({key: entity for key, entity in expected.items() if dataclasses.is_dataclass(entity)})
        freshness = player.client.store.get("freshness", {})
        shown["is_slow"], expected["is_slow"] = freshness.get("is_slow", False), False
        shown["nearby"] = sorted(player.client.store.get("nearby", {}).get("people", ()))
        expected["nearby"] = sorted(other.person_id for other in players if other.board_id == player.board_id)
        if differences := _differences(shown, expected):
            complaints.append(f"{_whereabouts(player)}:\n  " + "\n  ".join(text[:400] for text in differences[:4]))
    return complaints


def _whereabouts(player: Player) -> str:
    client = player.client
    state = [word for word in ("connected", "drawn", "dismissed") if getattr(client, f"is_{word}")]
    door = client.store.get("door", {}).get("sentence", "")
    return (
        f"{player.name} at {player.path} on worker {client.worker or 'none'}, {' and '.join(state) or 'offline'} "
        f"({client.connections} connections), door {door!r}, last revisions {client.revisions[-5:]}, "
        f"toasts {client.toasts}"
    )


def _json(entities: dict[str, Any] | None) -> dict[str, Any]:
    """As it arrives in a browser."""
    return {key: json.loads(json.dumps(dataclasses.asdict(entity))) for key, entity in (entities or {}).items()}


def _differences(shown: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    keys = [key for key in {**shown, **expected} if shown.get(key) != expected.get(key)]
    return [f"{key}: shown {shown.get(key)}, expected {expected.get(key)}" for key in keys]


async def _judge_texts(db: Database, ledger: Ledger, verdict: Verdict) -> None:
    """What was acknowledged is there; nothing is there twice."""
    recorded, ids = Counter[str](), {}
    async with db.reading() as tx:
        query = select(Change.kind, Change.entity_id, Change.details)
        changes = (await tx.session.execute(query.where(col(Change.entity) == "task"))).all()
        tasks = set((await tx.session.execute(select(Task.id))).scalars())
        titles = Counter((await tx.session.execute(select(Task.title))).scalars())
    for kind, entity_id, details in changes:
        text = details.get("title" if kind == "task.added" else "to")
        if isinstance(text, str) and (entry := ledger.entries.get(text)) and entry.kind == kind:
            recorded[text] += 1
            ids[text] = entity_id
    for entry in ledger.acknowledged:
        if not recorded[entry.text]:
            verdict.lost.append(f"lost: {_told(entry)}")
        elif ids[entry.text] not in tasks:
            verdict.lost.append(f"recorded, and no such task: {_told(entry)}")
    verdict.doubled = [f"{count} times recorded: {text}" for text, count in recorded.items() if count > 1]
    verdict.doubled += [f"{count} tasks are called {title}" for title, count in titles.items() if count > 1]
    verdict.unsure = sum(entry.is_refused and entry.text in recorded for entry in ledger.entries.values())


def _told(entry: Entry) -> str:
    waited = entry.acknowledged_at - entry.sent_at
    return f"{entry.kind} {entry.text!r}, acknowledged {waited:.3f} s after it was sent"


async def _gaps(db: Database) -> list[str]:
    """Topics whose changes are not numbered from 1 to their revision."""
    complaints = []
    async with db.reading() as tx:
        query = select(Change.topic, func.count(), func.min(Change.revision), func.max(Change.revision))
        found = {row[0]: row[1:] for row in (await tx.session.execute(query.group_by(col(Change.topic)))).all()}
        for noun, table in STREAMS.items():
            for id, revision in (await tx.session.execute(select(table.id, table.revision))).all():
                count, least, most = found.get(topic(noun, id), (0, 1, 0))
                if (count, least, most) != (revision, 1, revision):
                    complaints.append(f"{noun}:{id} is at {revision}, with {count} changes from {least} to {most}")
    return complaints


async def _misplaced(db: Database) -> list[str]:
    """Tasks that share a rank, or that are in a lane of another board."""
    async with db.reading() as tx:
        alive = select(Task.lane_id, Task.rank, func.count()).where(col(Task.trashed_at).is_(None))
        shared = alive.group_by(col(Task.lane_id), col(Task.rank)).having(func.count() > 1)
        astray = (
            select(Task.id)
            .join(Lane, col(Lane.id) == col(Task.lane_id))
            .where(col(Lane.board_id) != col(Task.board_id))
        )
        ranks = (await tx.session.execute(shared)).all()
        strays = (await tx.session.execute(astray)).scalars().all()
    return [f"{count} tasks of lane {lane} have rank {rank}" for lane, rank, count in ranks] + [
        f"task {id} is in a lane of another board" for id in strays
    ]


def tracebacks(log: str) -> list[str]:
    """How those in the log end, each kind once and how often; of a chain, the last."""
    endings = Counter[str]()
    for block in unfolded(log).split("Traceback (most recent call last):\n")[1:]:
        if not block.rstrip().endswith(CHAINED):
            endings[next((line[:300] for line in block.splitlines() if re.match(r"\S", line)), "?")] += 1
    return [f"{count} tracebacks in the log: {ending}" for ending, count in endings.items()]


def _apologies(players: Sequence[Player], ledger: Ledger) -> list[str]:
    """Whoever was told that something went wrong with us."""
    asked = [player.name for player in players if "apologise" in json.dumps(player.client.events)]
    told = [text for text in ledger.told if APOLOGY in text]
    return [f"{name} was sent an apology" for name in asked] + [f"somebody was told: {text}" for text in told]
