"""Tandem's own file, written task by task: JSON with everything, which tandem.py reads again."""

import json
from collections.abc import AsyncIterator
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from app.domain.carried import Board, Load, Task
from app.domain.errors import Invalid
from app.domain.tasks import PRIORITIES

FORMAT, VERSION = "tandem", 1


async def lines(load: Load, at: datetime) -> AsyncIterator[str]:
    """The file, as of a moment, a line for each person and task, some lines at a time."""
    head: dict[str, Any] = {"format": FORMAT, "version": VERSION, "exported_at": at}
    if load.workspace:
        head["workspace"] = load.workspace
    people = [{"id": id} | vars(someone) for id, someone in load.people.items()]
    yield "{" + "".join(f"\n{_json(name)}: {_json(value)}," for name, value in head.items())
    yield f'\n"people": [{_listed(people)}\n],\n"boards": ['
    board, is_first = -1, True
    async for part in load.tasks:
        out = []
        for task in part:
            if isinstance(task, Invalid):
                raise task
            while board < task.board:
                board, is_first = board + 1, True
                out.append(_opened(load.boards[board], board))
            out.append(("\n" if is_first else ",\n") + _json(_task(task)))
            is_first = False
        yield "".join(out)
    empty = range(board + 1, len(load.boards))
    yield "".join(_opened(load.boards[place], place) for place in empty) + ("\n]}" if load.boards else "") + "\n]\n}\n"


def _opened(board: Board, place: int) -> str:
    """The beginning of a board, up to its tasks, and the end of the one before."""
    return ("\n]}," if place else "") + f'\n{_json(board)[:-1]}, "tasks": ['


def _task(task: Task) -> dict[str, Any]:
    return {
        "lane": task.lane + 1,
        "title": task.title,
        "description": task.description,
        "priority": PRIORITIES[task.priority],
        "due_on": task.due_on,
        "completed_at": task.completed_at,
        "created_by": task.author,
        "created_at": task.created_at,
        "assignees": task.assignees,
        "comments": task.comments,
        "files": task.files,
    }


def _listed(values: list[Any]) -> str:
    return ",".join(f"\n{_json(value)}" for value in values)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    """Moments and days as ISO 8601 has them, dataclasses field by field."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return {field.name: getattr(value, field.name) for field in fields(value)}
