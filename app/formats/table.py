"""The tasks of a board or a workspace as a table for spreadsheets: a row each. What was said is counted only."""

from collections.abc import AsyncIterator

from app.domain.carried import Load, Task
from app.domain.errors import Invalid
from app.domain.tasks import PRIORITIES
from app.formats import cells

BOM = "\ufeff"
"""By which spreadsheets tell that the file is in UTF-8."""
COLUMNS = (
    "board",
    "lane",
    "title",
    "description",
    "priority",
    "due_on",
    "completed_at",
    "assignees",
    "created_by",
    "created_at",
    "comments",
    "files",
)


async def lines(load: Load) -> AsyncIterator[str]:
    """The file, some rows at a time. sheet.py reads it again."""
    yield BOM + cells.lines([COLUMNS])
    async for part in load.tasks:
        yield cells.lines([_row(load, task) for task in part])


def _row(load: Load, task: Task | Invalid) -> list[str]:
    if isinstance(task, Invalid):
        raise task
    board = load.boards[task.board]
    return [
        board.name,
        board.lanes[task.lane],
        task.title,
        task.description,
        PRIORITIES[task.priority],
        task.due_on.isoformat() if task.due_on else "",
        task.completed_at.isoformat() if task.completed_at else "",
        "; ".join(load.people[id].name for id in task.assignees),
        task.author,
        task.created_at.isoformat() if task.created_at else "",
        str(len(task.comments)),
        "; ".join(file.name for file in task.files),
    ]
