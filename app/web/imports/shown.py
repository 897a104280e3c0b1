"""What a tab is shown of a file that is to be imported."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """Of a table: what it is called, a cell of it, and what it means."""

    place: int
    name: str
    example: str
    meaning: str


@dataclass(frozen=True)
class Coming:
    """A board that would come, and how many tasks into which of its lanes."""

    name: str
    lanes: list[str]
    tasks: int
