"""Reflex's own way of one state for many people: rx.SharedState, with the board's tasks in a list var."""

from typing import Any

import reflex as rx

from bench.rivals.database import Pool

_pool = Pool()
REST = {"is_done": False, "priority": 0, "due_on": "", "assignees": [], "has_description": False}
"""What our cards have besides."""


class Board(rx.SharedState):
    """Linked under the board's id; every var goes to everyone who is linked, whole, when it changes."""

    revision: int = 0
    tasks: list[dict[str, Any]] = []  # noqa: RUF012 - Reflex copies it for each state

    @rx.event
    async def join(self, board: int):
        shared = await self._link_to(f"board-{board}")
        if not shared.tasks:
            shared.revision, tasks = await _pool.board(board)
            shared.tasks = [
                {"id": id, "lane": lane, "rank": rank, "title": title, **REST}
                for id, (lane, rank, title) in tasks.items()
            ]

    @rx.event
    async def move(self, board: int, task: int, lane: int):
        self.revision, _ = await _pool.move(board, task, lane)
        for one in self.tasks:
            if one["id"] == task:
                one["lane"], one["rank"] = lane, self.revision


def index() -> rx.Component:
    return rx.el.div(
        rx.el.p(Board.revision),
        rx.foreach(Board.tasks, lambda task: rx.el.p(task["title"], key=task["id"].to_string())),
    )


app = rx.App()
app.add_page(index)
