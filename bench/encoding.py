"""`bin/bench encoding`: what the socket's JSON costs, as Reflex encodes it and with orjson, in this process.

orjson is not one of the program's packages: this wants it installed beside them.
"""

import json
import time
from collections.abc import Callable
from statistics import median
from types import SimpleNamespace
from typing import Any

import orjson
from reflex.app import StateUpdate
from reflex_base.utils import serializers
from reflex_base.utils.format import json_dumps
from socketio.packet import EVENT, Packet

from app.domain.snapshots import BoardHeader, LaneView, PersonCard, TaskCard
from app.web import deltas
from bench.machine import description

ROUNDS = 7
SECONDS = 0.15
OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS
HEAD = """\
| what | bytes | Reflex's JSON (µs) | orjson (µs) | ratio (least to most) | the whole packet (µs) |
|---|---|---|---|---|---|"""


def quick_dumps(data: Any, **_: object) -> str:
    """orjson knows dataclasses, except that Reflex leaves the empty fields of an update out; for the rest it asks."""
    if isinstance(data, list):
        data = [serializers.serialize(part) if isinstance(part, StateUpdate) else part for part in data]
    return orjson.dumps(data, default=serializers.serialize, option=OPTIONS).decode()


def card(id: int) -> TaskCard:
    return TaskCard(id, 3, f"Draw the logo, number {id}", False, 2, "2027-03-31", (1, 2), True, 3, 4)


def moved() -> dict[str, Any]:
    lanes = [LaneView(3, "Doing", 50, tuple(range(1000, 1050))), LaneView(4, "Done", 49, tuple(range(2000, 2049)))]
    return {"t17": card(17)} | {f"l{lane.id}": lane for lane in lanes}


def drawing() -> dict[str, Any]:
    lanes = [LaneView(n, f"Lane {n}", 50, tuple(range(n * 100, n * 100 + 50))) for n in (1, 2, 3)]
    people = [PersonCard(n, f"Person {n}", "PE", "teal", "member") for n in range(1, 6)]
    header = BoardHeader(12, "Launch", False, 3, "Tandem", (1, 2, 3), tuple(range(1, 6)))
    cards = {f"t{id}": card(id) for lane in lanes for id in lane.tasks}
    return {"h": header} | {f"l{n.id}": n for n in lanes} | {f"p{n.id}": n for n in people} | cards


def microseconds(work: Callable[[], object]) -> float:
    times, end = [], time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        started = time.perf_counter_ns()
        for _ in range(10):
            work()
        times.append((time.perf_counter_ns() - started) / 10_000)
    return median(times)


def row(words: str, size: int, slow: Callable[[], object], quick: Callable[[], object], whole: str) -> str:
    pairs = [(microseconds(slow), microseconds(quick)) for _ in range(ROUNDS)]
    ratios = [mine / theirs for theirs, mine in pairs]
    ours, theirs = median(mine for _, mine in pairs), median(their for their, _ in pairs)
    spread = f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    return f"| {words} | {size:,} | {theirs:.1f} | {ours:.1f} | {spread} | {whole} |"


def encoded(words: str, entities: dict[str, Any]) -> str:
    data = ["event", StateUpdate(delta=deltas.patch(entities, {}, 41))]
    compact = (",", ":")
    slow, quick = json_dumps(data, separators=compact), quick_dumps(data)
    assert slow == quick, f"They differ:\n{slow}\n{quick}"
    packet = microseconds(lambda: Packet(EVENT, data, namespace="/_event").encode())
    size = len(slow.encode())
    return row(words, size, lambda: json_dumps(data, separators=compact), lambda: quick_dumps(data), f"{packet:.1f}")


def main() -> None:
    print(description(), HEAD, sep="\n\n", flush=True)
    Packet.json = SimpleNamespace(dumps=json_dumps, loads=json.loads)
    print(encoded("encode a patch of one card", {"t17": card(17)}), flush=True)
    print(encoded("encode the patch of a move: a card, two lanes of 50", moved()), flush=True)
    print(encoded("encode a first drawing, 3 lanes of 50 cards", drawing()), flush=True)
    place = {"pathname": "/b/12", "asPath": "/b/12", "query": {"board": "12"}}
    event = {"name": "reflex___state____state.app___web___board___state____board_page.shift_task"}
    text = json.dumps(["event", event | {"payload": {"task_id": 17, "where": "top"}, "router_data": place}])
    print(row("decode an event", len(text), lambda: json.loads(text), lambda: orjson.loads(text), "-"), flush=True)


if __name__ == "__main__":
    main()
