"""Files that are to be imported, as the readers of formats make them."""

from collections.abc import AsyncIterator
from dataclasses import replace

from app.domain.carried import Board, Load, Row, Someone, Task


def a_load(*rows: Row, people: dict[int, Someone] | None = None, board: Board | None = None) -> Load:
    async def parts() -> AsyncIterator[list[Row]]:
        yield list(rows)

    return Load("csv", people or {}, [board or Board("Beta", ("Now", "Later"))], parts())


def a_task(title: str = "Book the venue", **more) -> Task:
    return replace(Task("Row 2", 0, 0, 0, title), **more)
