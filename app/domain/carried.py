"""What is carried out of a Tandem or into one, whatever kind of file it is in: boards, their tasks, what was said.

People have ids that hold within one file. Whoever made a task or said something is there by name alone: what a file
claims is never put into the mouth of somebody with an account here (models.py, `author`).
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.domain import limits
from app.domain.comments import Earlier
from app.domain.errors import Invalid


@dataclass(frozen=True)
class Someone:
    """`email` is empty where it is nobody's business, `role` for whoever is no member."""

    name: str
    email: str = ""
    role: str = ""


@dataclass(frozen=True)
class Workspace:
    name: str
    description: str = ""
    shows_people: bool = True


@dataclass(frozen=True)
class Board:
    """`insiders` are those on the list of a private one."""

    name: str
    lanes: tuple[str, ...]
    created_at: datetime | None = None
    archived_at: datetime | None = None
    is_private: bool = False
    insiders: tuple[int, ...] = ()


@dataclass(frozen=True)
class Reaction:
    kind: str
    person: int
    at: datetime


@dataclass(frozen=True)
class Comment:
    """`body` mentions people as `@[Ben](person:2)`, by their id in the file; without an author it is the importer's."""

    body: str
    author: str = ""
    at: datetime | None = None
    edited_at: datetime | None = None
    earlier: tuple[Earlier, ...] = ()
    reactions: tuple[Reaction, ...] = ()


@dataclass(frozen=True)
class File:
    """That there was one: its bytes stay where they are."""

    name: str
    size: int
    type: str
    sha256: str
    added_by: str
    added_at: datetime


@dataclass(frozen=True)
class Task:
    """`place` says where it stands in its file, "Row 17"; `board` and `lane` count from 0, and so does `order` there.

    `notes` are what has no place of its own here, as it is to be read.
    """

    place: str
    board: int
    lane: int
    order: int
    title: str
    description: str = ""
    priority: int = 0
    due_on: date | None = None
    author: str = ""
    created_at: datetime | None = None
    completed_at: datetime | None = None
    assignees: tuple[int, ...] = ()
    comments: tuple[Comment, ...] = ()
    files: tuple[File, ...] = ()
    notes: tuple[str, ...] = ()


Row = Task | Invalid
"""A task of a file, or why what stands in its place cannot be one."""


@dataclass(frozen=True)
class Load:
    """All that is in a file, or is to be written into one; the tasks come some at a time, board by board.

    `source` is what kind of file it is: tandem, csv or trello.
    """

    source: str
    people: Mapping[int, Someone]
    boards: Sequence[Board]
    tasks: AsyncIterator[Sequence[Row]]
    workspace: Workspace | None = None


@dataclass
class Tally:
    """How much comes, by board and lane; `add` refuses what is too much."""

    boards: Sequence[Board]
    tasks: Counter[tuple[int, int]] = field(default_factory=Counter)
    comments: int = 0

    def of(self, board: int) -> int:
        return sum(self.tasks[board, lane] for lane in range(len(self.boards[board].lanes)))

    def add(self, task: Task) -> None:
        if not (0 <= task.board < len(self.boards) and 0 <= task.lane < len(self.boards[task.board].lanes)):
            raise Invalid(f"{task.place}: There is no such lane.")
        self.tasks[task.board, task.lane] += 1
        self.comments += len(task.comments)
        if self.of(task.board) > limits.OPEN_TASKS:
            name = self.boards[task.board].name
            raise Invalid(f"{task.place}: A board holds {limits.OPEN_TASKS:,} tasks at most, and “{name}” has more.")
