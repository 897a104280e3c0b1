"""Tandem's own file, written task by task: JSON with everything, which tandem.py reads again."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from app.domain.carried import Board, Load, Row, Task
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
    boards = _Boards(load.boards)
    async for part in load.tasks:
        yield await asyncio.to_thread(boards.going_on, part)
    yield boards.end()


class _Boards:
    """The boards as they are written, and how far that is."""

    def __init__(self, boards: Sequence[Board]) -> None:
        self._boards, self._open = boards, -1
        self._has_tasks = False

    def going_on(self, tasks: Sequence[Row]) -> str:
        return "".join(self._next(task) for task in tasks)

    def end(self) -> str:
        return self._up_to(len(self._boards) - 1) + ("\n]}" if self._boards else "") + "\n]\n}\n"

    def _next(self, task: Row) -> str:
        if isinstance(task, Invalid):
            raise task
        before = self._up_to(task.board) + ("," if self._has_tasks else "")
        self._has_tasks = True
        return f"{before}\n{_json(_task(task))}"

    def _up_to(self, place: int) -> str:
        """The ends and beginnings of boards on the way to this one."""
        out = ""
        while self._open < place:
            out += "\n]}," if self._open >= 0 else ""
            self._open, self._has_tasks = self._open + 1, False
            out += f'\n{_json(self._boards[self._open])[:-1]}, "tasks": ['
        return out


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
