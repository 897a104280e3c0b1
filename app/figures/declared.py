"""The table of figures: what each is called, what it means, and how it is counted. docs/metrics.md has the same rows.

A figure has one label at most, whose values are all known here: nothing that people type, and no id, makes a series.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

from app.figures.memory import Memory

Kind = Literal["counter", "gauge", "histogram"]
_places = count()
FIGURES: dict[str, "Figure"] = {}
"""By name, in the order of the table."""


@dataclass(frozen=True)
class Figure:
    """`values` are those of its label; `bounds` those of a histogram's buckets, in seconds, the last without an end."""

    name: str
    kind: Kind
    meaning: str
    label: str = ""
    values: tuple[str, ...] = ("",)
    bounds: tuple[float, ...] = ()
    is_shared: bool = False
    """Of this Tandem as a whole: no worker counts it."""
    places: dict[str, int] = field(default_factory=dict)
    """Where its series stand in a row."""

    def __post_init__(self) -> None:
        FIGURES[self.name] = self
        if not self.is_shared:
            self.places.update({series: next(_places) for series in self.series})

    @property
    def series(self) -> tuple[str, ...]:
        """The keys of what is counted: `name`, or `name|value`."""
        if self.kind == "histogram":
            return (*(f"{self.name}|{bound}" for bound in (*self.bounds, "inf")), f"{self.name}|sum")
        return tuple(key(self.name, value) for value in self.values)


class Counter(Figure):
    """Only ever goes up."""

    def add(self, value: str = "", more: float = 1.0) -> None:
        memory.mine[self.places[f"{self.name}|{value}" if value else self.name]] += more


class Gauge(Figure):
    """Is as it is now, in this worker."""

    def set(self, number: float) -> None:
        memory.mine[self.places[self.name]] = number

    def add(self, more: float) -> None:
        memory.mine[self.places[self.name]] += more


class Histogram(Figure):
    """How long something took, in seconds."""

    def observe(self, seconds: float) -> None:
        """What comes out negative, as between machines whose clocks differ, counts as nothing."""
        first, seconds = self.places[f"{self.name}|{self.bounds[0]}"], max(seconds, 0.0)
        memory.mine[first + bisect_left(self.bounds, seconds)] += 1.0
        memory.mine[first + len(self.bounds) + 1] += seconds


def key(name: str, value: str = "") -> str:
    return f"{name}|{value}" if value else name


def counter(name: str, meaning: str, label: str = "", values: Sequence[str] = ("",)) -> Counter:
    return Counter(name, "counter", meaning, label, tuple(values))


def gauge(name: str, meaning: str) -> Gauge:
    return Gauge(name, "gauge", meaning)


def shared(name: str, meaning: str, label: str = "", values: Sequence[str] = ("",)) -> Figure:
    return Figure(name, "gauge", meaning, label, tuple(values), is_shared=True)


SECONDS = (
    0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075,
    0.1, 0.15, 0.25, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 10.0,
)  # fmt: skip
"""Close enough to each other that a median read off them is off by a quarter at most."""


def histogram(name: str, meaning: str) -> Histogram:
    return Histogram(name, "histogram", meaning, bounds=SECONDS)


NOT_LET_IN = ("path", "origin", "token", "protocol", "address", "crowd")
CUT_OFF = ("silent", "too-fast", "bad-frame", "not-reading")
OUTCOMES = ("done", "not-found", "not-allowed", "invalid", "conflict", "busy", "too-fast", "signed-out", "failed")
PARTS = ("database", "schema", "redis", "workers", "scheduler", "disk", "mail")
"""What a Tandem stands on, as health.py looks at it."""

CONNECTIONS = gauge("tandem_connections", "WebSocket connections that are open.")
TABS = gauge("tandem_tabs", "Tabs that show something: a connection that has opened a page.")
ROOMS = gauge("tandem_rooms", "Rooms: boards, tasks, lists and inboxes that are drawn for somebody.")
MEMORY = gauge("tandem_memory_bytes", "Resident memory of the worker, what workers share with each other included.")
MEMORY_AT_START = gauge("tandem_memory_at_start_bytes", "The same when the worker had just started.")
RUNNING = gauge("tandem_commands_running", "Commands that are being carried out.")
WAITING_TO_READ = gauge("tandem_readers_waiting", "Drawings that wait in line for the database.")
BUS_UP = gauge("tandem_doorbells_ring", "1 while the worker hears and rings doorbells, 0 while Redis is away.")
STARTED = gauge("tandem_worker_start_time_seconds", "When the worker started, in seconds since 1970.")

ACCEPTED = counter("tandem_handshakes", "WebSocket connections that were let in.")
REFUSED = counter(
    "tandem_handshakes_refused", "WebSocket connections that were not let in, by reason.", "reason", NOT_LET_IN
)
CUT = counter("tandem_connections_cut", "Connections that were cut off, by reason.", "reason", CUT_OFF)
COMMANDS = counter("tandem_commands", "Commands, by what became of them.", "outcome", OUTCOMES)
COMMAND_SECONDS = histogram("tandem_command_seconds", "From a command's arrival to its answer, refused ones included.")
OPENED = counter("tandem_pages_opened", "Pages that were opened, or opened again after a broken connection.")
RUNG = counter("tandem_doorbells_published", "Doorbells that were sent to Redis.")
HEARD = counter("tandem_doorbells_received", "Doorbells that came from Redis.")
DROPPED = counter("tandem_doorbells_dropped", "Doorbells that were not sent: too many were waiting for Redis.")
BUS_LOST = counter("tandem_redis_lost", "Times that a worker lost Redis.")
SAFETY = counter("tandem_safety_hits", "News that the safety query found before a doorbell told of them.")
CAUGHT_UP = counter("tandem_catch_ups", "Tabs that came to a room and were sent its drawing.")
DRAWN_ANEW = counter("tandem_drawings_anew", "Drawings that were read whole, not from what changed.")
PATCHES = counter("tandem_patches", "Patches that were made, each once for all tabs of a room.")
DELIVERIES = counter("tandem_deliveries", "Patches that were sent to tabs, each tab counted.")
SENT_BYTES = counter("tandem_sent_bytes", "Bytes of patches that were sent to tabs.")
EMIT_SECONDS = histogram(
    "tandem_event_to_emit_seconds", "From the moment of a change to the patch with it, on each worker that shows it."
)
PAINTED_SECONDS = histogram(
    "tandem_painted_seconds", "From the moment of a change to its being drawn on a screen, as tabs report it."
)
MAIL = counter("tandem_mail", "E-mail, by what became of each try.", "outcome", ("sent", "put-off", "given-up"))
PUSHED = counter("tandem_pushes", "Pushes, by what became of each try.", "outcome", ("sent", "put-off", "given-up"))
DATABASE_BUSY = counter("tandem_database_busy", "Times that the database did not answer, or not in time.")

PEOPLE = shared("tandem_people_online", "People who have a tab open.")
WORKERS = shared("tandem_workers", "Worker processes that give signs of life.")
INSTANCES = shared("tandem_instances", "Programs that have such workers: one a machine or container.")
WHOLE = shared("tandem_figures_whole", "1 if these are the figures of all workers, 0 while Redis is away.")
PART_UP = shared("tandem_part_up", "1 if a part is well, 0 if it is not: as /health says.", "part", PARTS)
OUTBOX = shared("tandem_outbox", "What is to go out, and what was given up.", "state", ("waiting", "given-up"))

memory = Memory(
    next(_places), [place for figure in FIGURES.values() if figure.kind == "gauge" for place in figure.places.values()]
)
"""Where this process counts."""
