"""A CSV file of tasks, whatever its columns: which means what is chosen, and guessed from their names at first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from app.domain import limits
from app.domain.boards import FIRST_LANES
from app.domain.carried import Board, Row, Someone, Task, Workspace
from app.domain.errors import Invalid
from app.formats import reading
from app.formats.grid import Grid
from app.formats.source import Kind

Meaning = Literal[
    "title", "description", "lane", "priority", "due", "completed", "people", "author", "created", "note", "nothing"
]
MEANINGS: tuple[Meaning, ...] = get_args(Meaning)
ONCE = [meaning for meaning in MEANINGS if meaning not in ("note", "nothing")]
"""What only one column can mean."""
MOMENTS: tuple[Meaning, ...] = ("due", "created", "completed")
NAMES: dict[Meaning, tuple[str, ...]] = {
    "title": ("title", "task", "name", "summary", "card", "card name", "task name", "subject", "to do", "todo"),
    "description": ("description", "notes", "note", "details", "card description", "body", "text"),
    "lane": ("lane", "list", "status", "column", "state", "section", "section/column", "list name", "stage"),
    "priority": ("priority", "importance", "urgency"),
    "due": ("due", "due on", "due date", "deadline", "duedate", "date due"),
    "completed": ("completed", "completed at", "done", "is done", "finished", "complete", "date completed"),
    "people": ("assignees", "assignee", "assigned to", "owner", "people", "members", "responsible", "who"),
    "author": ("created by", "author", "creator", "reporter"),
    "created": ("created at", "created", "created on", "date created", "creation date"),
    "nothing": ("board", "comments", "files", "id", "task id", "card id"),
}
"""By what names other programs call them, and our own table."""
_MEANING_OF: dict[str, Meaning] = {name: meaning for meaning, names in NAMES.items() for name in names}
Values = Mapping[Meaning, Sequence[tuple[str, str]]]
"""What a row has of each, with the names of the columns."""


@dataclass(frozen=True)
class Reading:
    """How a file is to be read: what its columns mean, in order, and in which order its days are written.

    What is left out is guessed.
    """

    meanings: tuple[Meaning, ...] = ()
    days: reading.Days | None = None


GUESSED = Reading()


class Sheet:
    kind: Kind = "csv"
    workspace: Workspace | None = None
    remarks: Sequence[str] = ()

    def __init__(self, path: Path, name: str, how: Reading = GUESSED) -> None:
        """`name` is that of the board that comes of it."""
        self._grid = Grid(path)
        self.header, self.example = self._grid.header, self._grid.example
        self.meanings = how.meanings or guessed(self.header)
        _require_sense(self.meanings, self.header)
        self._lanes: dict[str, int] = {}
        self._keys: dict[str, int] = {}
        days: reading.Days | None = None
        for _, values, _ in self._values():
            self._note(values)
            days = days or next((order for order in map(reading.order_of, _days(values)) if order), None)
        self.days: reading.Days = how.days or days or "ymd"
        self.boards = [Board(name, tuple(self._lanes) or FIRST_LANES)]
        self.people = {id: Someone(name, name if "@" in name else "") for name, id in self._keys.items()}

    def rows(self) -> Iterator[Row]:
        orders: dict[int, int] = {}
        for number, values, surplus in self._values():
            try:
                if surplus:
                    raise Invalid(
                        f"it has {len(self.header) + surplus} cells, and the first row names {len(self.header)}."
                    )
                task = self._task(f"Row {number}", values)
            except Invalid as refusal:
                yield Invalid(f"Row {number}: {refusal.sentence}")
                continue
            orders[task.lane] = orders.get(task.lane, -1) + 1
            yield replace(task, order=orders[task.lane])

    def _task(self, where: str, values: Values) -> Task:
        one = {meaning: found[0][1] for meaning, found in values.items()}
        completed_at = reading.completed(one.get("completed", ""), self.days)
        return Task(
            place=where,
            board=0,
            lane=self._lane(one.get("lane", ""), completed_at is not None),
            order=0,
            title=one["title"],
            description=one.get("description", ""),
            priority=reading.priority(one.get("priority", "")),
            due_on=reading.day(one.get("due", ""), self.days),
            author=one.get("author", ""),
            created_at=reading.moment(one.get("created", ""), self.days),
            completed_at=completed_at,
            assignees=tuple(self._keys[name] for name in reading.names(one.get("people", ""))),
            notes=tuple(f"{name}: {written}" for name, written in values.get("note", ()) if written),
        )

    def _lane(self, written: str, is_done: bool) -> int:
        if not self._lanes:  # The file has none, so the board has those of every new one.
            return len(FIRST_LANES) - 1 if is_done else 0
        return self._lanes[_lane_name(written)]

    def _note(self, values: Values) -> None:
        """Which lanes and people there are."""
        for column, written in values.get("lane", ()):
            self._lanes.setdefault(_lane_name(written), len(self._lanes))
            if len(self._lanes) > limits.LANES:
                raise Invalid(
                    f"The column “{column}” has more than {limits.LANES} different values, and a board has "
                    f"{limits.LANES} lanes at most. Choose another column for the lane, or none."
                )
        for _, written in values.get("people", ()):
            for name in reading.names(written):
                self._keys.setdefault(name, len(self._keys) + 1)

    def _values(self) -> Iterator[tuple[int, Values, int]]:
        """Each row by its number, and how many cells stand in it that no column is named for."""
        for number, row in self._grid.rows():
            values: dict[Meaning, list[tuple[str, str]]] = {}
            for name, meaning, cell in zip(self.header, self.meanings, row, strict=False):
                values.setdefault(meaning, []).append((name, cell))
            yield number, values, len(row) - len(self.header)


def _days(values: Values) -> Iterator[str]:
    """What stands in it that says a day, or a moment."""
    return (written for meaning in MOMENTS for _, written in values.get(meaning, ()))


def guessed(header: Sequence[str]) -> tuple[Meaning, ...]:
    """What columns of these names mean, most probably. Without a title the first one has it; all else is a note."""
    found: list[Meaning] = []
    for name in header:
        plain = " ".join(name.replace("_", " ").casefold().split())
        meaning = _MEANING_OF.get(plain, "note")
        found.append("note" if meaning in ONCE and meaning in found else meaning)
    if "title" not in found:
        found[0] = "title"
    return tuple(found)


def _require_sense(meanings: Sequence[Meaning], header: Sequence[str]) -> None:
    if len(meanings) != len(header):
        raise Invalid("These are not the columns of this file. Choose the file anew.")
    for meaning in ONCE:
        if meanings.count(meaning) > 1:
            raise Invalid(f"Two columns are chosen as {meaning}. Choose one of them; the other can be kept as a note.")
    if "title" not in meanings:
        raise Invalid("Choose the column that has the titles of the tasks.")


def _lane_name(written: str) -> str:
    return " ".join(written.split()) or FIRST_LANES[0]
