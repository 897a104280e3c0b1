"""The figures as JSON for those who look after a Tandem: what there is now, and what happened in the last minute."""

from datetime import UTC, datetime
from typing import Any

from app.figures import declared as d
from app.figures import quantiles
from app.figures.boards import Buckets
from app.figures.history import Lately
from app.figures.shared import Counts, View, WorkerView

MANY = 10
"""Connections from which on it is they, not the first of everything, for which workers have taken memory."""
ALONE = "Redis is away: these are the figures of one machine, and the people of one worker."


def stats(view: View, lately: Lately) -> dict[str, Any]:
    connections, memory = view.total(d.CONNECTIONS.name), view.total(d.MEMORY.name)
    counts = view.counts
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "is_whole": view.is_whole,
        **({} if view.is_whole else {"note": ALONE}),
        "lately_seconds": round(lately.seconds, 1),
        "connections": {"total": int(connections), "by_worker": [_worker(worker) for worker in view.workers]},
        "people_online": len(view.people),
        "rooms": int(view.total(d.ROOMS.name)),
        "event_to_emit_ms": quantiles.milliseconds(d.EMIT_SECONDS, lately.counts),
        "command_ms": quantiles.milliseconds(d.COMMAND_SECONDS, lately.counts),
        "painted_ms": quantiles.milliseconds(d.PAINTED_SECONDS, lately.counts),
        "painted_ms_by_board": painted_by_board(view),
        "doorbells_a_second": {
            "published": lately.a_second(d.RUNG.name),
            "received": lately.a_second(d.HEARD.name),
        },
        "errors": {
            "share_of_commands": error_share(lately),
            "handshakes_refused": _by_value(d.REFUSED, counts),
            "connections_cut": _by_value(d.CUT, counts),
            "commands_refused": {name: n for name, n in _by_value(d.COMMANDS, counts).items() if name != "done"},
        },
        "memory": {
            "total_bytes": int(memory),
            "bytes_per_connection": per_connection(view),
        },
        "catch_ups": int(counts.get(d.CAUGHT_UP.name, 0)),
        "safety_hits": int(counts.get(d.SAFETY.name, 0)),
        "totals": {
            figure.name: int(sum(counts.get(key, 0) for key in figure.series))
            for figure in d.FIGURES.values()
            if figure.kind == "counter"
        },
    }


def error_share(lately: Lately) -> float:
    """The share of the last minute's commands that were not done."""
    everything = sum(lately.counts.get(key, 0.0) for key in d.COMMANDS.series)
    done = lately.counts.get(f"{d.COMMANDS.name}|done", 0.0)
    return round((everything - done) / everything, 4) if everything else 0.0


def per_connection(view: View) -> int | None:
    """What workers have taken since they started, for each connection that they have; None where those are few."""
    connections = view.total(d.CONNECTIONS.name)
    grown = view.total(d.MEMORY.name) - view.total(d.MEMORY_AT_START.name)
    return int(max(grown, 0) / connections) if connections >= MANY else None


def painted_by_board(view: View) -> list[dict[str, Any]]:
    """Over the last hour, those with most reports first. Names are for who may see a board: here it has its id."""
    return [{"board": id, **_painted(buckets)} for id, buckets in view.boards.told().items()]


def _painted(buckets: Buckets) -> dict[str, Any]:
    return quantiles.milliseconds_of(buckets, d.SECONDS)


def _worker(worker: WorkerView) -> dict[str, Any]:
    gauges = worker.gauges
    return {
        "instance": worker.instance,
        "worker": worker.row,
        "pid": worker.pid,
        "connections": int(gauges.get(d.CONNECTIONS.name, 0)),
        "tabs": int(gauges.get(d.TABS.name, 0)),
        "rooms": int(gauges.get(d.ROOMS.name, 0)),
        "memory_bytes": int(gauges.get(d.MEMORY.name, 0)),
        "doorbells_ring": bool(gauges.get(d.BUS_UP.name, 0)),
    }


def _by_value(figure: d.Figure, counts: Counts) -> dict[str, int]:
    return {value: int(counts.get(d.key(figure.name, value), 0)) for value in figure.values}
